/**
 * A record's binary XML as one JSON object, as converters of event logs write it: elements are members, attributes stand below
 * `#attributes` and a text beside them below `#text`, `<Data Name="x">` is a member `x`, and what comes more than once is an array.
 */
import { BinXmlProblem, keyOf, type ChunkXml, type Element, type Instance, type Node, type Part } from './binxml.ts'
import type { JsonBytes } from './json-bytes.ts'
import { BINXML_TYPE, NULL_TYPE, jsonValue, textValue } from './values.ts'

const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const QUOTE = 0x22
const ATTRIBUTES = keyOf('#attributes')
const TEXT = keyOf('#text')
/** Values that are binary XML inside others. */
const MOST_DEPTH = 16
/** Nodes written of one record: a small file must not become a large one. */
const MOST_NODES = 200_000

/** What is written for an element's children, worked out once for each element of a template. */
interface Shape {
  /** Members by name, in the order of their first one; several of a name are an array. */
  readonly members: readonly { readonly key: Uint8Array; readonly elements: readonly Member[] }[]
  /** What is no element: a text, or values that may be elements. */
  readonly parts: readonly (Part | Instance)[]
}
interface Member {
  readonly element: Element
  /** `Name` is the member's name: no attribute of it is written. */
  readonly named: boolean
}

export class RecordJson {
  readonly #out: JsonBytes
  #chunk: ChunkXml
  #values: Uint32Array = new Uint32Array(0)
  #depth = 0
  #nodes = 0
  readonly #shapes = new WeakMap<readonly Node[], Shape>()

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
    this.#values = new Uint32Array(0)
    const nodes = this.#chunk.fragment(at, to, false)
    this.#out.byte(OPEN)
    this.#content(nodes)
    this.#out.byte(CLOSE)
  }

  /** The members of an object that has just been opened. */
  #content(nodes: readonly Node[]): void {
    const shape = this.#shape(nodes)
    for (const { key, elements: all } of shape.members) {
      const elements = all.some((member) => this.#isAbsent(member)) ? all.filter((member) => !this.#isAbsent(member)) : all
      if (elements.length === 0) continue
      const out = this.#out
      out.comma()
      out.raw(key)
      if (elements.length > 1) out.byte(OPEN_LIST)
      for (const member of elements) {
        if (elements.length > 1) out.comma()
        this.#element(member)
      }
      if (elements.length > 1) out.byte(CLOSE_LIST)
    }
    for (const part of shape.parts) {
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
    if (++this.#depth > MOST_DEPTH) throw new BinXmlProblem('values are nested too deeply', at)
    const nodes = this.#chunk.fragment(at, at + this.#values[3 * index + 2]!, true)
    this.#content(nodes)
    this.#depth--
  }

  #element({ element, named }: Member): void {
    const out = this.#out
    if (++this.#nodes > MOST_NODES) throw new BinXmlProblem(`more than ${MOST_NODES} elements`, 0)
    const { attributes, children } = element
    if (named || attributes.length === 0) return this.#value(children)
    const begin = out.length
    out.byte(OPEN)
    out.raw(ATTRIBUTES)
    out.byte(OPEN)
    const first = out.length
    for (const { key, parts } of attributes) {
      if (parts.every((part) => part.kind === 'value' && part.optional && this.#isNull(part))) continue
      out.comma()
      out.raw(key)
      this.#scalar(parts)
    }
    if (out.length === first) {
      // None of them is there: the element is its content alone.
      out.length = begin
      return this.#value(children)
    }
    out.byte(CLOSE)
    const shape = this.#shape(children)
    if (shape.members.length > 0 || this.#holdsElements(shape)) this.#content(children)
    else if (shape.parts.length > 0) {
      out.comma()
      out.raw(TEXT)
      this.#scalar(shape.parts)
    }
    out.byte(CLOSE)
  }

  /** The content of an element as a JSON value. */
  #value(children: readonly Node[]): void {
    const shape = this.#shape(children)
    if (shape.members.length === 0 && !this.#holdsElements(shape)) return this.#scalar(shape.parts)
    this.#out.byte(OPEN)
    this.#content(children)
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
    out.byte(QUOTE)
    for (const part of parts) {
      if (part.kind === 'text') out.raw(part.json)
      else if (part.kind === 'value' && 3 * part.index < values.length) {
        const { index } = part
        textValue(out, this.#chunk, values[3 * index]!, values[3 * index + 1]!, values[3 * index + 2]!)
      }
    }
    out.byte(QUOTE)
  }

  /** All that it has is optional, and null: then it is not there either. */
  #isAbsent({ element: { children } }: Member): boolean {
    return children.length > 0 && children.every((part) => part.kind === 'value' && part.optional && this.#isNull(part))
  }

  #typeOf({ index }: { readonly index: number }): number {
    return 3 * index < this.#values.length ? this.#values[3 * index]! : NULL_TYPE
  }
  #isNull(part: { readonly index: number }): boolean {
    return this.#typeOf(part) === NULL_TYPE
  }

  #shape(nodes: readonly Node[]): Shape {
    let shape = this.#shapes.get(nodes)
    if (shape === undefined) this.#shapes.set(nodes, (shape = shapeOf(nodes)))
    return shape
  }
}

const isSpace = (json: Uint8Array): boolean => /^(?:[ ]|\\[nrt])*$/.test(Buffer.from(json).toString('latin1'))

function shapeOf(nodes: readonly Node[]): Shape {
  const members = new Map<string, { key: Uint8Array; elements: Member[] }>()
  const parts: (Part | Instance)[] = []
  const hasElements = nodes.some(({ kind }) => kind === 'element')
  for (const node of nodes) {
    if (node.kind !== 'element') {
      // Between elements a text says nothing where it is blank.
      if (!(hasElements && node.kind === 'text' && isSpace(node.json))) parts.push(node)
      continue
    }
    const [only] = node.attributes
    const literal = node.name === 'Data' && node.attributes.length === 1 && only?.name === 'Name' ? literalOf(only.parts) : null
    const name = literal ?? node.name
    const known = members.get(name)
    const member = { element: node, named: literal !== null }
    if (known === undefined) members.set(name, { key: keyOf(name), elements: [member] })
    else known.elements.push(member)
  }
  return { members: [...members.values()], parts }
}

/** A text without values, or null. */
function literalOf(parts: readonly Part[]): string | null {
  let json = ''
  for (const part of parts) {
    if (part.kind !== 'text') return null
    json += Buffer.from(part.json).toString('utf8')
  }
  return json === '' ? null : (JSON.parse(`"${json}"`) as string)
}
