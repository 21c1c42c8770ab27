/** electron-builder.yml, by packaging for real: only Electron's own distribution is made up, with the fuses of a real one. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildStale } from '../scripts/build.ts'

const root = join(import.meta.dirname, '..')
const electronVersion = (createRequire(import.meta.url)('electron/package.json') as { version: string }).version
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

let folder: string
let unpacked: string
let files: string[]
const asar = (): string => join(unpacked, 'resources', 'app.asar')

/** What the packager touches of a distribution: the binary with its fuse wire (here all inherited), and its resources. */
function fakeDistribution(path: string): void {
  mkdirSync(join(path, 'resources'), { recursive: true })
  mkdirSync(join(path, 'locales'))
  for (const locale of ['en-US', 'ko', 'de', 'fr']) writeFileSync(join(path, 'locales', `${locale}.pak`), locale)
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 8]), Buffer.from('10110001')])
  writeFileSync(join(path, 'electron'), Buffer.concat([Buffer.from('\x7fELF not really '), wire, Buffer.from(' the end')]), {
    mode: 0o755,
  })
  writeFileSync(join(path, 'version'), electronVersion)
  writeFileSync(join(path, 'LICENSE'), 'MIT')
  writeFileSync(join(path, 'LICENSES.chromium.html'), '<p>many</p>')
}

beforeAll(async () => {
  await buildStale(['engine', 'main', 'renderer'])
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-packaging-'))
  fakeDistribution(join(folder, 'electron'))
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
  const args = [builder, '--linux', '--dir', '--x64', '--publish', 'never', '--config', 'electron-builder.yml']
  const overrides = [`-c.electronDist=${join(folder, 'electron')}`, `-c.directories.output=${join(folder, 'out')}`]
  await promisify(execFile)(process.execPath, [...args, ...overrides], {
    cwd: root,
    // No way out: what would be fetched would fail.
    env: {
      ...process.env,
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      npm_config_registry: 'http://127.0.0.1:9',
    },
  })
  unpacked = join(folder, 'out', 'linux-unpacked')
  files = listPackage(asar(), { isPack: false }).map((path) => path.replaceAll('\\', '/'))
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  it('starts our main process', () => {
    const meta = JSON.parse(extractFile(asar(), 'package.json').toString()) as { main: string; type: string; name: string }
    expect(meta).toMatchObject({ main: 'dist/main/main.js', type: 'module', name: 'watchfloor' })
    expect(extractFile(asar(), meta.main).toString()).toContain('requestSingleInstanceLock')
    expect(existsSync(join(unpacked, 'watchfloor'))).toBe(true)
    expect(existsSync(join(unpacked, 'electron'))).toBe(false)
  })

  it('has everything that runs, and nothing else', () => {
    for (const path of ['/dist/main/main.js', '/dist/preload/preload.cjs', '/package.json', '/LICENSE'])
      expect(files).toContain(path)
    const built = (part: string): string[] =>
      readdirSync(join(root, 'dist', part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    for (const path of [...built('engine'), ...built('renderer')]) expect(files).toContain(path)
    const top = new Set(files.map((path) => path.split('/')[1]))
    expect([...top].sort()).toEqual(['LICENSE', 'dist', 'node_modules', 'package.json', 'resources'])
    expect(files.filter((path) => /\.(map|ts|tsx|cpp|c|h|gyp)$|\.test\.|stamp/.test(path))).toEqual([])
  })

  it('has our own rules where the engine looks for them', () => {
    for (const name of readdirSync(join(root, 'resources', 'rules'))) expect(files).toContain(`/resources/rules/${name}`)
    expect(files).toContain('/resources/rules')
  })

  it('has two modules, with one native file, outside of the archive', () => {
    const modules = new Set(files.filter((path) => path.startsWith('/node_modules/')).map((path) => path.split('/')[2]))
    expect([...modules].sort()).toEqual(['@goodtools', 'better-sqlite3'])
    const dissectors = '/node_modules/@goodtools/wiregasm'
    expect(files.filter((path) => path.startsWith(`${dissectors}/`)).sort()).toEqual([
      `${dissectors}/LICENSE`,
      `${dissectors}/dist`,
      `${dissectors}/dist/wiregasm.data`,
      `${dissectors}/dist/wiregasm.js`,
      `${dissectors}/dist/wiregasm.wasm`,
      `${dissectors}/package.json`,
    ])
    const inModule = files.filter((path) => path.startsWith('/node_modules/better-sqlite3/'))
    expect(inModule).toContain('/node_modules/better-sqlite3/lib/index.js')
    expect(inModule.filter((path) => /\/(deps|src)(\/|$)/.test(path))).toEqual([])
    const native = files.filter((path) => path.endsWith('.node'))
    expect(native).toEqual(['/node_modules/better-sqlite3/prebuilds/linux-x64.node'])
    expect(statFile(asar(), native[0]?.slice(1) ?? '')).toMatchObject({ unpacked: true })
    const outside = join(`${asar()}.unpacked`, native[0] ?? '')
    expect(readFileSync(outside).equals(readFileSync(join(root, native[0] ?? '')))).toBe(true)
  })

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'watchfloor'))
    const [DISABLE, ENABLE] = Buffer.from('01')
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: DISABLE,
      [FuseV1Options.EnableCookieEncryption]: ENABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: DISABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
    })
  })

  it('speaks our two languages only', () => {
    expect(readdirSync(join(unpacked, 'locales')).sort()).toEqual(['en-US.pak', 'ko.pak'])
  })
})
