/** The next packet whose line or bytes hold something. */
import { RE2JS } from 're2js'
import type { OpenCapture } from './open-capture.ts'
import type { View } from './view.ts'

export interface FindAsked {
  readonly what: 'text' | 'hex' | 'regex'
  readonly where: 'line' | 'bytes'
  readonly text: string
  readonly caseSensitive: boolean
  /** Packet number behind which it begins; 0 is the beginning. Backwards: before which, 0 is the end. */
  readonly after: number
  readonly backwards: boolean
}
export interface FoundPacket {
  readonly packet: number | null
  readonly from: number
  readonly length: number
}
type Match = { readonly from: number; readonly length: number } | null

/** What is looked for, as a test of bytes; or in words what is wrong with it. */
function testOf({ what, text, caseSensitive }: FindAsked): ((bytes: Buffer) => Match) | string {
  if (what === 'hex') {
    const digits = text.replace(/[\s:.-]|0x/g, '')
    if (!/^([0-9a-f]{2})+$/i.test(digits)) return 'Pairs of hexadecimal digits are wanted.'
    const wanted = Buffer.from(digits, 'hex')
    return (bytes) => {
      const from = bytes.indexOf(wanted)
      return from < 0 ? null : { from, length: wanted.length }
    }
  }
  if (what === 'text') {
    // Letters of ASCII only: bytes have no others.
    const wanted = caseSensitive ? Buffer.from(text, 'utf8') : lower(Buffer.from(text, 'utf8'))
    return (bytes) => {
      const from = (caseSensitive ? bytes : lower(bytes)).indexOf(wanted)
      return from < 0 ? null : { from, length: wanted.length }
    }
  }
  try {
    const pattern = RE2JS.compile(text, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE)
    return (bytes) => {
      // One character for each byte, so that places are places of bytes.
      const matcher = pattern.matcher(bytes.toString('latin1'))
      return matcher.find() ? { from: matcher.start(), length: matcher.end() - matcher.start() } : null
    }
  } catch (error) {
    return error instanceof Error ? error.message : 'The expression cannot be read.'
  }
}

function lower(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let i = 0; i < copy.length; i++) if (copy[i]! >= 65 && copy[i]! <= 90) copy[i]! += 32
  return copy
}

/** A string is what is wrong with the question. Null where it was aborted. */
export async function findPacket(
  capture: OpenCapture,
  view: View | null,
  asked: FindAsked,
  progress: (scanned: number, of: number) => void,
  signal: AbortSignal,
): Promise<FoundPacket | string | null> {
  const test = testOf(asked)
  if (typeof test === 'string') return test
  const total = view === null ? capture.index.columns.length : view.total
  const step = asked.backwards ? -1 : 1
  const start = asked.after === 0 ? (asked.backwards ? total : -1) : capture.place(view, asked.after - 1)
  let at = typeof start === 'number' ? start : asked.backwards || start.exact ? start.index : start.index - 1
  let told = performance.now()
  for (let scanned = 0; ; scanned++) {
    at += step
    if (at < 0 || at >= total) return { packet: null, from: 0, length: 0 }
    const packet = view === null ? at : view.packets(at, 1)[0]
    if (packet === undefined) return { packet: null, from: 0, length: 0 }
    const bytes =
      asked.where === 'line'
        ? Buffer.from(capture.rows.lineOf(packet), asked.what === 'regex' ? 'latin1' : 'utf8')
        : asBuffer(capture.bytes.read(packet))
    const match = test(bytes)
    if (match !== null) return { packet: packet + 1, ...match }
    if (performance.now() - told > 20) {
      progress(scanned, total)
      await new Promise((resolve) => setImmediate(resolve))
      // It may have been heard just now.
      if (signal.aborted) return null
      told = performance.now()
    }
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
