/** The engine: plain Node programs and threads, bundled beside each other in dist/engine. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig } from 'vite'

const entries = [
  'electron/engine/cli.ts',
  'electron/engine/hosts/utility-process.ts',
  'electron/engine/hosts/node-loopback.ts',
  'electron/engine/ingest/parser.worker.ts',
  'electron/engine/sigma/rules.worker.ts',
  'electron/engine/incidents/playbooks/playbooks.worker.ts',
  'electron/engine/assets/assets.worker.ts',
  'electron/engine/store/writer.worker.ts',
  'electron/engine/store/reader.worker.ts',
  'electron/engine/store/hunt.process.ts',
  'electron/engine/packets/dissect/dissector.process.ts',
  'electron/engine/demo/demo.worker.ts',
  'electron/engine/packets/bench/capture.worker.ts',
  'electron/engine/packets/library/library.worker.ts',
  'electron/engine/packets/events/capture-events.worker.ts',
].filter((file) => existsSync(file))

export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/engine',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rollupOptions: {
      input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
      external: ['better-sqlite3', 'electron'],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js', format: 'es' },
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', 'electron'] },
})
