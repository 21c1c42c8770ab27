/**
 * Builds what is stale: `node scripts/build.ts [engine|renderer|main ...]` (default all). A part is stale when a file it is
 * made from is newer than its stamp, or the set of files changed.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PARTS = {
  engine: { config: 'vite.engine.config.ts', from: ['shared', 'electron/engine'] },
  renderer: { config: 'vite.config.ts', from: ['shared', 'renderer'] },
  main: { config: 'vite.main.config.ts', from: ['shared', 'electron/main', 'electron/preload'] },
} as const
export type Part = keyof typeof PARTS
const root = join(import.meta.dirname, '..')

function fingerprint(folders: readonly string[], config: string): string {
  const hash = createHash('sha256')
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (!entry.name.includes('.test.')) {
        const { size, mtimeMs } = statSync(path)
        hash.update(`${path}\0${size}\0${mtimeMs}\n`)
      }
    }
  }
  for (const folder of folders) if (existsSync(join(root, folder))) walk(join(root, folder))
  hash.update(readFileSync(join(root, config)))
  hash.update(readFileSync(join(root, 'package.json')))
  return hash.digest('hex')
}

/** Builds the named parts that are stale; a failure throws with Vite's message. */
export async function buildStale(parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    const { config, from } = PARTS[part]
    if (!existsSync(join(root, config))) continue
    const stamp = join(root, 'dist', `.${part}.stamp`)
    const now = fingerprint(from, config)
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue
    const { build } = await import('vite')
    await build({ configFile: join(root, config), root: part === 'renderer' ? join(root, 'renderer') : root, logLevel: 'warn' })
    mkdirSync(join(root, 'dist'), { recursive: true })
    writeFileSync(stamp, now)
  }
}

if (import.meta.main) {
  const named = process.argv.slice(2).filter((name): name is Part => Object.hasOwn(PARTS, name))
  await buildStale(named.length > 0 ? named : ['engine', 'main', 'renderer'])
}
