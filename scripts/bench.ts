/**
 * `npm run bench [name ...]`: builds, runs `test/bench/*.bench.ts` one after the other, each as a process of its own, and
 * prints one JSON object with what each of them printed. Talk goes to stderr.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { buildStale } from './build.ts'

const root = join(import.meta.dirname, '..')
process.chdir(root)
await buildStale(['engine', 'renderer'])
const { build } = await import('vite')
const out = join(root, 'node_modules', '.cache', 'bench')
mkdirSync(out, { recursive: true })

const wanted = process.argv.slice(2)
const names = readdirSync('test/bench')
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => basename(file, '.bench.ts'))
const results: Record<string, unknown> = {}
let failed = false
for (const name of names) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`== ${name}\n`)
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(out, name),
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: { [name]: `test/bench/${name}.bench.ts` },
        external: ['better-sqlite3', 'playwright-core', 'vite'],
      },
    },
    ssr: { noExternal: true, external: ['better-sqlite3', 'playwright-core', 'vite'] },
  })
  const run = spawnSync(process.execPath, ['--expose-gc', join(out, name, `${name}.js`)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, WATCHFLOOR_ROOT: root },
  })
  try {
    if (run.status !== 0) throw new Error(`exit code ${run.status}`)
    results[name] = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as unknown
  } catch (error) {
    failed = true
    results[name] = { error: error instanceof Error ? error.message : String(error) }
  }
}
console.log(
  JSON.stringify(
    { machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? '', memory: totalmem(), node: process.version }, results },
    null,
    2,
  ),
)
process.exit(failed ? 1 : 0)
