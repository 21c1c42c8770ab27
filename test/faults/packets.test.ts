/** A capture is indexed when somebody kills the engine, or the disk is full: the next time it is indexed anew, and all of it. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Capture } from '../../shared/model/capture.ts'
import { PacketBench } from '../../electron/engine/packets/bench/bench.ts'
import { madeDatagram } from '../../electron/engine/packets/capture/made-packets.ts'
import { start, temporary } from './engine.ts'

const PACKETS = 150_000
const base = temporary('packets')
const path = join(base, 'large.pcap')
const disk = join(base, 'disk')
const mounted = mount()
afterAll(() => {
  if (mounted) execFileSync('umount', ['--lazy', disk])
  rmSync(base, { recursive: true, force: true })
})

/** The same datagram, from one of many ports each time. */
beforeAll(() => {
  const datagram = madeDatagram(0, 'again', { serverPort: 9999 })
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
  const record = 16 + datagram.length
  const bytes = Buffer.alloc(head.length + PACKETS * record)
  head.copy(bytes)
  for (let n = 0; n < PACKETS; n++) {
    const at = head.length + n * record
    bytes.writeUInt32LE(1_767_323_045 + Math.floor(n / 1000), at)
    bytes.writeUInt32LE((n % 1000) * 1000, at + 4)
    bytes.writeUInt32LE(datagram.length, at + 8)
    bytes.writeUInt32LE(datagram.length, at + 12)
    datagram.copy(bytes, at + 16)
    bytes.writeUInt16BE(1024 + (n % 20_000), at + 16 + 34)
  }
  writeFileSync(path, bytes)
})

function mount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

const settled = async (bench: PacketBench, file: string): Promise<Capture> => {
  const opened = await bench.openFiles([file])
  if (!opened.ok) throw new Error(opened.error.message)
  const thread = bench.thread(opened.value.id)
  if (!thread.ok) throw new Error(thread.error.message)
  while (thread.value.capture?.state === 'indexing' || thread.value.capture?.state === 'reading') await pause()
  return thread.value.capture!
}

describe('an engine that is killed while it indexes', () => {
  test('leaves nothing that is taken for an index', async () => {
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    let killed = 0
    // At its beginning, and later and later.
    for (const [n, later] of [0, 40, 150].entries()) {
      const data = join(base, `desk-${n}`)
      const captures = join(data, 'captures')
      const has = (name: string): boolean =>
        existsSync(captures) && readdirSync(captures).some((id) => existsSync(join(captures, id, name)))
      const packets = start(['packets', path, '--json', '--data', data])
      while (packets.child.exitCode === null && !has('columns.bin')) await pause()
      await new Promise((resolve) => setTimeout(resolve, later))
      await packets.kill()
      if (!has('meta.json')) killed++
      const bench = new PacketBench(data)
      expect(await settled(bench, path)).toMatchObject({ state: 'ready', packets: PACKETS, files: [{ packets: PACKETS, sha256, error: null }] }) // prettier-ignore
      expect(has('meta.json')).toBe(true)
      await bench.close()
    }
    expect(killed).toBeGreaterThan(0)
    console.log(`packets: killed ${killed} times while indexing`)
  }, 300_000)
})

describe.skipIf(!mounted)('a full disk (skipped: needs root to mount a small disk)', () => {
  test('is the reason that a capture failed, and the engine goes on', async () => {
    const small = join(base, 'small.pcap')
    writeFileSync(small, readFileSync(path).subarray(0, 24 + 100 * (16 + madeDatagram(0, 'again').length)))
    const packed = join(base, 'packed.pcap.gz')
    writeFileSync(packed, gzipSync(readFileSync(path)))
    const bench = new PacketBench(join(disk, 'desk'))
    const failed = await settled(bench, path)
    expect(failed).toMatchObject({ state: 'failed', problem: 'the disk is full' })
    // What was read is there to be looked at.
    const thread = bench.thread(failed.id)
    const rows = thread.ok ? await thread.value.call('rows', { view: null, from: 0, count: 3, fields: [] }) : thread
    expect(rows).toMatchObject({ ok: true, value: { rows: [{ number: 1 }, { number: 2 }, { number: 3 }] } })
    // Notes cannot be kept, which is no end of anything.
    const noted = thread.ok ? await thread.value.call('comment', { packet: 1, text: 'x'.repeat(9000) }) : thread
    expect(noted).toMatchObject({ ok: false, error: { code: 'disk_full' } })
    // Nor can another one be opened, or expanded.
    const other = await bench.openFiles([packed])
    if (other.ok) expect(await settled(bench, packed)).toMatchObject({ state: 'failed', problem: 'the disk is full' })
    else expect(['disk_full', 'unsupported_format']).toContain(other.error.code)

    execFileSync('mount', ['-o', 'remount,size=256m', disk])
    expect(await settled(bench, small)).toMatchObject({ state: 'ready', packets: 100 })
    await bench.closeCapture(failed.id)
    expect(await settled(bench, path)).toMatchObject({ id: failed.id, state: 'ready', packets: PACKETS })
    for (const { id } of bench.open) if (id !== failed.id) await bench.closeCapture(id)
    expect(await settled(bench, packed)).toMatchObject({ state: 'ready', packets: PACKETS, files: [{ error: null }] })
    await bench.close()
  }, 300_000)
})
