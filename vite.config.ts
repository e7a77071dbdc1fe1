import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { fieldWorker } from './server/page-worker.ts'

/** Vant names a font on a server of its maker beside the one that it brings along: nothing in a page is fetched from outside. */
const withoutOutsideFonts: Plugin = {
  name: 'without-outside-fonts',
  enforce: 'pre',
  transform: (code, id) =>
    /vant\/.*\.css/.test(id) ? code.replace(/,\s*url\((['"]?)(https?:)?\/\/[^)]*\) format\([^)]*\)/g, '') : undefined,
}

/** The page is built once into `.web` and served by the server; the tests run on Node with real sockets and a real store. */
export default defineConfig({
  root: 'web',
  cacheDir: '../.cache/vite',
  plugins: [vue(), withoutOutsideFonts, fieldWorker()],
  build: { outDir: '../.web', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1200 },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/socket.io': { target: 'http://127.0.0.1:8080', ws: true } } },
  test: {
    root: '.',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/support/seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // CI reads the counts from here
    ...(process.env.VITEST_REPORT ? { reporters: ['default', 'json'], outputFile: { json: process.env.VITEST_REPORT } } : {}),
  },
})
