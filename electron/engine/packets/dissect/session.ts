/** The one slice that the dissectors have read, in the process that runs them. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { fail, ok } from '../../../../shared/model/result.ts'
import type { Dissected, SentSlice } from './requests.ts'
import type { DissectSession, WiregasmLib } from './wiregasm.ts'
import { showColumns } from './wiregasm.ts'

/** Files longer than this are not given: positions in the dissectors' memory are 32 bits. */
const MOST_FILE = 2 ** 31 - 1

export interface Reading {
  /** Called while the dissectors read: `position` of `size` bytes. */
  read(position: number, size: number): void
}

export class Session {
  readonly #lib: WiregasmLib
  readonly #path: string
  readonly #reading: Reading
  #session: DissectSession | null = null
  #key = 0
  #columns = ''
  #file: number | null = null
  #numbers: Float64Array | null = null
  #indexes: Map<number, number> | null = null

  constructor(lib: WiregasmLib, reading: Reading) {
    this.#lib = lib
    this.#reading = reading
    this.#path = `${lib.getUploadDirectory()}/slice`
  }

  /** The key of the slice that is read; 0 for none. */
  get key(): number {
    return this.#key
  }

  /** Reads the slice, if it is not the one that is read, with columns of these fields. */
  open({ key, file, numbers }: SentSlice, fields: readonly string[] = []): Dissected<DissectSession> {
    const columns = fields.join(' ')
    if (this.#session !== null && this.#key === key && (columns === '' || columns === this.#columns)) return ok(this.#session)
    const again = this.#session !== null && this.#key === key
    if (file === null && !again) return fail({ reason: 'failed', message: 'a slice was named that was not sent' })
    this.#session?.delete()
    this.#session = null
    this.#key = 0
    if (!again && file !== null) {
      const mounted = this.#mount(file)
      if (!mounted.ok) return mounted
      this.#numbers = numbers
      this.#indexes = null
    }
    if (columns !== this.#columns) showColumns(this.#lib, fields.length > 0 ? fields : null)
    this.#columns = columns
    const session = new this.#lib.DissectSession(this.#path)
    const { code, error } = session.load()
    if (code !== 0) {
      session.delete()
      return fail({ reason: 'failed', message: `the dissectors cannot read the slice: ${error || `error ${code}`}` })
    }
    this.#session = session
    this.#key = key
    return ok(session)
  }

  /** Number in the capture of a packet of the slice. */
  real = (number: number): number | null => {
    if (number < 1) return null
    return this.#numbers === null ? number : (this.#numbers[number - 1] ?? null)
  }

  /** The slice is the capture from its first packet on, without a gap: what is counted in it is right. */
  get isWhole(): boolean {
    return this.#numbers === null || this.#numbers.every((number, i) => number === i + 1)
  }

  /** Number in the slice of a packet of the capture. */
  inSlice(number: number): Dissected<number> {
    if (this.#numbers === null) return ok(number)
    this.#indexes ??= new Map(Array.from(this.#numbers, (real, i) => [real, i + 1]))
    const index = this.#indexes.get(number)
    return index === undefined ? fail({ reason: 'refused', message: `packet ${number} is not in the slice` }) : ok(index)
  }

  /** The dissectors see one file. What they read comes from here, nothing is copied to them beforehand. */
  #mount(file: { readonly bytes: Uint8Array } | { readonly path: string }): Dissected<null> {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
    const { FS } = this.#lib
    FS.writeFile(this.#path, new Uint8Array(0))
    const { node } = FS.lookupPath(this.#path)
    let size: number
    let read: (into: Uint8Array, offset: number, length: number, position: number) => number
    if ('bytes' in file) {
      const { bytes } = file
      size = bytes.length
      read = (into, offset, length, position) => {
        const part = bytes.subarray(position, position + length)
        into.set(part, offset)
        return part.length
      }
    } else {
      try {
        const descriptor = openSync(file.path, 'r')
        this.#file = descriptor
        size = fstatSync(descriptor).size
        read = (into, offset, length, position) => readSync(descriptor, into, offset, length, position)
      } catch (error) {
        return fail({ reason: 'failed', message: `the file of the slice cannot be read: ${String(error)}` })
      }
    }
    if (size > MOST_FILE) return fail({ reason: 'refused', message: `a slice of ${size} bytes is too long for the dissectors` })
    node.usedBytes = size
    node.stream_ops = {
      ...node.stream_ops,
      read: (_stream, into, offset, length, position) => {
        this.#reading.read(position, size)
        return position >= size ? 0 : read(into, offset, Math.min(length, size - position), position)
      },
    }
    return ok(null)
  }
}
