/**
 * A file's bytes, decompressed where its first bytes say that it is compressed: gzip and zstd by Node, xz by the system's
 * `xz` where there is one. A Windows event log, compressed or not, is its records as lines of JSON. Decompression is streamed and bounded: what expands more than {@link MAX_RATIO} times (beyond the
 * first {@link RATIO_FREE} bytes, where a small file of equal lines is no bomb) is given up.
 */
import { spawn } from 'node:child_process'
import { constants as fsConstants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { Readable, type Transform } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { evtxLines } from '../evtx/evtx-lines.ts'
import { LOOKED_THROUGH, beginsEventLog, namedEventLog } from '../evtx/file-chunks.ts'
import { ReadProblem } from './read-problem.ts'
import { ZstdFrames } from './zstd-frames.ts'

export const PIECE_BYTES = 1024 * 1024
export const MAX_RATIO = 1000
export const RATIO_FREE = 1024 * 1024 * 1024

export type Compression = 'gzip' | 'zstd' | 'xz'

/** What the first bytes of a file say about it. */
export function compressionOf(head: Uint8Array): Compression | null {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte)
  if (starts(0x1f, 0x8b)) return 'gzip'
  // A zstd file may begin with a skippable frame.
  if (
    starts(0x28, 0xb5, 0x2f, 0xfd) ||
    (((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)
  )
    return 'zstd'
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz'
  return null
}

/** Files that hold others, or captures: named so that the user knows what to do. */
export function knownOther(head: Uint8Array): Sentence | null {
  const word = ((head[0] ?? 0) << 24) | ((head[1] ?? 0) << 16) | ((head[2] ?? 0) << 8) | (head[3] ?? 0)
  switch (word >>> 0) {
    case 0x504b0304:
      return say('zip_archive')
    case 0xd4c3b2a1:
    case 0xa1b2c3d4:
    case 0x4d3cb2a1:
    case 0xa1b23c4d:
    case 0x0a0d0d0a:
      return say('capture_no_log')
    case 0x53514c69:
      return say('database')
  }
  if (head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68) return say('bzip2')
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return say('utf16')
  return null
}

/** A file that is open: what it is called makes no difference any more. */
export class OpenLog {
  readonly handle: FileHandle
  /** Device and inode. */
  readonly id: string
  /** Bytes on disk, when it was opened. */
  readonly size: number
  readonly compression: Compression | null
  /** Its content is what lies on disk, byte by byte. */
  readonly plain: boolean
  /** A Windows event log that is not compressed. */
  readonly eventLog: boolean
  /** Its name says that it is an event log: so it is one without its header too. */
  readonly #named: boolean
  #read = 0

  /** `head`: its first bytes, so many that {@link beginsEventLog} can tell. */
  constructor(handle: FileHandle, id: string, size: number, head: Uint8Array, named = false) {
    this.handle = handle
    this.id = id
    this.size = size
    this.compression = compressionOf(head)
    this.#named = named
    this.eventLog = this.compression === null && beginsEventLog(head, named)
    this.plain = this.compression === null && !this.eventLog
  }

  /** Bytes on disk that the last `pieces` went through. */
  get read(): number {
    return this.#read
  }

  /**
   * Its content from `offset` on; may be called again, one after the other. A piece is only good until the next one is asked
   * for. Throws {@link ReadProblem}.
   */
  async *pieces(offset = 0): AsyncGenerator<Uint8Array, void> {
    if (this.plain) yield* this.#plain(offset)
    else yield* skipping(asLines(this.bytes(), this.#named), offset)
  }

  /** The same from its beginning, but an event log as the bytes of the file. */
  async *bytes(): AsyncGenerator<Uint8Array, void> {
    const { compression } = this
    yield* compression === null ? this.#plain(0) : bounded(this.#decompressed(compression), () => this.#read)
  }

  /** Compressed or not. Throws as {@link pieces} does. */
  async isEventLog(): Promise<boolean> {
    if (this.plain || this.compression === null) return !this.plain
    const { head } = await beginning(this.bytes(), this.#named)
    return beginsEventLog(head, this.#named)
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  async *#plain(offset: number): AsyncGenerator<Uint8Array, void> {
    const buffer = new Uint8Array(PIECE_BYTES)
    for (let at = offset; ;) {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      at += bytesRead
      this.#read = at
      yield buffer.subarray(0, bytesRead)
    }
  }

  async *#decompressed(compression: Compression): AsyncGenerator<Uint8Array, void> {
    if (compression === 'xz') yield* byProgram(Readable.from(this.#compressed()))
    else if (compression === 'gzip') yield* through(this.#compressed(), createGunzip({ chunkSize: 256 * 1024 }), compression)
    else {
      const frames = new ZstdFrames(this.#compressed())
      // 128 MiB windows are the most that `zstd --long` writes without being asked for more.
      const params = { [constants.ZSTD_d_windowLogMax]: 27 }
      while (await frames.next())
        yield* through(frames.frame(), createZstdDecompress({ chunkSize: 256 * 1024, params }), compression)
    }
  }

  async *#compressed(): AsyncGenerator<Uint8Array, void> {
    // The place is this pass's own: the last read of a pass that was given up may end after the next one has begun.
    for (let at = 0; ;) {
      // A new buffer each time: the decompressor may still hold the last one.
      const { bytesRead, buffer } = await this.handle.read(Buffer.allocUnsafeSlow(256 * 1024), 0, 256 * 1024, at)
      if (bytesRead === 0) return
      at += bytesRead
      this.#read = at
      yield buffer.subarray(0, bytesRead)
    }
  }
}

/**
 * Throws {@link ReadProblem} (or the file system's error) where it cannot be opened or is known to be no log. With `captures` packet
 * captures are opened too.
 */
export async function openLog(path: string, captures = false): Promise<OpenLog> {
  // A FIFO without a writer must not hold the engine.
  const handle = await open(path, fsConstants.O_RDONLY | (fsConstants.O_NONBLOCK ?? 0))
  try {
    const stat = await handle.stat({ bigint: true })
    if (!stat.isFile()) throw new ReadProblem(say(stat.isDirectory() ? 'is_folder' : 'not_regular'))
    const buffer = new Uint8Array(16)
    let head = buffer.subarray(0, (await handle.read(buffer, 0, 16, 0)).bytesRead)
    const other = knownOther(head)
    if (other !== null && !(captures && other.code === 'capture_no_log')) throw new ReadProblem(other)
    const named = namedEventLog(path)
    if (named && !beginsEventLog(head, false) && compressionOf(head) === null) {
      const more = new Uint8Array(LOOKED_THROUGH)
      head = more.subarray(0, (await handle.read(more, 0, more.length, 0)).bytesRead)
    }
    return new OpenLog(handle, `${stat.dev}:${stat.ino}`, Number(stat.size), head, named)
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function* through(
  pieces: AsyncIterable<Uint8Array>,
  stream: Transform,
  compression: Compression,
): AsyncGenerator<Uint8Array, void> {
  const file = Readable.from(pieces)
  file.on('error', (error) => stream.destroy(error))
  file.pipe(stream)
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) yield piece
  } catch (error) {
    throw new ReadProblem(expandingProblem(error, compression))
  } finally {
    file.destroy()
    stream.destroy()
  }
}

/** zlib's own words are kept for what has no common name. */
function expandingProblem(error: unknown, compression: Compression): Sentence {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'Z_BUF_ERROR') return say('cut_off', { compression })
  return say('not_expanded', { compression, text: error instanceof Error ? error.message : String(error) })
}

async function* byProgram(file: Readable): AsyncGenerator<Uint8Array, void> {
  const child = spawn('xz', ['--decompress', '--stdout', '--memlimit-decompress=256MiB'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data: Buffer) => {
    if (said.length < 512) said += data.toString('utf8')
  })
  const failed = (text: string): Sentence => say('not_expanded', { compression: 'xz', text })
  const ended = new Promise<Sentence | null>((resolve) => {
    child.on('error', (error) => resolve('code' in error && error.code === 'ENOENT' ? say('no_xz') : failed(error.message)))
    child.on('close', (code) => {
      if (code === 0) resolve(null)
      else resolve(failed(code === null ? 'the program was killed' : said.trim() || `exit code ${code}`))
    })
  })
  child.stdin.on('error', () => undefined)
  file.on('error', () => child.kill())
  file.pipe(child.stdin)
  try {
    for await (const piece of child.stdout as AsyncIterable<Uint8Array>) yield piece
    const problem = await ended
    if (problem !== null) throw new ReadProblem(problem)
  } finally {
    file.destroy()
    child.kill()
  }
}

async function* bounded(pieces: AsyncGenerator<Uint8Array, void>, compressed: () => number): AsyncGenerator<Uint8Array, void> {
  let out = 0
  for await (const piece of pieces) {
    out += piece.length
    if (out > RATIO_FREE && out > compressed() * MAX_RATIO)
      throw new ReadProblem(say('expands_too_much', { times: MAX_RATIO, bytes: out }))
    yield piece
  }
}

/**
 * The first bytes of a content, as many as tell whether it is an event log, and the pieces that they are of, which are copies. With `keep`
 * the content may be read on.
 */
async function beginning(
  pieces: AsyncGenerator<Uint8Array, void>,
  named: boolean,
  keep = false,
): Promise<{ readonly head: Uint8Array; readonly parts: readonly Uint8Array[] }> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for (const wanted of named ? [8, LOOKED_THROUGH] : [8]) {
      if (length >= 8 && beginsEventLog(Buffer.concat(parts), false)) break
      while (length < wanted) {
        const next = await pieces.next()
        if (next.done === true) break
        parts.push(Uint8Array.from(next.value))
        length += next.value.length
      }
    }
  } finally {
    if (!keep) await pieces.return()
  }
  return { head: Buffer.concat(parts), parts }
}

/** An event log as lines, anything else as it is. */
async function* asLines(pieces: AsyncGenerator<Uint8Array, void>, named: boolean): AsyncGenerator<Uint8Array, void> {
  const { head, parts } = await beginning(pieces, named, true)
  async function* all(): AsyncGenerator<Uint8Array, void> {
    yield* parts
    yield* pieces
  }
  if (beginsEventLog(head, named)) yield* evtxLines(all())
  else yield* all()
}

async function* skipping(pieces: AsyncGenerator<Uint8Array, void>, offset: number): AsyncGenerator<Uint8Array, void> {
  let left = offset
  for await (const piece of pieces) {
    if (left >= piece.length) left -= piece.length
    else {
      yield left > 0 ? piece.subarray(left) : piece
      left = 0
    }
  }
}
