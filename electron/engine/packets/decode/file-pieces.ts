/** A file put together from reads and writes of it at offsets (SMB). What was there first stays. Memory is bounded. */

/** Largest file that is put together. */
const MOST_BYTES = 64 << 20
const MOST_PIECES = 65_536

/** Bytes that all files of a flow may hold at a time. */
export class FileBudget {
  left = 128 << 20
}

export class FilePieces {
  #pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = []
  #held = 0
  #reached = 0
  #dropped = false
  readonly #budget: FileBudget

  constructor(budget: FileBudget) {
    this.#budget = budget
  }

  get empty(): boolean {
    return this.#pieces.length === 0
  }

  /** Bytes from the beginning on that are there, as far as they came in order. */
  get reached(): number {
    return this.#reached
  }

  /** Copies the bytes. */
  add(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const { length } = bytes
    if (offset < 0 || offset + length > MOST_BYTES || length > this.#budget.left || this.#pieces.length >= MOST_PIECES) {
      this.#dropped = true
      return
    }
    this.#pieces.push({ offset, bytes: bytes.slice() })
    this.#held += length
    if (offset <= this.#reached) this.#reached = Math.max(this.#reached, offset + length)
    this.#budget.left -= length
  }

  /** Gives its memory back. */
  clear(): void {
    this.#budget.left += this.#held
    this.#held = 0
    this.#reached = 0
    this.#pieces = []
  }

  /** The file; holes are zeros. `size` where it is known, otherwise -1. Complete where no byte is missing. */
  join(size: number): { readonly bytes: Uint8Array; readonly complete: boolean } {
    let end = 0
    for (const { offset, bytes } of this.#pieces) end = Math.max(end, offset + bytes.length)
    const whole = new Uint8Array(end)
    const ordered = [...this.#pieces].sort((a, b) => a.offset - b.offset)
    let reached = 0
    let complete = !this.#dropped
    for (const { offset, bytes } of ordered) {
      if (offset > reached) complete = false
      const fresh = Math.max(0, Math.min(bytes.length, reached - offset))
      whole.set(bytes.subarray(fresh), offset + fresh)
      reached = Math.max(reached, offset + bytes.length)
    }
    return { bytes: whole, complete: complete && (size < 0 || reached >= size) }
  }
}
