/** The format of a file, from its first whole records. */
import { Buffer } from 'node:buffer'
import type { OpenLog } from './open-log.ts'
import type { Framing } from './parsers/define.ts'
import { parserById, recogniseText } from './parsers/registry.ts'

const HEAD_BYTES = 64 * 1024
/** Where no line ends in the head, the first line is passed over; so much of it. */
const LONGEST_FIRST = 256 * 1024 * 1024

/** The format of lines that event logs become. */
export const EVENT_LOG_FORMAT = 'windows-json'

export interface Format {
  readonly id: string
  readonly framing: Framing
  readonly stateless: boolean
}

/** A format by its id, or null where there is none of that name. */
export function formatById(id: string, framing?: Framing): Format | null {
  const parser = parserById(id)
  return parser === undefined ? null : { id, framing: framing ?? parser.framing, stateless: parser.stateless }
}

/** As {@link recogniseLog}; but of an event log it is known, whatever its first records are: they may all be damaged. */
export async function recogniseOpened(log: OpenLog, fileName: string): Promise<Format | null> {
  return (await log.isEventLog()) ? formatById(EVENT_LOG_FORMAT) : recogniseLog(log.pieces(), fileName)
}

/** `null`: no format known here. Reads no more than it needs. */
export async function recogniseLog(pieces: AsyncIterable<Uint8Array>, fileName: string): Promise<Format | null> {
  const { text, whole } = await headOf(pieces)
  return recogniseHead(text, fileName, whole)
}

export function recogniseHead(text: string, fileName: string, whole: boolean): Format | null {
  const found = recogniseText(text, fileName, whole)
  return found === null ? null : { id: found.parser.id, framing: found.framing, stateless: found.parser.stateless }
}

/** The first bytes as text; those after the first line where that alone is longer. */
export async function headOf(pieces: AsyncIterable<Uint8Array>): Promise<{ text: string; whole: boolean }> {
  const parts: Uint8Array[] = []
  let length = 0
  let passed = 0
  let ended = false
  let passing = false
  for await (const piece of pieces) {
    for (let part = piece; ;) {
      if (passing) {
        const end = part.indexOf(0x0a)
        passed += end < 0 ? part.length : end
        if (end < 0 && passed > LONGEST_FIRST) return { text: '', whole: false }
        if (end < 0) break
        part = part.subarray(end + 1)
        passing = false
      }
      const head = part.subarray(0, HEAD_BYTES - length)
      parts.push(Uint8Array.from(head))
      length += head.length
      ended ||= head.includes(0x0a)
      if (length < HEAD_BYTES) break
      if (ended || passed > 0) return { text: decoded(parts), whole: false }
      // No line ends here: what the first line is cannot be said, so those behind it are asked.
      passed = length
      parts.length = 0
      length = 0
      passing = true
      part = part.subarray(head.length)
    }
  }
  return { text: decoded(parts), whole: passed === 0 }
}

function decoded(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).subarray(0, HEAD_BYTES).toString('utf8')
}

/** What a followed source is read as where nothing is recognised: each record needs no more than a time. */
const FALLBACK = 'text'

/**
 * The format of a source whose user may have named one. Not `sure`: not recognised (yet), and `format` is the fallback, or
 * null where there is no whole record to judge by.
 */
export async function chooseFormat(
  pieces: AsyncIterable<Uint8Array>,
  fileName: string,
  wanted: string | null,
): Promise<{ format: Format | null; sure: boolean }> {
  const { text, whole } = await headOf(pieces)
  if (wanted !== null) {
    // The format is given, but whether its objects stand on lines is seen only in the file.
    const json = wanted === 'text' ? null : recogniseHead(text, fileName, whole)
    return { format: formatById(wanted, json?.framing === 'json' ? 'json' : undefined), sure: true }
  }
  // What is there may be cut in the middle of a record: only whole lines count.
  const found = recogniseHead(text, fileName, false)
  if (found !== null) return { format: found, sure: true }
  // An object over several lines may only have begun.
  const begun = /^\s*[[{]/.test(text) && text.length < HEAD_BYTES / 2
  return { format: text.includes('\n') && !begun ? formatById(FALLBACK) : null, sure: false }
}
