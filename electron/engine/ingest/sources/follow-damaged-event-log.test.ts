/** What is read of an event log that is damaged while it is followed, or is a compressed copy, and what is said of the rest. */
import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  anew,
  append,
  expectOnce,
  inPlace,
  notice,
  numbers,
  path,
  quiet,
  range,
  record,
  sink,
  start,
  stop,
  until,
  useFollowedLog,
} from '../../../../test/fixtures/followed-log.ts'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { MadeLog } from '../../evtx/made-evtx.ts'
import { EventLogs } from '../event-logs/event-logs.ts'
import { MemoryThreads } from '../memory-sink.ts'
import { openLog } from '../open-log.ts'
import { Pipeline } from '../pipeline.ts'
import { readEventLogOnce } from './event-log-once.ts'

useFollowedLog()

const CHUNK = 65_536
type Part = 'the size of its first record' | 'its first record' | 'its signature and its first record' | 'its second record'
const PARTS: readonly Part[] = [
  'the size of its first record',
  'its first record',
  'its signature and its first record',
  'its second record',
]
/**
 * The file, with zeroes where this part of a chunk was. Of the first record only what tells it: its template and names are those of the
 * others too.
 */
const damaged = (log: MadeLog, chunk: number, part: Part): Buffer => {
  const bytes = Buffer.from(log.bytes)
  const begin = 4096 + chunk * CHUNK
  const first = begin + 512
  const second = bytes.indexOf(Buffer.from('2a2a0000', 'hex'), first + 4)
  const third = bytes.indexOf(Buffer.from('2a2a0000', 'hex'), second + 4)
  if (part === 'the size of its first record') return bytes.fill(0, first + 4, first + 8)
  if (part === 'its first record') return bytes.fill(0, first, first + 24)
  if (part === 'its second record') return bytes.fill(0, second, third)
  return bytes.fill(0, begin, first + 24)
}

describe('a followed event log that is damaged', () => {
  it('waits for a chunk that is not there yet, and gives it up when nothing changes; should it come, it is read', async () => {
    const log = new MadeLog()
    append(log, 9)
    const whole = log.bytes
    const holed = Buffer.from(whole)
    holed.fill(0x55, 4096 + 65_536, 4096 + 2 * 65_536)
    await writeFile(path, holed)
    await start()
    await expectOnce([0, 1, 2, 6, 7, 8])
    expect(notice).toContain('3 records are missing (numbers 4 to 6)')
    await inPlace(whole)
    await expectOnce(range(9))
    await until(() => notice === null)
    await stop()
    await start()
    await expectOnce(range(9))
  })

  it.each(PARTS)('reads what is whole of a chunk that has lost %s, and goes on', async (part) => {
    const log = new MadeLog()
    append(log, 9)
    for (const chunk of [0, 1]) {
      const lost = 3 * chunk + (part === 'its second record' ? 1 : 0)
      anew(`${chunk}.evtx`)
      await writeFile(path, damaged(log, chunk, part))
      await start()
      const rest = range(9).filter((n) => n !== lost)
      await expectOnce(rest)
      // What was before the first record that is there is not known to be missing.
      if (lost > 0 || part === 'the size of its first record')
        expect(notice).toContain(`1 record is missing (number ${lost + 1})`)
      await stop()
      await start()
      await expectOnce(rest)
      await stop()
      anew(`${chunk}.evtx.gz`)
      await writeFile(path, gzipSync(damaged(log, chunk, part)))
      const opened = await openLog(path)
      const none = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
      const logs = new EventLogs({ feed: none, format: null, zone: 'UTC', csv: undefined, prefix: 'evtx:', positions: [] })
      await readEventLogOnce({ log: opened, logs, origin: path, file: path, stopped: () => false })
      await opened.close()
      await none.drained()
      expect(numbers()).toEqual(rest)
    }
  })

  it('reads what is whole of a chunk that is damaged once another one follows it', async () => {
    const log = new MadeLog()
    append(log, 6)
    await writeFile(path, damaged(log, 1, 'the size of its first record'))
    await start()
    await expectOnce([0, 1, 2])
    append(log, 1)
    await inPlace(damaged(log, 1, 'the size of its first record'))
    await expectOnce([0, 1, 2, 4, 5, 6])
  })

  it('keeps a record that cannot be read as rejected, once', async () => {
    const log = new MadeLog()
    append(log, 1)
    log.append({ ...record(10), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x77) })
    append(log, 1)
    await writeFile(path, log.bytes)
    await start()
    await expectOnce([0, 2])
    await stop()
    await start()
    await quiet()
    expect(sink.rejects.map(({ record: number, reason }) => [number, inEnglish(reason)])).toEqual([
      [2, expect.stringContaining('unknown token') as string],
    ])
  })

  it('keeps a record that cannot be read in a chunk without a good checksum too, when it does not become better', async () => {
    const log = new MadeLog()
    append(log, 1)
    log.append({ ...record(10), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x77) }, true)
    append(log, 1)
    const bytes = log.bytes
    bytes.writeUInt32LE(7, 4096 + 52)
    await writeFile(path, bytes)
    await start()
    await expectOnce([0, 2])
    expect(sink.rejects).toHaveLength(1)
  })
})
