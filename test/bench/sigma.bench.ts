/** Speed of Sigma matching: prints one JSON object. Builds what it measures first, as the engine is built. Run with Node 24. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { corpus, NO_CORPORA } from '../corpora.ts'

const out = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'bench')
await build({
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  build: { ssr: join(import.meta.dirname, 'sigma-measure.ts'), outDir: out, emptyOutDir: true, target: 'node24', minify: false },
  ssr: { noExternal: true },
})
const { measure } = (await import(pathToFileURL(join(out, 'sigma-measure.js')).href)) as typeof import('./sigma-measure.ts')
const [sigma, perf, logs] = [corpus('sigma'), corpus('perf'), corpus('logs')]
const starter = join(import.meta.dirname, '..', '..', 'resources', 'rules')
console.log(
  JSON.stringify(
    sigma === null || perf === null || logs === null ? { skipped: NO_CORPORA } : await measure({ sigma, perf, logs, starter }),
    null,
    2,
  ),
)
