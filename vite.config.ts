import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** The page is built once into `.web` and served by the server; the tests run on Node with real sockets and a real store. */
export default defineConfig({
  root: 'web',
  cacheDir: '../.cache/vite',
  plugins: [vue()],
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
