/**
 * The format of what one sender sends. A relay passes on what many programs wrote, so it is told for each shape of record, by
 * the first records of that shape.
 */
import { Buffer } from 'node:buffer'
import { formatById, recogniseHead, type Format } from '../recognise-log.ts'

/** What is not recognised is read as syslog without a head; after so many records of a shape no more is tried. */
const FALLBACK = 'syslog-3164'
const TRIES = 64
const HEAD_BYTES = 64 * 1024
/** CEF and LEEF stand behind a syslog head. */
const MARK_BYTES = 512

type Shape = 'cef' | 'leef' | 'json' | 'priority' | 'other'

interface Known {
  format: Format | null
  tries: number
}

export class SenderFormats {
  readonly #wanted: Format | null
  readonly #fallback: Format
  readonly #known = new Map<Shape, Known>()

  /** `wanted`: the parser that the user named; a name that there is no parser of counts as none. */
  constructor(wanted: string | null) {
    this.#wanted = wanted === null ? null : formatById(wanted)
    this.#fallback = formatById(FALLBACK)!
  }

  of(record: Uint8Array): Format {
    if (this.#wanted !== null) return this.#wanted
    const text = Buffer.from(record.buffer, record.byteOffset, Math.min(record.length, HEAD_BYTES))
    const shape = shapeOf(text)
    let known = this.#known.get(shape)
    if (known === undefined) this.#known.set(shape, (known = { format: null, tries: 0 }))
    if (known.format === null && known.tries < TRIES) {
      known.tries++
      const found = recogniseHead(`${text.toString('utf8').replaceAll('\n', ' ')}\n`, '', false)
      // What needs a header line (CSV) is not guessed from a record.
      if (found?.stateless) known.format = found
    }
    return known.format ?? this.#fallback
  }
}

function shapeOf(text: Buffer): Shape {
  if (text[0] === 0x7b) return 'json'
  const head = text.toString('latin1', 0, MARK_BYTES)
  if (head.includes('CEF:')) return 'cef'
  if (head.includes('LEEF:')) return 'leef'
  return text[0] === 0x3c ? 'priority' : 'other'
}
