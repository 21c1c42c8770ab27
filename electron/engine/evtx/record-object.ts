/**
 * A record's binary XML as the object that a JSON reader makes of its line (see record-json.ts), without writing the line: for rules over
 * files, which need no line. A record that such an object cannot be made of in this way is {@link Unusual}: then its line is read.
 */
import { say } from '../../../shared/model/sentence.ts'
import { BinXmlProblem, type ChunkXml, type Content, type Instance, type Node, type Part } from './binxml.ts'
import type { Json } from './event-object.ts'
import { KnownTexts } from './known-texts.ts'
import { plainText, plainValue } from './plain-values.ts'
import { MOST_DEPTH, MOST_NODES, shapeOf, type Member, type Shape } from './record-shape.ts'
import { BINXML_TYPE, NULL_TYPE } from './values.ts'

/** Not an error of the record. */
export class Unusual extends Error {}

/** Bytes of values in one record: no more than a chunk has, unless values are used again and again. */
const MOST_BYTES = 256 * 1024

const NONE: readonly number[] = []

type Members = Record<string, Json>

export class RecordObject {
  readonly #texts = new KnownTexts()
  #chunk: ChunkXml
  #values: readonly number[] = NONE
  #depth = 0
  #nodes = 0
  #bytes = 0

  constructor(chunk: ChunkXml) {
    this.#chunk = chunk
  }

  /** Records of another chunk follow. */
  set chunk(chunk: ChunkXml) {
    this.#chunk = chunk
  }

  /** The fragment from `at` to `to`. Throws {@link BinXmlProblem} or {@link Unusual}. */
  make(at: number, to: number): Readonly<Members> {
    this.#depth = 0
    this.#nodes = 0
    this.#bytes = 0
    this.#values = NONE
    const made: Members = {}
    this.#content(this.#chunk.fragment(at, to, false), made)
    return made
  }

  #content(content: Content, made: Members): void {
    const { members, parts } = shapeOf(content)
    for (let i = 0; i < members.length; i++) {
      const { name, elements } = members[i]!
      if (name === '__proto__') throw new Unusual()
      if (elements.length === 1) {
        const member = elements[0]!
        if (!member.optional || !this.#isAbsent(member.content.nodes)) made[name] = this.#member(member)
        continue
      }
      const there = elements.filter(({ optional, content: { nodes } }) => !optional || !this.#isAbsent(nodes))
      if (there.length === 1) made[name] = this.#member(there[0]!)
      else if (there.length > 1) made[name] = there.map((member) => this.#member(member))
    }
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!
      if (part.kind === 'instance') this.#instance(part, made)
      else if (part.kind === 'value' && this.#typeOf(part) === BINXML_TYPE) this.#fragment(part.index, made)
    }
  }

  #instance({ template, values }: Instance, made: Members): void {
    const before = this.#values
    this.#values = values
    this.#content(template, made)
    this.#values = before
  }

  #fragment(index: number, made: Members): void {
    const at = this.#values[3 * index + 1]!
    if (++this.#depth > MOST_DEPTH) throw new BinXmlProblem(say('binxml_deep_values'), at)
    this.#content(this.#chunk.fragment(at, at + this.#values[3 * index + 2]!, true), made)
    this.#depth--
  }

  #member({ attributes, content }: Member): Json {
    if (++this.#nodes > MOST_NODES) throw new BinXmlProblem(say('binxml_elements', { most: MOST_NODES }), 0)
    if (attributes.length === 0) return this.#value(content)
    let own: Members | null = null
    for (let i = 0; i < attributes.length; i++) {
      const { name, parts, optional } = attributes[i]!
      if (optional && this.#isAbsent(parts)) continue
      if (name === '__proto__') throw new Unusual()
      own ??= {}
      own[name] = this.#scalar(parts)
    }
    if (own === null) return this.#value(content)
    // Not as a literal: V8 would soon allocate it with the old, where it keeps everything of its record alive until a full collection.
    const made: Members = {}
    made['#attributes'] = own
    const shape = shapeOf(content)
    if (shape.members.length > 0 || this.#holdsElements(shape)) this.#content(content, made)
    else if (shape.parts.length > 0) made['#text'] = this.#scalar(shape.parts)
    return made
  }

  #value(content: Content): Json {
    const shape = shapeOf(content)
    if (shape.members.length === 0 && !this.#holdsElements(shape)) return this.#scalar(shape.parts)
    const made: Members = {}
    this.#content(content, made)
    return made
  }

  #holdsElements({ parts }: Shape): boolean {
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!
      if (part.kind === 'instance' || (part.kind === 'value' && this.#typeOf(part) === BINXML_TYPE)) return true
    }
    return false
  }

  #scalar(parts: readonly (Part | Instance)[]): Json {
    const only = parts[0]
    if (only === undefined) return null
    if (parts.length === 1 && only.kind === 'text') return only.value
    const values = this.#values
    if (parts.length === 1 && only.kind === 'value') {
      const at = 3 * only.index
      if (at >= values.length) return null
      this.#count(values[at + 2]!)
      return plainValue(this.#texts, this.#chunk, values[at]!, values[at + 1]!, values[at + 2]!)
    }
    let text = ''
    for (const part of parts) {
      if (part.kind === 'text') {
        this.#count(part.value.length)
        text += part.value
      } else if (part.kind === 'value' && 3 * part.index < values.length) {
        const at = 3 * part.index
        this.#count(values[at + 2]!)
        text += plainText(this.#texts, this.#chunk, values[at]!, values[at + 1]!, values[at + 2]!)
      }
    }
    return text
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > MOST_BYTES) throw new Unusual()
  }

  #isAbsent(parts: readonly Node[]): boolean {
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!
      if (part.kind !== 'value' || this.#typeOf(part) !== NULL_TYPE) return false
    }
    return true
  }

  #typeOf({ index }: { readonly index: number }): number {
    return 3 * index < this.#values.length ? this.#values[3 * index]! : NULL_TYPE
  }
}
