/** `npm run reference` writes docs/reference; with `--check` it only says which pages are not what would be written. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerImport } from 'vite'

const folder = join(import.meta.dirname, '..', 'docs', 'reference')
const check = process.argv.includes('--check')
const { module } = await runnerImport<typeof import('./reference-pages.ts')>(join(import.meta.dirname, 'reference-pages.ts'), {
  configFile: false,
  logLevel: 'error',
})

let stale = 0
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(module.generateReference())) {
  const file = join(folder, name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  stale++
  if (check) console.error(`docs/reference/${name} is stale: npm run reference`)
  else {
    writeFileSync(file, text)
    console.log(`wrote docs/reference/${name}`)
  }
}
process.exit(check && stale > 0 ? 1 : 0)
