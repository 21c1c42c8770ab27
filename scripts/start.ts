/**
 * `npm start`: builds what is stale and opens the desk, in Electron where its binary is present or can be fetched, otherwise in
 * the machine's browser. Run by scripts/start.mjs, which finds a Node that can.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readServingNote } from '../electron/engine/hosts/serving-note.ts'
import { openHash } from '../shared/open-address.ts'
import { buildStale } from './build.ts'
import { launchArguments, type LaunchArguments, START_HELP } from './launch/arguments.ts'
import { findAppBrowser, openAppWindow, openDefaultBrowser, windowProfile } from './launch/browser.ts'
import { electronBinary, fetchElectron, hasDisplay, whyNoElectron } from './launch/electron-binary.ts'
import { startEngineChild } from './launch/engine-child.ts'

const root = join(import.meta.dirname, '..')
const talk = (line: string): void => void process.stdout.write(`${line}\n`)
/** A window or an Electron that ends sooner than this has not worked. */
const TOO_SOON_MS = 4000

const given = launchArguments(process.argv.slice(2))
if ('help' in given) talk(given.help)
else if ('wrong' in given) {
  process.stderr.write(`${given.wrong}\n\n${START_HELP}\n`)
  process.exitCode = 2
} else process.exitCode = await start(given)

async function start(options: LaunchArguments): Promise<number> {
  if (!existsSync(join(root, 'dist', 'engine'))) talk('Building Watchfloor, once ...')
  if (options.open && !options.browser && options.port === 0) {
    const reason = whyNoElectron()
    const binary = reason === null ? (electronBinary() ?? (await fetchElectron(talk))) : null
    if (binary !== null) {
      await buildStale(['engine', 'main', 'renderer'])
      const code = await runElectron(binary, options)
      if (code !== null) return code
      talk('Electron does not run on this machine; the browser takes its place.')
    }
  }
  await buildStale(['engine', 'renderer'])
  return runBrowserHost(options)
}

/** Exit code, or null where Electron could not run. */
function runElectron(binary: string, options: LaunchArguments): Promise<number | null> {
  const began = Date.now()
  const args = [
    root,
    ...(options.ownDataDir ? [`--data=${options.dataDir}`] : []),
    ...(options.demo ? ['--demo'] : []),
    ...options.captures.map((path) => `--capture=${path}`),
  ]
  return new Promise((resolve) => {
    const child = spawn(binary, args, { stdio: 'inherit' })
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    process.on('SIGINT', () => {})
    child.on('error', () => resolve(null))
    child.on('exit', (code) => resolve(code !== 0 && Date.now() - began < TOO_SOON_MS ? null : (code ?? 1)))
  })
}

async function runBrowserHost(options: LaunchArguments): Promise<number> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const engine = await startEngineChild({
    entry: join(root, 'dist', 'engine', 'node-loopback.js'),
    args: ['--data', options.dataDir, ...(options.demo ? ['--demo'] : [])],
    port: options.port,
    talk,
  })
  if ('code' in engine) {
    if (engine.code === 'data_in_use') return showRunning(options)
    process.stderr.write(`${engine.message}\n`)
    return 1
  }
  const ended = new Promise<number>((resolve) => {
    process.on('SIGINT', () => resolve(0))
    process.on('SIGTERM', () => resolve(0))
    void engine.hopeless.then((error) => {
      process.stderr.write(`${error.message}\n`)
      resolve(1)
    })
    void show(options, engine.url, () => engine.invite()).then((closed) => closed && resolve(0))
  })
  const code = await ended
  await engine.stop()
  return code
}

/** Opens the desk as well as this machine can. True when a window was opened and is closed now. */
async function show(options: LaunchArguments, url: string, invite: () => Promise<string | null>): Promise<boolean> {
  // The server's answer to the link leads to the page; the place within it stays.
  const place = openHash(options.captures)
  const link = async (): Promise<string> => ((await invite()) ?? url) + place
  talk(`Watchfloor: ${url}${place}`)
  talk('Ctrl-C ends it.')
  if (!options.open || !hasDisplay()) return false
  const browser = findAppBrowser()
  if (browser !== null) {
    const began = Date.now()
    const window = openAppWindow(browser, await link(), windowProfile(browser, options.dataDir))
    const closed = await new Promise<boolean>((resolve) => {
      window.on('error', () => resolve(false))
      window.on('exit', () => resolve(Date.now() - began >= TOO_SOON_MS))
    })
    if (closed) return true
  }
  if (!(await openDefaultBrowser(await link()))) talk('No browser was found here: open the link above in one.')
  return false
}

/** A second start on the same data folder: shows the first. */
async function showRunning(options: LaunchArguments): Promise<number> {
  const note = readServingNote(options.dataDir)
  const answers =
    note !== null &&
    (await fetch(note.url, { redirect: 'manual', signal: AbortSignal.timeout(2000) }).then(
      (response) => response.status === 303,
      () => false,
    ))
  if (!answers) {
    process.stderr.write(
      `Another Watchfloor already uses ${options.dataDir}. Close it first, or name another folder with --data.\n`,
    )
    return 1
  }
  talk(`Watchfloor already runs on ${options.dataDir}:`)
  const url = note.url + openHash(options.captures)
  talk(url)
  if (options.open && hasDisplay()) await openDefaultBrowser(url)
  return 0
}
