/**
 * Plain JavaScript on purpose: this runs on whatever Node the machine has. The project brings Node 24 along as a package;
 * better-sqlite3 crashes on older ones without a message, and TypeScript files do not run there.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Path of a Node ≥ 24: this very one, or the project's own. Ends the program with what to do where there is none. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const own = join(
    root,
    'node_modules',
    `node-${system}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (existsSync(own)) return own
  const installed = existsSync(join(root, 'node_modules'))
  console.error(
    installed
      ? `Watchfloor needs Node 24 or newer; this is ${process.version}, and for ${process.platform}-${process.arch} the project brings none along. Install Node 24 from https://nodejs.org and run the command again.`
      : 'Watchfloor is not installed yet: run `npm ci` in its folder first.',
  )
  process.exit(1)
}
