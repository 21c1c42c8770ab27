/**
 * A record's binary XML as one JSON object, as converters of event logs write it: elements are members, attributes stand below
 * `#attributes` and a text beside them below `#text`, `<Data Name="x">` is a member `x`, and what comes more than once is an array.
 */
import { say } from '../../../shared/model/sentence.ts'
import { BinXmlProblem, type ChunkXml, type Content, type Instance, type Node, type Part } from './binxml.ts'
import { quoted, type JsonBytes } from './json-bytes.ts'
import { MOST_DEPTH, MOST_NODES, shapeOf, type Member, type Shape } from './record-shape.ts'
import { BINXML_TYPE, NULL_TYPE, jsonValue, textValue } from './values.ts'

const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const QUOTE = 0x22
const COLON = 0x3a
const ATTRIBUTES = quoted('#attributes')
const TEXT = quoted('#text')

const NONE: readonly number[] = []

export class RecordJson {
  readonly #out: JsonBytes
  #chunk: ChunkXml
  #values: readonly number[] = NONE
  #depth = 0
  #nodes = 0

  constructor(out: JsonBytes, chunk: ChunkXml) {
    this.#out = out
    this.#chunk = chunk
  }

  /** Records of another chunk follow. */
  set chunk(chunk: ChunkXml) {
    this.#chunk = chunk
  }

  /** Writes the fragment from `at` to `to`. Throws {@link BinXmlProblem} or TooLong; then what was written is to be taken back. */
  write(at: number, to: number): void {
    this.#depth = 0
    this.#nodes = 0
    this.#values = NONE
    const content = this.#chunk.fragment(at, to, false)
    this.#out.byte(OPEN)
    this.#content(content)
    this.#out.byte(CLOSE)
  }

  #key(name: Uint8Array): void {
    this.#out.comma()
    this.#out.raw(name)
    this.#out.byte(COLON)
  }

  /** The members of an object that has just been opened. */
  #content(content: Content): void {
    const { members, parts } = shapeOf(content)
    const out = this.#out
    for (const { json: name, elements } of members) {
      if (elements.length === 1) {
        const [member] = elements
        if (member!.optional && this.#isAbsent(member!.content.nodes)) continue
        this.#key(name)
        this.#member(member!)
        continue
      }
      const there = elements.filter(({ optional, content: { nodes } }) => !optional || !this.#isAbsent(nodes))
      if (there.length === 0) continue
      this.#key(name)
      if (there.length > 1) out.byte(OPEN_LIST)
      for (const member of there) {
        if (there.length > 1) out.comma()
        this.#member(member)
      }
      if (there.length > 1) out.byte(CLOSE_LIST)
    }
    for (const part of parts) {
      if (part.kind === 'instance') this.#instance(part)
      else if (part.kind === 'value' && this.#typeOf(part) === BINXML_TYPE) this.#fragment(part.index)
    }
  }

  #instance({ template, values }: Instance): void {
    const before = this.#values
    this.#values = values
    this.#content(template)
    this.#values = before
  }

  /** A value that is binary XML itself. */
  #fragment(index: number): void {
    const at = this.#values[3 * index + 1]!
    if (++this.#depth > MOST_DEPTH) throw new BinXmlProblem(say('binxml_deep_values'), at)
    this.#content(this.#chunk.fragment(at, at + this.#values[3 * index + 2]!, true))
    this.#depth--
  }

  #member({ attributes, content }: Member): void {
    const out = this.#out
    if (++this.#nodes > MOST_NODES) throw new BinXmlProblem(say('binxml_elements', { most: MOST_NODES }), 0)
    if (attributes.length === 0) return this.#value(content)
    const begin = out.length
    out.byte(OPEN)
    out.raw(ATTRIBUTES)
    out.byte(COLON)
    out.byte(OPEN)
    const first = out.length
    for (const { json: name, parts, optional } of attributes) {
      if (optional && this.#isAbsent(parts)) continue
      this.#key(name)
      this.#scalar(parts)
    }
    if (out.length === first) {
      // None of them is there: the element is its content alone.
      out.length = begin
      return this.#value(content)
    }
    out.byte(CLOSE)
    const shape = shapeOf(content)
    if (shape.members.length > 0 || this.#holdsElements(shape)) this.#content(content)
    else if (shape.parts.length > 0) {
      this.#key(TEXT)
      this.#scalar(shape.parts)
    }
    out.byte(CLOSE)
  }

  /** The content of an element as a JSON value. */
  #value(content: Content): void {
    const shape = shapeOf(content)
    if (shape.members.length === 0 && !this.#holdsElements(shape)) return this.#scalar(shape.parts)
    this.#out.byte(OPEN)
    this.#content(content)
    this.#out.byte(CLOSE)
  }

  #holdsElements({ parts }: Shape): boolean {
    return parts.some((part) => part.kind === 'instance' || (part.kind === 'value' && this.#typeOf(part) === BINXML_TYPE))
  }

  /** A value alone keeps its type; parts together are a text; nothing is null. */
  #scalar(parts: readonly (Part | Instance)[]): void {
    const out = this.#out
    const [only] = parts
    if (only === undefined) return out.ascii('null')
    const values = this.#values
    if (parts.length === 1 && only.kind === 'value') {
      const { index } = only
      if (3 * index >= values.length) return out.ascii('null')
      return jsonValue(out, this.#chunk, values[3 * index]!, values[3 * index + 1]!, values[3 * index + 2]!)
    }
    if (parts.length === 1 && only.kind === 'text') return out.raw(only.json)
    out.byte(QUOTE)
    for (const part of parts) {
      if (part.kind === 'text') out.raw(part.json.subarray(1, -1))
      else if (part.kind === 'value' && 3 * part.index < values.length) {
        const { index } = part
        textValue(out, this.#chunk, values[3 * index]!, values[3 * index + 1]!, values[3 * index + 2]!)
      }
    }
    out.byte(QUOTE)
  }

  /** All that it has is optional, and null: then what has it is not there either. */
  #isAbsent(parts: readonly Node[]): boolean {
    for (const part of parts) if (part.kind !== 'value' || this.#typeOf(part) !== NULL_TYPE) return false
    return true
  }

  #typeOf({ index }: { readonly index: number }): number {
    return 3 * index < this.#values.length ? this.#values[3 * index]! : NULL_TYPE
  }
}
