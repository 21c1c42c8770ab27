/** The screens over a made-up engine: `npx vite --config vite.screen.config.ts`. For developing and for tests; never shipped. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'test/fixtures/screen',
  base: './',
  publicDir: false,
  cacheDir: '../../../node_modules/.vite-screen',
  plugins: [react()],
  server: { port: 5199, host: '127.0.0.1', fs: { allow: ['../../..'] } },
  build: {
    outDir: '../../../dist/screen',
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
  },
})
