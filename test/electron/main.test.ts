/** The built main process and preload script, run under the stand-in for `electron` (test/fixtures/electron). */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { constants, runInThisContext } from 'node:vm'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildStale } from '../../scripts/build.ts'
import { findChromium } from '../../scripts/chromium.ts'
import { pathsToOpen } from '../../shared/open-address.ts'
import type { ClientOf } from '../../shared/rpc/kinds.ts'
import type { WatchfloorContract } from '../../shared/contract.ts'

const root = join(import.meta.dirname, '..', '..')
const noChromium = findChromium() === null
const fixtures = join(root, 'test', 'fixtures', 'electron')
// Modules of the stand-in must be the very ones the built main gets: loaded by Node, not by the test runner.
const load = runInThisContext('(url) => import(url)', { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }) as (
  url: string,
) => Promise<unknown>

/** What this file uses of the stand-in; the fixtures are outside the type check. */
interface StandIn {
  app: {
    ended: Promise<void>
    sandboxEnabled: boolean
    quitting: boolean
    getPath(name: string): string
    quit(): void
    openFile(path: string): boolean
    emit(event: string, ...args: unknown[]): void
  }
  BrowserWindow: { getAllWindows(): StandInWindow[] }
  forked: {
    modulePath: string
    args: string[]
    child: { pid: number; kill(signal: string): void; exitCode: number | null; signalCode: string | null }
  }[]
  ipcMain: { emit(channel: string, event: unknown): void; eventNames(): string[] }
  privileged: unknown[]
  dialog: { errors: { title: string; content: string }[] }
  Menu: { current: { template: { label: string; submenu: { role?: string }[] }[] } | null }
  session: {
    defaultSession: {
      permissionRequest(contents: { getURL(): string }, permission: string, decide: (granted: boolean) => void): void
      permissionCheck(contents: unknown, permission: string, origin: string): boolean
      devicePermission(): boolean
      handlers: Map<string, (request: Request) => Promise<Response>>
      cancels(url: string): boolean
      emit(event: string, ...args: unknown[]): void
    }
  }
}
interface StandInWindow {
  options: { webPreferences: Record<string, unknown> }
  calls: string[]
  minimized: boolean
  webContents: {
    page: Page
    mainFrame: object
    outside: { url: string; cancelled: boolean }[]
    openedWindows: { url: string; action: string }[]
    emit(event: string, ...args: unknown[]): void
    getURL(): string
  }
}
type Desk = { client: ClientOf<WatchfloorContract>; states: string[]; versions(): string[] }
declare global {
  interface Window {
    readonly desk: Desk
  }
}

let folder: string
let standInHooks: Promise<unknown> | null = null
let instances = 0
const running: StandIn[] = []

async function startMain(args: readonly string[] = [], locale = 'en-GB', openFiles: readonly string[] = []): Promise<StandIn> {
  standInHooks ??= load(pathToFileURL(join(fixtures, 'hooks.ts')).href).then((module) =>
    (module as { standInForElectron(): void }).standInForElectron(),
  )
  await standInHooks
  Object.assign(globalThis, { standInStart: { locale, openFiles } })
  const instance = `?instance=${++instances}`
  const electron = (await load(pathToFileURL(join(fixtures, 'electron.ts')).href + instance)) as StandIn
  const argv = process.argv
  process.argv = ['electron', folder, '--enable-sandbox', ...args]
  await load(pathToFileURL(join(folder, 'dist', 'main', 'main.js')).href + instance)
  process.argv = argv
  running.push(electron)
  return electron
}
async function windowOf(electron: StandIn): Promise<StandInWindow> {
  await until(() => electron.BrowserWindow.getAllWindows()[0]?.calls.includes('show') === true)
  return electron.BrowserWindow.getAllWindows()[0] as StandInWindow
}
const stateOf = (page: Page): Promise<string> => page.evaluate(() => window.desk.client.state)
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 5))
}

beforeAll(async () => {
  await buildStale(['main'])
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-main-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  cpSync(join(root, 'dist', 'main'), join(folder, 'dist', 'main'), { recursive: true })
  cpSync(join(root, 'dist', 'preload'), join(folder, 'dist', 'preload'), { recursive: true })
  const quiet = { configFile: false, logLevel: 'error' } as const
  await build({
    ...quiet,
    root: join(fixtures, 'page'),
    base: './',
    build: { outDir: join(folder, 'dist', 'renderer'), target: 'chrome140', minify: false },
  })
  await build({
    ...quiet,
    publicDir: false,
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(folder, 'dist', 'engine'),
      rollupOptions: {
        input: { 'utility-process': join(fixtures, 'engine.ts'), 'helper.process': join(fixtures, 'helper.process.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true },
  })
}, 120_000)
afterEach(async () => {
  for (const electron of running.splice(0)) {
    electron.app.quit()
    await electron.app.ended
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(noChromium)('the window', () => {
  it('is hardened, and shows our page with its policy', async () => {
    const electron = await startMain()
    const window = await windowOf(electron)
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    })
    expect(electron.app.sandboxEnabled).toBe(true)
    expect(electron.privileged).toEqual([
      { scheme: 'watchfloor', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ])
    expect(window.webContents.getURL()).toBe('watchfloor://app/')
    const { page } = window.webContents
    await until(async () => (await stateOf(page)) === 'open')
    // The page's own policy is at work: no inline script, no eval, no request to elsewhere.
    const seen = await page.evaluate(async () => ({
      inline: 'inlineRan' in window,
      eval: 'evalRan' in window,
      fetched: await fetch('https://elsewhere.example/').then(
        () => 'fetched',
        () => 'refused',
      ),
    }))
    expect(seen).toEqual({ inline: false, eval: false, fetched: 'refused' })
    expect(window.webContents.outside).toEqual([])
  })

  it('tells the page its host and where a dropped file lies, and gives it nothing of Node or Electron', async () => {
    const electron = await startMain()
    const { page } = (await windowOf(electron)).webContents
    const seen = await page.evaluate(() => ({
      host: Object.keys(window.watchfloorHost ?? {}),
      kind: window.watchfloorHost?.kind,
      paths: [
        window.watchfloorHost?.pathOf?.(new File(['x'], 'of-the-disk "1".pcap')),
        window.watchfloorHost?.pathOf?.(new File(['x'], 'made-here.pcap')),
      ],
      names: [
        'require',
        'process',
        'electron',
        'ipcRenderer',
        'module',
        'Buffer',
        'global',
        'standInSend',
        'standInReceive',
      ].filter((name) => name in window),
    }))
    expect(seen).toEqual({
      host: ['kind', 'pathOf'],
      kind: 'electron',
      paths: ['/evidence/of-the-disk "1".pcap', ''],
      names: [],
    })
  })

  it('goes nowhere else and opens no other window', async () => {
    const electron = await startMain()
    const view = await windowOf(electron)
    const { page } = view.webContents
    await page.click('#away')
    await page.evaluate(() => void window.open('https://elsewhere.example/popup'))
    await until(() => view.webContents.openedWindows.length === 1)
    await page.evaluate(() => void (window.location.href = 'file:///etc/passwd')).catch(() => {})
    expect(view.webContents.openedWindows[0]?.action).toBe('deny')
    expect(electron.BrowserWindow.getAllWindows()).toHaveLength(1)
    expect(view.webContents.getURL()).toBe('watchfloor://app/')
    expect(await page.evaluate(() => document.title)).toBe('test page')
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      let prevented = false
      view.webContents.emit(event, { url: 'https://elsewhere.example/', preventDefault: () => (prevented = true) })
      expect(prevented, event).toBe(true)
    }
    let attached = true
    view.webContents.emit('will-attach-webview', { preventDefault: () => (attached = false) })
    expect(attached).toBe(false)
  })

  it('is refused every permission but copying, every device, download and request to elsewhere', async () => {
    const electron = await startMain()
    await windowOf(electron)
    const session = electron.session.defaultSession
    const asks = (permission: string, url = 'watchfloor://app/'): boolean => {
      let granted = true
      session.permissionRequest({ getURL: () => url }, permission, (decision) => (granted = decision))
      return granted
    }
    for (const permission of [
      'media',
      'geolocation',
      'midi',
      'pointerLock',
      'fullscreen',
      'openExternal',
      'clipboard-read',
      'display-capture',
      'usb',
      'hid',
      'serial',
      'fileSystem',
      'unknown',
    ]) {
      expect(asks(permission), permission).toBe(false)
      expect(session.permissionCheck(null, permission, 'watchfloor://app/'), permission).toBe(false)
    }
    expect(asks('clipboard-sanitized-write')).toBe(true)
    expect(asks('notifications')).toBe(true)
    expect(asks('notifications', 'https://elsewhere.example/')).toBe(false)
    expect(asks('clipboard-sanitized-write', 'https://elsewhere.example/')).toBe(false)
    expect(session.permissionCheck(null, 'clipboard-sanitized-write', 'https://elsewhere.example')).toBe(false)
    expect(session.devicePermission()).toBe(false)
    for (const url of [
      'https://elsewhere.example/',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'ws://127.0.0.1/',
      'ftp://x/',
      'nonsense',
    ])
      expect(session.cancels(url), url).toBe(true)
    for (const url of ['watchfloor://app/index.html', 'data:image/png;base64,AA', 'blob:watchfloor://app/1'])
      expect(session.cancels(url), url).toBe(false)
    let downloaded = true
    session.emit('will-download', { preventDefault: () => (downloaded = false) })
    expect(downloaded).toBe(false)
  })

  it('serves files of the built page and nothing else', async () => {
    const electron = await startMain()
    await windowOf(electron)
    const ask = (url: string, method = 'GET'): Promise<Response> =>
      electron.session.defaultSession.handlers.get('watchfloor')?.(new Request(url, { method })) ??
      Promise.reject(new Error('no handler'))
    const page = await ask('watchfloor://app/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
    for (const url of [
      'watchfloor://app/../main/main.js',
      'watchfloor://app/..%2fmain/main.js',
      'watchfloor://app/%2e%2e/main/main.js',
      'watchfloor://other/',
      'watchfloor://app/nothing.js',
      'watchfloor://app//etc/passwd',
      'watchfloor://app/.env',
    ]) {
      expect((await ask(url)).status, url).toBe(404)
    }
    expect((await ask('watchfloor://app/', 'POST')).status).toBe(405)
  })
})

describe.skipIf(noChromium)('the engine', () => {
  it('runs in a utility process and answers the page over its port', async () => {
    const electron = await startMain([`--data=${join(tmpdir(), 'desk')}`, '--demo'])
    const { page } = (await windowOf(electron)).webContents
    await until(async () => (await stateOf(page)) === 'open')
    const answer = await page.evaluate(() => window.desk.client.query('engine.status', {}))
    expect(electron.forked).toHaveLength(1)
    expect(electron.forked[0]?.modulePath).toBe(join(folder, 'dist', 'engine', 'utility-process.js'))
    expect(answer).toMatchObject({
      ok: true,
      value: { version: String(electron.forked[0]?.child.pid), dataDir: `--data ${join(tmpdir(), 'desk')} --demo` },
    })
    expect(electron.app.getPath('userData')).toBe(join(tmpdir(), 'desk', 'window'))
    const garbage = await page.evaluate(() =>
      window.desk.client.command('settings.set', { key: 7, value: 1 } as unknown as { key: string; value: number }),
    )
    expect(garbage).toMatchObject({ ok: false, error: { code: 'invalid_input', path: 'key' } })
  })

  it('is restarted when it dies: pending calls fail, the page reconnects and its streams begin anew', async () => {
    const electron = await startMain()
    const { page } = (await windowOf(electron)).webContents
    await until(async () => (await page.evaluate(() => window.desk.versions().length)) === 1)
    const [first] = await page.evaluate(() => window.desk.versions())
    const pending = page.evaluate(() => window.desk.client.job('events.count', { where: '*', window: {} }).done)
    const crash = page.evaluate(() => window.desk.client.command('settings.set', { key: 'crash', value: 1 }))
    expect(await crash).toMatchObject({ ok: false, error: { code: 'engine_gone' } })
    expect(await pending).toMatchObject({ ok: false, error: { code: 'engine_gone' } })
    await until(async () => (await stateOf(page)) === 'open')
    await until(async () => (await page.evaluate(() => window.desk.versions().length)) === 1)
    expect(electron.forked).toHaveLength(2)
    expect(await page.evaluate(() => window.desk.versions())).toEqual([String(electron.forked[1]?.child.pid)])
    expect(first).toBe(String(electron.forked[0]?.child.pid))
    // Killed from outside, without a word.
    electron.forked[1]?.child.kill('SIGKILL')
    await until(async () => (await page.evaluate(() => window.desk.versions()[0])) === String(electron.forked[2]?.child.pid))
    const states = await page.evaluate(() => window.desk.states)
    expect(states).toEqual(['connecting', 'open', 'gone', 'open', 'gone', 'open'])
  })

  it('connects a page again after a reload', async () => {
    const electron = await startMain()
    const { page } = (await windowOf(electron)).webContents
    await until(async () => (await stateOf(page)) === 'open')
    await page.reload()
    await until(async () => (await page.evaluate(() => window.desk?.client.state).catch(() => '')) === 'open')
    expect(electron.forked).toHaveLength(1)
  })

  it('gets processes of its own from main, and only its own entry points', async () => {
    const electron = await startMain()
    const { page } = (await windowOf(electron)).webContents
    await until(async () => (await stateOf(page)) === 'open')
    expect(await page.evaluate(() => window.desk.client.command('rules.enable', { ids: ['a', 'b'], enabled: true }))).toEqual({
      ok: true,
      value: {},
    })
    expect(electron.forked.map(({ modulePath }) => modulePath).slice(1)).toEqual([
      join(folder, 'dist', 'engine', 'helper.process.js'),
    ])
    await until(() => electron.forked[1]?.child.signalCode === 'SIGKILL')
    const engine = electron.forked[0] as unknown as { emit(event: string, message: unknown): void }
    for (const entry of ['../../etc/x.process', 'utility-process', '/bin/sh', 'x.process.js', 'cli'])
      engine.emit('message', { type: 'start_process', id: 9, entry })
    engine.emit('message', 'nonsense')
    expect(electron.forked).toHaveLength(2)
  })

  it('says why it cannot run on a folder, and does not try again', async () => {
    const electron = await startMain([`--data=${join(tmpdir(), 'desk-in-use')}`])
    await electron.app.ended
    running.splice(0)
    expect(electron.dialog.errors).toEqual([{ title: 'Watchfloor', content: 'Another Watchfloor uses this folder.' }])
    expect(electron.forked).toHaveLength(1)
  })

  it('is stopped politely when the application quits', async () => {
    const electron = await startMain()
    await windowOf(electron)
    electron.app.quit()
    await electron.app.ended
    running.splice(0)
    expect(electron.forked[0]?.child.exitCode).toBe(0)
  })
})

describe.skipIf(noChromium)('the application', () => {
  it('hands ports to its own top frame only', async () => {
    const electron = await startMain()
    const window = await windowOf(electron)
    await until(async () => (await stateOf(window.webContents.page)) === 'open')
    expect(electron.ipcMain.eventNames()).toEqual(['watchfloor:connect'])
    const posted: unknown[] = []
    const stranger = {
      isDestroyed: () => false,
      once: () => {},
      postMessage: (...args: unknown[]) => posted.push(args),
      mainFrame: { url: 'https://elsewhere.example/' },
    }
    electron.ipcMain.emit('watchfloor:connect', { sender: stranger, senderFrame: stranger.mainFrame })
    const own = { ...stranger, mainFrame: { url: 'watchfloor://app/' } }
    electron.ipcMain.emit('watchfloor:connect', { sender: own, senderFrame: own.mainFrame })
    electron.ipcMain.emit('watchfloor:connect', { sender: window.webContents, senderFrame: { url: 'watchfloor://app/' } })
    electron.ipcMain.emit('watchfloor:connect', { sender: window.webContents, senderFrame: null })
    expect(posted).toEqual([])
  })

  it('is one instance: a second start brings the first window forward and ends', async () => {
    const first = await startMain()
    const window = await windowOf(first)
    window.minimized = true
    const second = await startMain()
    await second.app.ended
    expect(second.BrowserWindow.getAllWindows()).toEqual([])
    expect(second.forked).toEqual([])
    expect(window.calls.slice(-3)).toEqual(['restore', 'show', 'focus'])
    expect(first.app.quitting).toBe(false)
    running.splice(1)
  })

  it('has its menu in the language of the system', async () => {
    const english = await startMain()
    await windowOf(english)
    expect(english.Menu.current?.template.map(({ label }) => label)).toEqual(['File', 'Edit', 'View'])
    const korean = await startMain([`--data=${join(tmpdir(), 'other-desk')}`], 'ko-KR')
    await windowOf(korean)
    expect(korean.Menu.current?.template.map(({ label }) => label)).toEqual(['파일', '편집', '보기'])
    const roles = korean.Menu.current?.template.flatMap(({ submenu }) => submenu.map(({ role }) => role))
    expect(roles).toEqual(expect.arrayContaining(['copy', 'paste', 'quit', 'reload']))
  })
})

describe.skipIf(noChromium)('captures', () => {
  let evidence: string
  /** Made in the folder; its path. */
  const capture = (name: string): string => {
    const path = join(evidence, name)
    writeFileSync(path, 'main does not read it')
    return path
  }
  /** What the page is asked to open; null where its address is any other. */
  const asked = (window: StandInWindow): readonly string[] | null => {
    const url = new URL(window.webContents.getURL())
    expect(`${url.protocol}//${url.host}${url.pathname}${url.search}`).toBe('watchfloor://app/')
    const [place, params] = url.hash.split('?')
    if (place !== '#/packets') return null
    const search = new URLSearchParams(params)
    expect([...search.keys()]).toEqual(['open'])
    return pathsToOpen(search.get('open') ?? undefined)
  }
  const shows = (window: StandInWindow, paths: readonly string[]): Promise<void> =>
    until(() => JSON.stringify(asked(window)) === JSON.stringify(paths))
  beforeAll(() => {
    evidence = mkdtempSync(join(tmpdir(), 'watchfloor-evidence-'))
  })
  afterAll(() => rmSync(evidence, { recursive: true, force: true }))

  it('named on the command line are opened: those with a known ending, and any that --capture names', async () => {
    const plain = capture('a.pcap')
    const odd = capture(`b "c" & d'#e?f%41;\n<script>alert(1)</script>`.replaceAll('/', '\u2215') + '.PcapNG')
    const dashes = capture('--data=x.cap')
    const address = capture('by address.pcap')
    const packed = capture('e.pcap.gz')
    const other = capture('notes.txt')
    mkdirSync(join(evidence, 'folder.pcap'))
    const electron = await startMain([
      plain,
      odd,
      other,
      packed,
      dashes,
      pathToFileURL(address).href,
      'file://elsewhere.example/share/x.pcap',
      'file:///%00.pcap',
      '--nothing.pcap',
      '/x\0y.pcap',
      join(evidence, 'folder.pcap'),
      join(evidence, 'missing.pcap'),
      'https://elsewhere.example/x.pcap',
      '#/settings?x.pcap',
      `--capture=${packed}`,
      '--capture=',
    ])
    const window = await windowOf(electron)
    expect(asked(window)).toEqual([packed, plain, odd, dashes, address])
    expect(electron.app.getPath('userData')).toBe('/nowhere/Watchfloor')
    // The page that came is ours, and nothing of a name became part of it.
    expect(await window.webContents.page.evaluate(() => document.title)).toBe('test page')
  })

  it('of a second start are opened by the first, in the page that is there', async () => {
    const first = await startMain()
    const view = await windowOf(first)
    expect(asked(view)).toBe(null)
    await until(async () => (await stateOf(view.webContents.page)) === 'open')
    await view.webContents.page.evaluate(() => void (window.name = 'still the same'))
    const paths = [capture('--one.pcap'), capture('two".cap')]
    const second = await startMain(paths)
    await second.app.ended
    running.pop()
    await shows(view, paths)
    expect(view.calls.slice(-2)).toEqual(['show', 'focus'])
    expect(await stateOf(view.webContents.page)).toBe('open')
    expect(await view.webContents.page.evaluate(() => window.desk.states)).toEqual(['connecting', 'open'])
    // Whatever another program of this user hands over: only files, and nothing that is no list of texts.
    for (const data of [
      null,
      [],
      { captures: 'x' },
      { captures: [1] },
      { captures: ['/etc', '--x.pcap', 'javascript:alert(1)'] },
    ])
      first.app.emit('second-instance', {}, ['watchfloor', capture('argv.pcap')], '/', data)
    const last = capture('last.pcap')
    first.app.emit('second-instance', {}, [], '/', { captures: [last] })
    await shows(view, [last])
  })

  it('that macOS hands over are opened, before there is a window and later; several at once are one capture', async () => {
    const [early, late, later] = [capture('early.dat'), capture('late.pcap'), capture('later\n".pcap')]
    const electron = await startMain([], 'en-GB', [early, join(evidence, 'gone.pcap')])
    const window = await windowOf(electron)
    expect(asked(window)).toEqual([early])
    expect([electron.app.openFile(late), electron.app.openFile(later), electron.app.openFile('/nowhere/x.pcap')]).toEqual([
      true,
      true,
      true,
    ])
    await shows(window, [late, later])
  })
})
