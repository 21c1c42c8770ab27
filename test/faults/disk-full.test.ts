/** The disk fills up in the middle of writing: the desk says so, loses nothing, and goes on when there is room. Needs root, for a small file system of its own. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Ingest } from '../../electron/engine/ingest/ingest.ts'
import { openStore } from '../../electron/engine/store/client.ts'
import { record, storedNumbers, temporary, upTo } from './engine.ts'

const base = temporary('disk-full')
const disk = join(base, 'disk')
const mounted = mount()
afterAll(() => {
  if (mounted) execFileSync('umount', ['--lazy', disk])
  rmSync(base, { recursive: true, force: true })
})

function mount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
async function until(what: string, test: () => boolean): Promise<void> {
  for (let tries = 0; !test(); tries++) {
    if (tries > 1200) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test.skipIf(!mounted)(
  'a full disk is said, nothing is lost, and it goes on (skipped: needs root to mount a small disk)',
  async () => {
    const records = 200_000
    const log = join(base, 'eve.json')
    // A hash in each keeps compression from making the disk last for ever.
    writeFileSync(
      log,
      upTo(records)
        .map((n) => `${record(n).slice(0, -1)},"noise":"${createHash('sha256').update(String(n)).digest('hex')}"}\n`)
        .join(''),
    )
    const data = join(disk, 'desk')
    const opened = await openStore(data)
    if (!opened.ok) throw new Error(opened.error.message)
    const store = opened.value
    const ingest = new Ingest({ store, rules: { rules: [], sources: [], onChange: () => () => undefined } })
    await ingest.start()
    const added = await ingest.add({
      name: 'followed',
      input: { kind: 'file', path: log },
      format: 'eve',
      zone: 'UTC',
      paused: false,
    })
    expect(added.ok).toBe(true)
    await until('the banner', () => store.banners.some(({ key }) => key === 'disk_full'))
    const before = store.numbers.events
    expect(before).toBeLessThan(records)
    await until('bytes that wait', () => (ingest.list()[0]?.waiting ?? 0) > 0)

    execFileSync('mount', ['-o', 'remount,size=512m', disk])
    await until('all records', () => store.numbers.events >= records)
    await until('no banner', () => !store.banners.some(({ key }) => key === 'disk_full'))
    const [source] = ingest.list()
    expect(source).toMatchObject({ state: 'running', events: records, rejected: 0 })
    await ingest.close()
    await store.close()
    expect(await storedNumbers(data)).toEqual(upTo(records))
    console.log(`disk full after ${before} records, ${records} exactly once`)
  },
  600_000,
)
