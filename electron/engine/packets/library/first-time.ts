/** The time of a capture's first packet, read from its first bytes: so its place in time is known before it is indexed. */
import { rmSync } from 'node:fs'
import { openContent } from '../capture/content.ts'
import { ReadProblem } from '../../ingest/read-problem.ts'
import { PacketSource } from '../capture/packet-source.ts'

const STRETCH = 4096

/**
 * Seconds since 1970; null where no time is stated or there is no packet yet; 'other' where the file is no capture. Throws the file
 * system's error. `spool` is a path for what a compressed file expands to.
 */
export async function firstTime(path: string, spool: string): Promise<number | null | 'other'> {
  const source = new PacketSource(openContent(path, spool), STRETCH, 1)
  try {
    if (!(await source.begin())) {
      if (source.content.problem !== null) throw new ReadProblem(source.content.problem)
      return 'other'
    }
    if (!(await source.next())) return null
    const seconds = source.batch.seconds[0]!
    return Number.isNaN(seconds) ? null : seconds + source.batch.nanos[0]! / 1e9
  } finally {
    source.close()
    if (source.content.compression !== null) rmSync(spool, { force: true })
  }
}
