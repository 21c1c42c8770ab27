/** Whether Electron can open the window here. Its npm package brings no binary; that comes on first use, where there is a way. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const electron = join(root, 'node_modules', 'electron')
const unreachable = join(root, 'node_modules', '.cache', 'watchfloor', 'electron-unreachable')

const PROBE_MS = 2500
const DOWNLOAD_MS = 5 * 60_000
const ASK_AGAIN_MS = 24 * 3600_000

const nameOfBinary = (): string =>
  process.platform === 'win32'
    ? 'electron.exe'
    : process.platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : 'electron'

/** Path of the binary that is here, or null. */
export function electronBinary(env: NodeJS.ProcessEnv = process.env): string | null {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH']
  const note = join(electron, 'path.txt')
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : nameOfBinary()
  const path = join(override ?? join(electron, 'dist'), name)
  return existsSync(path) ? path : null
}

/** Why Electron would not run here even with a binary, or null. */
export function whyNoElectron(env: NodeJS.ProcessEnv = process.env): string | null {
  if (process.platform !== 'linux') return null
  if (process.getuid?.() === 0) return 'Electron does not run as root with its sandbox on'
  return hasDisplay(env) ? null : 'there is no display'
}

export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
}

/** Lets Electron's own installer fetch the binary once, if its home answers quickly; asks again a day later at the earliest. */
export async function fetchElectron(talk: (line: string) => void): Promise<string | null> {
  if (!existsSync(join(electron, 'install.js')) || process.env['CI']) return null
  if (existsSync(unreachable) && Date.now() - statSync(unreachable).mtimeMs < ASK_AGAIN_MS) return null
  const answers = await fetch('https://github.com/electron/electron/releases', {
    method: 'HEAD',
    signal: AbortSignal.timeout(PROBE_MS),
  }).then(
    (response) => response.ok,
    () => false,
  )
  if (answers) {
    talk('Fetching Electron, once (about 110 MB) ...')
    spawnSync(process.execPath, [join(electron, 'install.js')], { stdio: ['ignore', 'ignore', 'ignore'], timeout: DOWNLOAD_MS })
    const fetched = electronBinary()
    if (fetched) return fetched
  }
  mkdirSync(join(unreachable, '..'), { recursive: true })
  writeFileSync(unreachable, 'Electron could not be fetched; npm start asks again a day after this file was written.\n')
  return null
}
