import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/wall' },
    { path: '/wall', component: () => import('./wall/Wall.vue'), meta: { page: 'wall' } },
    {
      path: '/desk',
      component: () => import('./desk/Desk.vue'),
      meta: { page: 'desk' },
      children: [
        { path: '', name: 'desk', component: () => import('./desk/shell/FirstPage.vue') },
        { path: 'duty', name: 'duty', component: () => import('./desk/duty/DutyPage.vue') },
        { path: 'queue', name: 'queue', component: () => import('./desk/queue/QueuePage.vue') },
        { path: 'incidents/:id', name: 'incident', component: () => import('./desk/incident/IncidentPage.vue') },
        { path: 'report/new', name: 'report-new', component: () => import('./desk/report/ReportPage.vue') },
        { path: 'dangers', name: 'dangers', component: () => import('./desk/dangers/DangersPage.vue') },
        { path: 'publish/:id?', name: 'publish', component: () => import('./desk/publish/PublishPage.vue') },
        { path: 'speak', name: 'speak', component: () => import('./desk/speak/SpeakPage.vue') },
        { path: 'notify', name: 'notify', component: () => import('./desk/notify/NotifyPage.vue') },
        { path: 'care', name: 'care', component: () => import('./desk/care/CarePage.vue') },
        { path: 'care/:id', name: 'person', component: () => import('./desk/care/PersonPage.vue') },
        { path: 'figures', name: 'figures', component: () => import('./desk/figures/FiguresPage.vue') },
        { path: 'record', name: 'record', component: () => import('./desk/care/RecordPage.vue') },
        { path: 'feeds', name: 'feeds', component: () => import('./desk/feeds/FeedsPage.vue') },
        { path: 'feeds/new', name: 'feed-new', component: () => import('./desk/wizard/WizardPage.vue') },
        { path: 'feeds/:id', name: 'feed', component: () => import('./desk/feeds/FeedPage.vue') },
        { path: 'unknown', name: 'unknown', component: () => import('./desk/unknown/UnknownPage.vue') },
        { path: 'quarantine/:id?', name: 'quarantine', component: () => import('./desk/quarantine/QuarantinePage.vue') },
        { path: 'fieldmap', name: 'fieldmap', component: () => import('./desk/fieldmap/FieldMapPage.vue') },
      ],
    },
    {
      path: '/field',
      component: () => import('./field/Field.vue'),
      meta: { page: 'field' },
      children: [
        { path: '', name: 'field', component: () => import('./field/orders/OrdersPage.vue') },
        { path: 'order/:id', name: 'field-order', component: () => import('./field/order/OrderPage.vue') },
        { path: 'report', name: 'field-report', component: () => import('./field/report/ReportPage.vue') },
        { path: 'messages', name: 'field-messages', component: () => import('./field/messages/MessagesPage.vue') },
        { path: 'me', name: 'field-me', component: () => import('./field/me/MePage.vue') },
      ],
    },
    { path: '/resident', component: () => import('./resident/Resident.vue'), meta: { page: 'resident' } },
    { path: '/:rest(.*)*', redirect: '/wall' },
  ],
})
