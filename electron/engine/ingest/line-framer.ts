/** Records that end at LF or CRLF. */
import { Framer } from './framer.ts'

const LF = 0x0a
const CR = 0x0d

export class LineFramer extends Framer {
  protected scan(): void {
    const view = this.buffer.subarray(0, this.filled)
    while (!this.full) {
      const end = view.indexOf(LF, this.scanned)
      if (end < 0) {
        this.scanned = this.filled
        return
      }
      this.add(this.recordStart, end > this.recordStart && view[end - 1] === CR ? end - 1 : end, end + 1)
      this.recordStart = end + 1
      this.scanned = end + 1
    }
  }

  protected pass(piece: Uint8Array): { length: number; lineEnd: number } {
    const end = piece.indexOf(LF)
    if (end < 0) return { length: piece.length, lineEnd: -1 }
    const before = end > 0 ? piece[end - 1] : this.passed.at(-1)
    return { length: end + 1, lineEnd: before === CR ? 2 : 1 }
  }

  protected last(): void {
    if (this.filled === this.recordStart) {
      this.cut = this.filled
      return
    }
    const end = this.filled - 1 > this.recordStart && this.buffer[this.filled - 1] === CR ? this.filled - 1 : this.filled
    this.add(this.recordStart, end, this.filled)
    this.recordStart = this.filled
    this.scanned = this.filled
  }
}
