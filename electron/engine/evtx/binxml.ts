/**
 * Binary XML of event logs: [MS-EVEN6] 2.2.12 and 3.1.4.7, as it lies in the chunks of a file (the differences are described at
 * https://github.com/libyal/libevtx, "Windows XML Event Log (EVTX) format"). A fragment becomes a tree, in which substitutions stand
 * for values that come with each record.
 */
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import { quoted } from './json-bytes.ts'
import { KnownTexts } from './known-texts.ts'
import type { Bytes } from './values.ts'

/** What cannot be binary XML, and where in the chunk. */
export class BinXmlProblem extends Error {
  readonly why: Sentence
  /** Byte of the chunk. */
  readonly at: number
  constructor(why: Sentence, at: number) {
    super(inEnglish(why))
    this.why = why
    this.at = at
  }
}

export interface Text {
  readonly kind: 'text'
  readonly value: string
  /** As JSON, in its quotes. */
  readonly json: Uint8Array
}
export interface Substitution {
  readonly kind: 'value'
  readonly index: number
  readonly optional: boolean
}
export type Part = Text | Substitution
export interface Attribute {
  readonly name: string
  readonly parts: readonly Part[]
}
export interface Element {
  readonly kind: 'element'
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly content: Content
}
/** What stands in an element, in a template or in a value. */
export interface Content {
  readonly nodes: readonly Node[]
  /** What is worked out of it for writing, once; see record-json.ts. */
  shape: unknown
}
/** A template with the values of one place where it is used. */
export interface Instance {
  readonly kind: 'instance'
  readonly template: Content
  /** Type, place and size of each value, one after the other. */
  readonly values: readonly number[]
}
export type Node = Element | Part | Instance

const FRAGMENT_END = 0x00
const OPEN = 0x01
const CLOSE_START = 0x02
const CLOSE_EMPTY = 0x03
const END = 0x04
const VALUE = 0x05
const ATTRIBUTE = 0x06
const CDATA = 0x07
const CHARACTER = 0x08
const ENTITY = 0x09
const PI_TARGET = 0x0a
const PI_DATA = 0x0b
const TEMPLATE = 0x0c
const NORMAL = 0x0d
const OPTIONAL = 0x0e
const HEADER = 0x0f
/** Of tokens that are followed by more of their kind. */
const MORE = 0x40

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
/** Elements inside elements; Windows itself allows less. */
const MOST_DEPTH = 64
const MOST_VALUES = 65_535

/** The binary XML of one chunk: its names and templates are read once. */
export class ChunkXml implements Bytes {
  readonly data: Uint8Array
  readonly view: DataView
  readonly #names = new Map<number, string>()
  readonly #templates = new Map<number, Content>()
  #depth = 0

  constructor(data: Uint8Array) {
    this.data = data
    this.view = new DataView(data.buffer, data.byteOffset, data.length)
  }

  /** What stands in a fragment. `inside`: it is a value, whose elements have no dependency number. Throws {@link BinXmlProblem}. */
  fragment(from: number, to: number, inside: boolean): Content {
    const cursor = { at: from, to: Math.min(to, this.data.length) }
    const nodes: Node[] = []
    while (cursor.at < cursor.to) {
      const token = this.#u8(cursor)
      if (token === FRAGMENT_END) break
      if (token === HEADER) cursor.at += 3
      else this.#node(cursor, token, inside, nodes)
    }
    return { nodes, shape: null }
  }

  #node(cursor: Cursor, token: number, inside: boolean, nodes: Node[]): void {
    const at = cursor.at - 1
    switch (token & ~MORE) {
      case OPEN:
        nodes.push(this.#element(cursor, (token & MORE) !== 0, inside))
        return
      case TEMPLATE:
        nodes.push(this.#instance(cursor))
        return
      case PI_TARGET:
        this.#name(cursor)
        return
      case PI_DATA:
        cursor.at += 2 * this.#u16(cursor)
        return
      default: {
        const part = this.#part(cursor, token)
        if (part === null) throw new BinXmlProblem(say('binxml_token', { token }), at)
        nodes.push(part)
      }
    }
  }

  /** A part of a text; null where the token is none. */
  #part(cursor: Cursor, token: number): Part | null {
    switch (token & ~MORE) {
      case VALUE: {
        const type = this.#u8(cursor)
        if (type !== 1) throw new BinXmlProblem(say('binxml_literal', { type }), cursor.at - 1)
        return text(this.#characters(cursor))
      }
      case CDATA:
        return text(this.#characters(cursor))
      case CHARACTER: {
        return text(String.fromCharCode(this.#u16(cursor)))
      }
      case ENTITY: {
        const name = this.#name(cursor)
        return text(Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : `&${name};`)
      }
      case NORMAL:
      case OPTIONAL: {
        const index = this.#u16(cursor)
        cursor.at += 1
        return { kind: 'value', index, optional: (token & ~MORE) === OPTIONAL }
      }
      default:
        return null
    }
  }

  #element(cursor: Cursor, hasAttributes: boolean, inside: boolean): Element {
    if (++this.#depth > MOST_DEPTH) throw new BinXmlProblem(say('binxml_deep_elements'), cursor.at)
    try {
      if (!inside) cursor.at += 2
      // The element's size: its end is found by its tokens.
      cursor.at += 4
      const name = this.#name(cursor)
      const attributes: Attribute[] = []
      if (hasAttributes) cursor.at += 4
      let token = this.#u8(cursor)
      while ((token & ~MORE) === ATTRIBUTE) {
        const own = this.#name(cursor)
        const parts: Part[] = []
        for (token = this.#u8(cursor); ; token = this.#u8(cursor)) {
          const part = this.#part(cursor, token)
          if (part === null) break
          parts.push(part)
        }
        attributes.push({ name: own, parts })
      }
      const children: Node[] = []
      if (token === CLOSE_START) {
        for (token = this.#u8(cursor); token !== END; token = this.#u8(cursor)) this.#node(cursor, token, inside, children)
      } else if (token !== CLOSE_EMPTY) throw new BinXmlProblem(say('binxml_start_token', { token }), cursor.at - 1)
      return { kind: 'element', name, attributes, content: { nodes: children, shape: null } }
    } finally {
      this.#depth--
    }
  }

  #instance(cursor: Cursor): Instance {
    // An unknown byte, and the template's id, which its place says better.
    cursor.at += 5
    const offset = this.#u32(cursor)
    // Where the template stands here, for the first time.
    const here = offset === cursor.at
    const template = this.#template(offset)
    if (here) cursor.at = offset + 24 + this.view.getUint32(offset + 20, true)
    const at = cursor.at
    const count = this.#u32(cursor)
    if (count > MOST_VALUES || cursor.at + 4 * count > cursor.to) throw new BinXmlProblem(say('binxml_values', { count }), at)
    // No typed array: of more than 64 bytes it lies outside the heap, and making one for each record costs the collector a tenth of all time.
    const values = new Array<number>(3 * count)
    let place = cursor.at + 4 * count
    for (let i = 0; i < count; i++) {
      const size = this.#u16(cursor)
      values[3 * i] = this.#u8(cursor)
      values[3 * i + 1] = place
      values[3 * i + 2] = size
      cursor.at += 1
      place += size
    }
    if (place > cursor.to) throw new BinXmlProblem(say('binxml_values_end'), cursor.at)
    cursor.at = place
    return { kind: 'instance', template, values }
  }

  #template(offset: number): Content {
    const known = this.#templates.get(offset)
    if (known !== undefined) return known
    if (offset + 24 > this.data.length) throw new BinXmlProblem(say('binxml_template_outside'), offset)
    const size = this.view.getUint32(offset + 20, true)
    if (offset + 24 + size > this.data.length) throw new BinXmlProblem(say('binxml_template_end'), offset)
    if (++this.#depth > MOST_DEPTH) throw new BinXmlProblem(say('binxml_deep_templates'), offset)
    try {
      const content = this.fragment(offset + 24, offset + 24 + size, false)
      this.#templates.set(offset, content)
      return content
    } finally {
      this.#depth--
    }
  }

  /** A name stands where it is first used; later uses point there. */
  #name(cursor: Cursor): string {
    const offset = this.#u32(cursor)
    let name = this.#names.get(offset)
    if (offset === cursor.at || name === undefined) {
      if (offset + 8 > this.data.length) throw new BinXmlProblem(say('binxml_name_outside'), cursor.at - 4)
      const length = this.view.getUint16(offset + 6, true)
      const end = offset + 8 + 2 * length
      if (end > this.data.length) throw new BinXmlProblem(say('binxml_name_end'), offset)
      name ??= texts.utf16(this, offset + 8, end)
      this.#names.set(offset, name)
      if (offset === cursor.at) cursor.at = end + 2
    }
    return name
  }

  #characters(cursor: Cursor): string {
    const length = this.#u16(cursor)
    const end = cursor.at + 2 * length
    if (end > cursor.to) throw new BinXmlProblem(say('binxml_text_end'), cursor.at)
    const found = texts.utf16(this, cursor.at, end)
    cursor.at = end
    return found
  }

  #u8(cursor: Cursor): number {
    if (cursor.at >= cursor.to) throw new BinXmlProblem(say('binxml_early_end'), cursor.at)
    return this.data[cursor.at++]!
  }
  #u16(cursor: Cursor): number {
    if (cursor.at + 2 > cursor.to) throw new BinXmlProblem(say('binxml_early_end'), cursor.at)
    cursor.at += 2
    return this.view.getUint16(cursor.at - 2, true)
  }
  #u32(cursor: Cursor): number {
    if (cursor.at + 4 > cursor.to) throw new BinXmlProblem(say('binxml_early_end'), cursor.at)
    cursor.at += 4
    return this.view.getUint32(cursor.at - 4, true)
  }
}

interface Cursor {
  at: number
  readonly to: number
}

class Literal implements Text {
  readonly kind = 'text'
  readonly value: string
  #json: Uint8Array | null = null

  constructor(value: string) {
    this.value = value
  }

  get json(): Uint8Array {
    return (this.#json ??= quoted(this.value))
  }
}
const text = (value: string): Text => new Literal(value)

/** Names and literals are the same in every chunk. */
const texts = new KnownTexts()
