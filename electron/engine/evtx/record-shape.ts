/** How the elements of a record's binary XML become members of an object: worked out once for each element of a template. */
import type { Content, Element, Instance, Node, Part } from './binxml.ts'
import { quoted } from './json-bytes.ts'

/** Values that are binary XML inside others. */
export const MOST_DEPTH = 16
/** Elements of one record: a small file must not become a large one. */
export const MOST_NODES = 200_000

/** What is written for an element's children, worked out once for each element of a template. */
export interface Shape {
  /** Members by name, in the order of their first one; several of a name are an array. */
  readonly members: readonly { readonly name: string; readonly json: Uint8Array; readonly elements: readonly Member[] }[]
  /** What is no element: a text, or values that may be elements. */
  readonly parts: readonly (Part | Instance)[]
}
interface Attribute {
  readonly name: string
  /** The name as JSON, in its quotes. */
  readonly json: Uint8Array
  readonly parts: readonly Part[]
  readonly optional: boolean
}
export interface Member {
  readonly content: Content
  /** None where `Name` is the member's name. */
  readonly attributes: readonly Attribute[]
  /** It is not there where all its values are null. */
  readonly optional: boolean
}

export function shapeOf(content: Content): Shape {
  return (content.shape ??= madeShape(content.nodes)) as Shape
}

const isOptional = (parts: readonly Node[]): boolean =>
  parts.length > 0 && parts.every((part) => part.kind === 'value' && part.optional)

/** A name becomes JSON when a line is first made of it: objects need none. */
class Named {
  readonly name: string
  #json: Uint8Array | null = null

  constructor(name: string) {
    this.name = name
  }

  get json(): Uint8Array {
    return (this.#json ??= quoted(this.name))
  }
}
class ShapeMember extends Named {
  readonly elements: readonly Member[]

  constructor(name: string, elements: readonly Member[]) {
    super(name)
    this.elements = elements
  }
}
class ShapeAttribute extends Named implements Attribute {
  readonly parts: readonly Part[]
  readonly optional: boolean

  constructor(name: string, parts: readonly Part[]) {
    super(name)
    this.parts = parts
    this.optional = isOptional(parts)
  }
}

const NO_MEMBERS: Shape['members'] = []

function madeShape(nodes: readonly Node[]): Shape {
  // Most elements hold a value or a text and nothing else; templates are made anew in each chunk.
  const only = nodes.length === 1 ? nodes[0]! : null
  if (only !== null && only.kind !== 'element') return { members: NO_MEMBERS, parts: [only] }
  const members = new Map<string, Member[]>()
  const parts: (Part | Instance)[] = []
  const hasElements = nodes.some(({ kind }) => kind === 'element')
  for (const node of nodes) {
    if (node.kind !== 'element') {
      // Between elements a text says nothing where it is blank.
      if (!(hasElements && node.kind === 'text' && node.value.trim() === '')) parts.push(node)
      continue
    }
    const literal = dataName(node)
    const name = literal ?? node.name
    const member: Member = {
      content: node.content,
      attributes: literal !== null ? [] : node.attributes.map(({ name: own, parts: of }) => new ShapeAttribute(own, of)),
      optional: isOptional(node.content.nodes),
    }
    const known = members.get(name)
    if (known === undefined) members.set(name, [member])
    else known.push(member)
  }
  return { members: Array.from(members, ([name, elements]) => new ShapeMember(name, elements)), parts }
}

/** The name that `<Data Name="...">` gives; null where it is another element, or its name comes with the values. */
function dataName({ name, attributes }: Element): string | null {
  const [only] = attributes
  return name === 'Data' && attributes.length === 1 && only?.name === 'Name' ? literalOf(only.parts) : null
}

/** A text without values, or null. */
function literalOf(parts: readonly Part[]): string | null {
  let found = ''
  for (const part of parts) {
    if (part.kind !== 'text') return null
    found += part.value
  }
  return found === '' ? null : found
}
