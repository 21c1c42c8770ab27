/**
 * Elements of an XML 1.0 document, piece by piece. No DTD is read: a document type without declarations is passed over, one with them is
 * refused, so no entity but the five predefined ones and character references exists. Everything is bounded.
 */
import { FileProblem, PlaceCounter, type Pieces, type Place } from './row.ts'

export type XmlEvent =
  | {
      readonly kind: 'open'
      readonly name: string
      readonly attributes: ReadonlyMap<string, string>
      readonly place: Place
      /** `<name/>`: a `close` follows. */
      readonly empty: boolean
    }
  | { readonly kind: 'text'; readonly text: string; readonly place: Place }
  | { readonly kind: 'close'; readonly name: string; readonly place: Place }

const MOST_DEPTH = 64
const MOST_TAG = 1 << 20
const MOST_TEXT = 1 << 16
const MOST_ATTRIBUTES = 256
const NAME = /^[\p{L}_:][\p{L}\p{N}_:.-]{0,255}$/u
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** @throws FileProblem at the first thing that is not well formed; what came before it was given. */
export async function* xmlEvents(pieces: Pieces): AsyncGenerator<XmlEvent, void> {
  const counter = new PlaceCounter()
  const open: string[] = []
  let rest = ''
  let began = false
  let ended = false
  let textSize = 0
  /** Takes `length` characters off. */
  const take = (length: number): string => {
    const taken = rest.slice(0, length)
    counter.pass(rest, 0, length)
    rest = rest.slice(length)
    return taken
  }
  function* read(all: boolean): Generator<XmlEvent, void> {
    for (;;) {
      if (rest === '') return
      if (rest[0] !== '<') {
        const next = rest.indexOf('<')
        // A reference may go on in the next piece.
        const safe =
          next >= 0
            ? next
            : all
              ? rest.length
              : Math.max(0, rest.lastIndexOf('&') >= rest.length - 12 ? rest.lastIndexOf('&') : rest.length)
        if (safe === 0) return
        const place = counter.place
        const text = take(safe)
        if (open.length === 0) {
          if (text.trim() !== '') throw new FileProblem(place, 'bad_xml', text.trim())
          continue
        }
        textSize += text.length
        if (textSize <= MOST_TEXT) yield { kind: 'text', text: decoded(text, place), place }
        continue
      }
      const place = counter.place
      const special = rest.startsWith('<!--') ? '-->' : rest.startsWith('<![CDATA[') ? ']]>' : rest.startsWith('<?') ? '?>' : null
      if (special === null && /^<(?:!(?:-|\[[CDAT[]*)?)?$/.test(rest) && !all) return
      if (special !== null) {
        const end = rest.indexOf(special, special === '-->' ? 4 : 2)
        if (end < 0) {
          if (all) throw new FileProblem(place, 'ends_early')
          if (rest.length > MOST_TAG) throw new FileProblem(place, 'too_long')
          return
        }
        const text = take(end + special.length)
        if (special === ']]>') {
          if (open.length === 0) throw new FileProblem(place, 'bad_xml', text)
          textSize += text.length
          if (textSize <= MOST_TEXT) yield { kind: 'text', text: text.slice(9, -3), place }
        }
        continue
      }
      const end = tagEnd(rest)
      if (end < 0) {
        if (all) throw new FileProblem(place, 'ends_early')
        if (rest.length > MOST_TAG) throw new FileProblem(place, 'too_long')
        return
      }
      const tag = take(end + 1).slice(1, -1)
      if (tag.startsWith('!')) {
        if (began || !/^!DOCTYPE\s/.test(tag) || tag.includes('[')) throw new FileProblem(place, 'refused_dtd', `<${tag}>`)
        continue
      }
      textSize = 0
      if (tag.startsWith('/')) {
        const name = tag.slice(1).trimEnd()
        if (open.pop() !== name) throw new FileProblem(place, 'bad_xml', `<${tag}>`)
        if (open.length === 0) ended = true
        yield { kind: 'close', name, place }
        continue
      }
      if (ended) throw new FileProblem(place, 'bad_xml', `<${tag}>`)
      if (open.length >= MOST_DEPTH) throw new FileProblem(place, 'too_deep')
      began = true
      const empty = tag.endsWith('/')
      const { name, attributes } = element(empty ? tag.slice(0, -1) : tag, place)
      yield { kind: 'open', name, attributes, place, empty }
      if (empty) {
        if (open.length === 0) ended = true
        yield { kind: 'close', name, place }
      } else open.push(name)
    }
  }
  for await (const piece of pieces) {
    rest += piece
    yield* read(false)
  }
  yield* read(true)
  if (!began) throw new FileProblem(counter.place, 'bad_xml')
  if (!ended) throw new FileProblem(counter.place, 'ends_early', open.at(-1))
}

/** Index of the `>` that ends the tag at the beginning, outside of quotes; -1 where it is not there yet. */
function tagEnd(text: string): number {
  let quote = 0
  let depth = 0
  for (let i = 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 34 || code === 39) quote = code
    else if (code === 91 && text.startsWith('<!')) depth++
    else if (code === 93 && depth > 0) depth--
    else if (code === 62 && depth === 0) return i
  }
  return -1
}

function element(tag: string, place: Place): { readonly name: string; readonly attributes: ReadonlyMap<string, string> } {
  const name = /^[^\s"'<>/=]+/.exec(tag)?.[0] ?? ''
  if (!NAME.test(name)) throw new FileProblem(place, 'bad_xml', `<${tag}>`)
  const attributes = new Map<string, string>()
  const each = /\s+([^\s"'<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/gy
  each.lastIndex = name.length
  let end = name.length
  for (let match = each.exec(tag); match !== null; match = each.exec(tag)) {
    const [, key = '', double, single] = match
    if (!NAME.test(key) || attributes.has(key) || attributes.size >= MOST_ATTRIBUTES)
      throw new FileProblem(place, 'bad_xml', `<${tag}>`)
    attributes.set(key, decoded(double ?? single ?? '', place))
    end = each.lastIndex
  }
  if (tag.slice(end).trim() !== '') throw new FileProblem(place, 'bad_xml', `<${tag}>`)
  return { name, attributes }
}

function decoded(text: string, place: Place): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,12};?)/g, (whole, body: string) => {
    const reference = body.endsWith(';') ? body.slice(0, -1) : null
    if (reference !== null && Object.hasOwn(ENTITIES, reference)) return ENTITIES[reference]!
    const number = reference === null ? null : /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference)
    const code = number === null ? -1 : number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16)
    if (code < 9 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new FileProblem(place, 'bad_xml', whole)
    return String.fromCodePoint(code)
  })
}
