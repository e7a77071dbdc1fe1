import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/wall' },
    { path: '/wall', component: () => import('./wall/Wall.vue'), meta: { page: 'wall' } },
    { path: '/desk', component: () => import('./desk/Desk.vue'), meta: { page: 'desk' } },
    { path: '/field', component: () => import('./field/Field.vue'), meta: { page: 'field' } },
    { path: '/resident', component: () => import('./resident/Resident.vue'), meta: { page: 'resident' } },
    { path: '/:rest(.*)*', redirect: '/wall' },
  ],
})
