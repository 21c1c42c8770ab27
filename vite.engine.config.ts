/** The engine: plain Node programs and threads, bundled beside each other in dist/engine. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { FONT_FILES, FONT_NAMES, fontFile } from './electron/engine/reports/pdf/fonts.ts'

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
  'electron/engine/verify/thread/verify.worker.ts',
  'electron/engine/packets/dissect/dissector.process.ts',
  'electron/engine/demo/demo.worker.ts',
  'electron/engine/packets/bench/capture.worker.ts',
  'electron/engine/packets/library/library.worker.ts',
  'electron/engine/packets/events/capture-events.worker.ts',
  'electron/engine/reports/report.worker.ts',
  'electron/engine/case-file/case-file.worker.ts',
].filter((file) => existsSync(file))

/** What reports are set in, beside the engine: packages are not installed. */
const fonts: Plugin = {
  name: 'report-fonts',
  generateBundle() {
    for (const name of FONT_NAMES)
      this.emitFile({
        type: 'asset',
        fileName: fontFile(name),
        source: readFileSync(join(import.meta.dirname, 'node_modules', FONT_FILES[name])),
      })
  },
}

export default defineConfig({
  plugins: [fonts],
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
