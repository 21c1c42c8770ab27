/** Where the engine finds its own files: built entry points beside each other, resources beside the application. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Root of the application: the folder that holds `resources` and `dist`. */
export function applicationRoot(): string {
  let folder = here
  for (;;) {
    if (existsSync(join(folder, 'resources')) && existsSync(join(folder, 'package.json'))) return folder
    const parent = dirname(folder)
    if (parent === folder) throw new Error('Watchfloor cannot find its resources folder')
    folder = parent
  }
}

/** A built entry point of the engine, for a worker or a child process: `parser.worker`, `hunt.process`. */
export function engineFile(name: string): string {
  return join(applicationRoot(), 'dist', 'engine', `${name}.js`)
}

export const resourcesDir = (): string => join(applicationRoot(), 'resources')
export const rendererDir = (): string => join(applicationRoot(), 'dist', 'renderer')
