/** Packets of a capture into a new pcapng file, which says where they came from. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { PcapngWriter, recordKind } from '../capture/write-pcapng.ts'
import type { OpenCapture } from '../bench/open-capture.ts'
import { ReadProblem } from '../../ingest/read-problem.ts'
import { CHUNK } from '../index/columns.ts'
import { VERSION } from '../../version.ts'

/** In the column of interfaces: a record that is no packet. */
const NO_NUMBER = 0xffff
/** Bytes that are gathered before they are written. */
const PIECE = 4 << 20

export interface Carved {
  readonly path: string
  readonly packets: number
  readonly bytes: number
  readonly sha256: string
  /** There were more packets than `most` bytes hold. */
  readonly cut: boolean
}

/**
 * Writes the packets (indexes from 0, ascending) to `path`, which must not exist yet. `what` says in words which packets they
 * are; `most` bytes at most, but for what follows the last packet that fits. Aborted, nothing stays. Throws the file system's error.
 */
export async function carve(
  capture: OpenCapture,
  packets: Iterable<number>,
  what: string,
  path: string,
  progress: (written: number, packet: number) => void,
  signal: AbortSignal,
  most = Infinity,
): Promise<Carved | null> {
  const { index } = capture
  const { known } = index
  const writer = new PcapngWriter({ comments: [originOf(capture, what)], application: `Watchfloor ${VERSION}` })
  const numbers = known.interfaces.map((iface) => writer.interface(iface))
  // What cannot be told stays bytes.
  let other = -1
  const keys = capture.index.known.secrets
  if (keys.length > 0) writer.secrets(`${keys.join('\n')}\n`)
  const part = `${path}.part`
  const fd = openSync(part, 'wx', 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  let count = 0
  let cut = false
  let finished = false
  const put = (): void => {
    const piece = writer.take()
    hash.update(piece)
    for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at)
    bytes += piece.length
  }
  try {
    let told = performance.now()
    for (const packet of packets) {
      if (signal.aborted) return null
      if (bytes + writer.pending >= most) {
        cut = true
        break
      }
      const chunk = index.columns.chunk(Math.floor(packet / CHUNK))
      const row = packet % CHUNK
      count++
      const kind = chunk.iface[row] === NO_NUMBER ? recordKind(capture.bytes.before(packet, 12)) : null
      if (kind !== null) {
        writer.record({ ...kind, bytes: capture.bytes.read(packet) })
        if (writer.pending >= PIECE) put()
        continue
      }
      const iface = numbers[chunk.iface[row]!] ?? (other < 0 ? (other = writer.interface({ linkType: 147 })) : other)
      const content = capture.bytes.read(packet)
      if (content.length < chunk.captured[row]!)
        throw new ReadProblem(`the bytes of packet ${packet + 1} are not there any more: the capture was changed or taken away`)
      writer.packet(iface, {
        bytes: content,
        wire: chunk.wire[row]!,
        seconds: chunk.seconds[row]!,
        nanos: chunk.nanos[row]!,
        comments: commentsOf(capture, packet),
      })
      if (writer.pending >= PIECE) put()
      if (performance.now() - told > 20) {
        progress(count, packet)
        await new Promise((resolve) => setImmediate(resolve))
        told = performance.now()
      }
    }
    put()
    fsyncSync(fd)
    finished = true
  } finally {
    closeSync(fd)
    if (!finished) rmSync(part, { force: true })
  }
  renameSync(part, path)
  return { path, packets: count, bytes, sha256: hash.digest('hex'), cut }
}

function commentsOf(capture: OpenCapture, packet: number): string[] {
  const made = capture.annotations.commentOf(packet + 1)
  const own = capture.index.known.packetComments.get(packet + 1) ?? []
  return made === undefined ? own : [...own, made]
}

/** Names and hashes of the files, and what was chosen of them. */
function originOf({ index }: OpenCapture, what: string): string {
  const files = index.known.files
    .slice(0, 50)
    .map(
      ({ path, size, sha256 }) =>
        `${path.slice(path.lastIndexOf('/') + 1)} (${size} bytes${sha256 === null ? '' : `, SHA-256 ${sha256}`})`,
    )
  const more = index.known.files.length > 50 ? ` and ${index.known.files.length - 50} more` : ''
  return `Carved by Watchfloor from ${files.join(', ')}${more}. Packets: ${what}.`
}
