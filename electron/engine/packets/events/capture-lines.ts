/** A capture file as the lines of its events, piece by piece. */
import { mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { say } from '../../../../shared/model/sentence.ts'
import type { Stopped } from '../capture/batch.ts'
import { PacketSource } from '../capture/packet-source.ts'
import { ReadProblem } from '../../ingest/read-problem.ts'
import { EventLines } from './event-lines.ts'
import { EventPass } from './event-pass.ts'
import { openHashed } from './hashed-content.ts'

export interface CaptureStart {
  readonly path: string
  /** Folder for files that are needed while it is read; made where it is missing. */
  readonly scratch: string
  /**
   * Numbers of packets at which the capture ended when it was read before; it grew since. Flows end there, so that what was said
   * then is said again in the same way, and only then what came later.
   */
  readonly ends: readonly number[]
  /** Lines that are left out: they are stored already. */
  readonly skip: number
}

export interface CapturePiece {
  /** Whole lines. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Bytes on disk that were read. */
  readonly read: number
  /** `Position.tail`: all that was read of the capture's uncompressed bytes (see ingest/content-hash.ts). From the end of the packets on their number stands behind it. */
  readonly tail: string
  /** In the last piece. */
  readonly end: { readonly packets: number; readonly stopped: Stopped | null } | null
}

/** Packets between two looks at the clock; characters that make a piece. */
const AT_ONCE = 512
const PIECE = 256 * 1024

/** `rest` is called every few milliseconds, for other work of the thread. Throws the file system's error, or what the file is. */
export async function* captureLines(start: CaptureStart, rest: () => Promise<void>): AsyncGenerator<CapturePiece, void> {
  mkdirSync(start.scratch, { recursive: true, mode: 0o700 })
  const content = await openHashed(start.path)
  const source = new PacketSource(content)
  let pass: EventPass | null = null
  try {
    if (!(await source.begin())) throw new ReadProblem(say('no_capture'))
    const lines = new EventLines(basename(start.path), start.skip)
    const id = `C${content.begin}`
    const emit = lines.add.bind(lines)
    const ends = [...new Set(start.ends)].filter((end) => end > 0).sort((a, b) => a - b)
    pass = new EventPass(id, start.scratch, { packets: 0, flows: 0 }, emit)
    /** Packets there are, once that is known. */
    let over = -1
    let rested = performance.now()
    const piece = (end: CapturePiece['end']): CapturePiece => ({
      bytes: lines.take(),
      read: content.done,
      tail: over < 0 ? content.tail : `${content.tail}:${over}`,
      end,
    })
    const pause = async (): Promise<void> => {
      if (performance.now() - rested < 8) return
      await rest()
      rested = performance.now()
    }
    for (;;) {
      const next = source.next()
      if (!(typeof next === 'boolean' ? next : await next)) break
      const { length } = source.batch
      for (let at = 0; at < length;) {
        const end = ends[0]
        if (end !== undefined && pass.packets >= end) {
          for (const _ of pass.end()) {
            if (lines.waiting >= PIECE) yield piece(null)
            await pause()
          }
          const from: { readonly packets: number; readonly flows: number } = { packets: pass.packets, flows: pass.flows }
          pass.close()
          pass = new EventPass(id, start.scratch, from, emit)
          ends.shift()
        }
        const to = Math.min(length, at + AT_ONCE, ends[0] === undefined ? Infinity : at + ends[0] - pass.packets)
        pass.take(source, at, to)
        at = to
        if (lines.waiting >= PIECE) yield piece(null)
        await pause()
      }
      // Nothing to store, but the reader wants to know how far it is.
      if (lines.waiting === 0) yield piece(null)
    }
    over = pass.packets
    for (const _ of pass.end()) {
      if (lines.waiting >= PIECE) yield piece(null)
      await pause()
    }
    yield piece({ packets: pass.packets, stopped: source.stopped })
  } finally {
    pass?.close()
    source.close()
  }
}
