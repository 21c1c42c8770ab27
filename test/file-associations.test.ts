/** What electron-builder.yml makes of files with captures in them, from the packager's own writers and without packaging anything. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What this file uses of the packager, whose inner parts have no types of their own. */
interface Association {
  readonly ext: string
  readonly name: string
  readonly mimeType?: string
  readonly role: string
  readonly rank: string
}
interface Packager {
  readonly config: { readonly fileAssociations: readonly Association[] }
  readonly tempDirManager: { cleanup(): Promise<void> }
  _appInfo: unknown
  validateConfig(): Promise<void>
}
interface Helper {
  computeDesktopEntry(options: object): Promise<string> | string
  readonly mimeTypeFiles: Promise<string | null>
}
const inside = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
const part = <T>(path: string, name: string): T => (inside(`app-builder-lib/out/${path}`) as Record<string, T>)[name] as T

let packager: Packager
let linux: Helper

beforeAll(async () => {
  packager = new (part<new (options: object) => Packager>('packager.js', 'Packager'))({
    projectDir: root,
    config: 'electron-builder.yml',
  })
  await packager.validateConfig()
  packager._appInfo = new (part<new (...args: unknown[]) => unknown>('appInfo.js', 'AppInfo'))(packager, null)
  const platform = new (part<new (...args: unknown[]) => unknown>('linuxPackager.js', 'LinuxPackager'))(packager)
  linux = new (part<new (...args: unknown[]) => Helper>('targets/LinuxTargetHelper.js', 'LinuxTargetHelper'))(platform)
})
afterAll(() => packager.tempDirManager.cleanup())

describe('captures', () => {
  it('belong to the application by their endings, which are those that main opens unasked; compressed ones do not', () => {
    const endings = packager.config.fileAssociations.map(({ ext }) => ext)
    expect(endings).toEqual(['pcap', 'pcapng', 'cap'])
    const main = readFileSync(join(root, 'electron', 'main', 'named-captures.ts'), 'utf8')
    const opened = /new Set\(\[([^\]]*)\]\)/.exec(main)?.[1]?.match(/\w+/g)
    expect(opened).toEqual(endings)
  })

  it('are looked at, not edited', () => {
    for (const { ext, role, rank, name } of packager.config.fileAssociations)
      expect([role, rank, name]).toEqual(['Viewer', 'Alternate', `Watchfloor.${ext}`])
  })

  it('are known to a desktop of Linux, which hands over several at once', async () => {
    const entry = (await linux.computeDesktopEntry({})).split('\n')
    expect(entry).toContain('MimeType=application/vnd.tcpdump.pcap;application/x-pcapng;')
    expect(entry.find((line) => line.startsWith('Exec='))).toMatch(/ %[FU]$/)
    const types = readFileSync((await linux.mimeTypeFiles) ?? '', 'utf8')
    expect(types.match(/glob pattern="[^"]*"/g)).toEqual(['glob pattern="*.pcap"', 'glob pattern="*.pcapng"'])
    expect(types).not.toMatch(/gz|zst/)
  })
})
