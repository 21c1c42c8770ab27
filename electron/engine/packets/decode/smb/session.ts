/** What SMB's decoders remember of one connection: shares, open files, requests without an answer. Bounded. */
import type { Facts } from '../define.ts'
import { FileBudget, FilePieces } from '../file-pieces.ts'
import { Recent } from '../recent.ts'

export interface Share {
  readonly path: string
  /** As the server stated it; 0 where it stated none. */
  readonly kind: number
  /** Of the kind in which pipes are opened. */
  readonly pipes: boolean
}

export interface OpenFile {
  readonly name: string
  readonly share: Share | undefined
  readonly pieces: FilePieces
  /** As the server stated it when it was opened; -1 where that was not seen. */
  readonly size: number
  written: boolean
  /** Its object was handed over. */
  done: boolean
}

export interface Asked {
  readonly command: number
  readonly name: string
  /** Key of the file that it is about. */
  readonly file: string
  readonly offset: number
  /** Sub-command or class, where it has one. */
  readonly kind: number
}

export class SmbSession {
  readonly shares = new Recent<string, Share>(256)
  readonly files = new Recent<string, OpenFile>(1024)
  /** By message. */
  readonly asked = new Recent<number, Asked>(1024)
  /** SMB 1: tokens come without a frame, as the server had none in its first answer. */
  bare = false
  readonly #budget = new FileBudget()
  /** What is there of unfinished fragments, by direction and pipe. */
  readonly #pipes = new Recent<string, Uint8Array>(32)

  open(key: string, name: string, share: Share | undefined, size: number): void {
    this.files.set(key, { name, share, size, pieces: new FilePieces(this.#budget), written: false, done: false })
  }

  /** Bytes that were read or written. A file that was read whole is handed over at once: its closing may not be seen. */
  bytes(file: OpenFile, offset: number, bytes: Uint8Array, written: boolean, out: Facts): void {
    if (!out.wantsObjects || file.done || file.share?.pipes === true) return
    file.written ||= written
    file.pieces.add(offset, bytes)
    if (!file.written && file.size > 0 && file.pieces.reached >= file.size) this.#finish(file, out)
  }

  /** Bytes of a pipe: every fragment of DCE RPC that they complete is read. True where they are some of it. */
  pipe(key: string, direction: 0 | 1, data: Uint8Array, from: number, to: number, out: Facts): boolean {
    const name = `${direction} ${key}`
    const held = this.#pipes.take(name)
    if (held === undefined && !isRpc(data, from, to)) return false
    let [bytes, at, end] = [data, from, to]
    if (held !== undefined) {
      bytes = new Uint8Array(held.length + to - from)
      bytes.set(held)
      bytes.set(data.subarray(from, to), held.length)
      ;[at, end] = [0, bytes.length]
    }
    let read = false
    for (let n = 0; n < 64 && at < end; n++) {
      // A header may be cut behind a whole fragment.
      const short = read && end - at < HEADER
      const length = isRpc(bytes, at, end) ? fragmentLength(bytes, at) : 0
      if (length < HEADER && !short) return read
      if (short || length > end - at) {
        this.#pipes.set(name, bytes.slice(at, end))
        if (held === undefined) out.layer('dcerpc')
        return read
      }
      out.inner('dcerpc', bytes, at, at + length)
      read = true
      at += length
    }
    return read
  }

  close(key: string, out: Facts): void {
    const file = this.files.take(key)
    if (file === undefined) return
    if (out.wantsObjects && !file.done && !file.pieces.empty) this.#finish(file, out)
    file.pieces.clear()
  }

  #finish(file: OpenFile, out: Facts): void {
    const { bytes, complete } = file.pieces.join(file.written ? -1 : file.size)
    file.done = true
    file.pieces.clear()
    out.object({ kind: 'smb', host: file.share?.path ?? '', name: file.name, type: '', bytes, complete })
  }
}

/** Shares of pipes end in it. */
export const isPipeShare = (path: string): boolean => path.toUpperCase().endsWith('IPC$')

/** Of a fragment of DCE RPC. */
const HEADER = 16
const fragmentLength = (data: Uint8Array, at: number): number =>
  (data[at + 4]! & 0xf0) === 0x10 ? data[at + 8]! | (data[at + 9]! << 8) : (data[at + 8]! << 8) | data[at + 9]!

/** True where bytes of a pipe begin like DCE RPC, version 5. */
const isRpc = (data: Uint8Array, from: number, to: number): boolean =>
  to - from >= HEADER && data[from] === 5 && data[from + 1]! <= 1 && data[from + 2]! <= 20 && (data[from + 4]! & 0xee) === 0
