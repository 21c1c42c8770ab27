import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultDataDir } from '../../electron/engine/data-dir.ts'
import { readServingNote } from '../../electron/engine/hosts/serving-note.ts'
import { launchArguments } from './arguments.ts'
import { appWindowArguments, findAppBrowser, openDefaultBrowser, windowProfile } from './browser.ts'
import { electronBinary, hasDisplay } from './electron-binary.ts'

const root = join(import.meta.dirname, '..', '..')
let folder: string
const program = (name: string): string => {
  const path = join(folder, name)
  writeFileSync(path, '#!/bin/sh\nexit 0\n')
  chmodSync(path, 0o755)
  return path
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-launcher-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the command line', () => {
  it('has the usual desk as default, and a folder of its own for the demonstration', () => {
    expect(launchArguments([])).toEqual({
      dataDir: defaultDataDir(),
      ownDataDir: false,
      demo: false,
      port: 0,
      browser: false,
      open: true,
      captures: [],
    })
    expect(launchArguments(['--demo'])).toMatchObject({ dataDir: `${defaultDataDir()}-demo`, ownDataDir: true, demo: true })
    expect(launchArguments(['--demo', '--data', 'here', '--port', '4000', '--browser', '--no-open'])).toEqual({
      dataDir: resolve('here'),
      ownDataDir: true,
      demo: true,
      port: 4000,
      browser: true,
      open: false,
      captures: [],
    })
  })
  it('takes captures, wherever they are named, and says which is not there', () => {
    const capture = join(folder, '--port.pcap')
    writeFileSync(capture, '')
    expect(launchArguments([capture, '--demo', capture])).toMatchObject({ demo: true, captures: [capture, capture] })
    expect(launchArguments(['--', relative(process.cwd(), capture)])).toMatchObject({ captures: [capture] })
    expect(launchArguments([capture, 'stray.pcap'])).toEqual({ wrong: "There is no file 'stray.pcap'." })
    expect(launchArguments([folder])).toHaveProperty('wrong')
  })
  it.each([['--port', 'x'], ['--port', '70000'], ['--port', '-1'], ['--unknown'], ['stray'], ['--data']])(
    'refuses %s %s',
    (...argv) => {
      expect(launchArguments(argv.filter((each) => each !== undefined))).toHaveProperty('wrong')
    },
  )
  it('helps', () => {
    expect(launchArguments(['--help'])).toHaveProperty('help', expect.stringContaining('--demo'))
  })
})

describe('Node', () => {
  const node24 = pathToFileURL(join(root, 'scripts', 'node24.mjs')).href
  const pretend = (version: string, arch: string = process.arch): ReturnType<typeof spawnSync> => {
    const script = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); Object.defineProperty(process, 'arch', { value: '${arch}' }); const { node24 } = await import('${node24}'); console.log(node24())`
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  }
  it('is this one where it is new enough', () => {
    expect(String(pretend('24.0.0').stdout).trim()).toBe(process.execPath)
    expect(String(pretend('26.1.0').stdout).trim()).toBe(process.execPath)
  })
  it('is the one the project brings along where it is older, or the program says what to do', () => {
    const old = pretend('20.19.0')
    expect(String(old.stdout).trim()).toMatch(/node_modules.node-\w+-\w+.bin.node(\.exe)?$/)
    const own = execFileSync(String(old.stdout).trim(), ['--version'], { encoding: 'utf8' })
    expect(Number(/^v(\d+)/.exec(own)?.[1])).toBeGreaterThanOrEqual(24)
    const none = pretend('20.19.0', 's390x')
    expect(none.status).toBe(1)
    expect(String(none.stderr)).toContain('needs Node 24 or newer; this is')
  })
  it('runs both entry points whatever it is', () => {
    expect(execFileSync(process.execPath, [join(root, 'scripts', 'start.mjs'), '--help'], { encoding: 'utf8' })).toContain(
      'usage: npm start',
    )
    const wrong = spawnSync(process.execPath, [join(root, 'scripts', 'start.mjs'), '--nonsense'], { encoding: 'utf8' })
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toContain('--nonsense')
  })
})

describe('finding a window', () => {
  it('takes the first browser on PATH that can be run', () => {
    expect(findAppBrowser({ PATH: folder }, 'linux')).toBeNull()
    mkdirSync(join(folder, 'more'))
    writeFileSync(join(folder, 'chromium'), 'not a program')
    program('more/google-chrome')
    const path = [folder, join(folder, 'more')].join(delimiter)
    expect(findAppBrowser({ PATH: path }, 'linux')).toBe(join(folder, 'more', 'google-chrome'))
    program('more/chromium')
    expect(findAppBrowser({ PATH: path }, 'linux')).toBe(join(folder, 'more', 'chromium'))
  })
  it('gives the window a profile of its own, and takes the sandbox away only from root', () => {
    const args = appWindowArguments('http://127.0.0.1:1/?token=x', '/data/window', false)
    expect(args).toEqual(expect.arrayContaining(['--app=http://127.0.0.1:1/?token=x', '--user-data-dir=/data/window']))
    expect(args).not.toContain('--no-sandbox')
    expect(appWindowArguments('x', 'y', true)).toContain('--no-sandbox')
  })
  it('puts the profile where the browser can write', () => {
    expect(windowProfile('/usr/bin/chromium', '/home/a/.local/share/watchfloor')).toBe(
      join('/home/a/.local/share/watchfloor', 'window'),
    )
    expect(windowProfile('/snap/bin/chromium', '/home/a/.local/share/watchfloor')).toMatch(
      /snap.chromium.common.watchfloor-watchfloor$/,
    )
  })
  it.skipIf(process.platform !== 'linux')('knows whether the system took the link', async () => {
    expect(await openDefaultBrowser('http://127.0.0.1:1/', { PATH: join(folder, 'empty') })).toBe(false)
    program('xdg-open')
    expect(await openDefaultBrowser('http://127.0.0.1:1/', { PATH: `${folder}${delimiter}/bin` })).toBe(true)
    writeFileSync(join(folder, 'xdg-open'), '#!/bin/sh\nexit 3\n')
    expect(await openDefaultBrowser('http://127.0.0.1:1/', { PATH: `${folder}${delimiter}/bin` })).toBe(false)
  })
  it('finds Electron where it is said to be', () => {
    const dist = join(folder, 'electron-dist')
    mkdirSync(dist)
    expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: dist })).toBeNull()
    for (const name of ['electron', 'electron.exe']) writeFileSync(join(dist, name), '')
    if (process.platform !== 'darwin')
      expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: dist })).toMatch(/electron-dist.electron/)
  })
  it.skipIf(process.platform !== 'linux')('needs a display on Linux', () => {
    expect(hasDisplay({})).toBe(false)
    expect(hasDisplay({ DISPLAY: ':0' })).toBe(true)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
  })
})

describe('the note of a running desk', () => {
  it('is believed only when its user alone could have written it, and when it names this machine', () => {
    const note = (name: string, content: string, mode: number): string => {
      const data = join(folder, name)
      mkdirSync(data)
      writeFileSync(join(data, 'serving.json'), content)
      chmodSync(join(data, 'serving.json'), mode)
      return data
    }
    const right = JSON.stringify({ url: 'http://127.0.0.1:4000/?token=x', pid: 1 })
    expect(readServingNote(note('right', right, 0o600))).toEqual({ url: 'http://127.0.0.1:4000/?token=x', pid: 1 })
    if (process.getuid) expect(readServingNote(note('open', right, 0o644))).toBeNull()
    expect(readServingNote(note('elsewhere', JSON.stringify({ url: 'http://elsewhere.example/', pid: 1 }), 0o600))).toBeNull()
    expect(readServingNote(note('broken', '{', 0o600))).toBeNull()
    expect(readServingNote(join(folder, 'nothing'))).toBeNull()
    symlinkSync(join(folder, 'missing'), join(folder, 'dangling'))
    expect(readServingNote(join(folder, 'dangling'))).toBeNull()
  })
})
