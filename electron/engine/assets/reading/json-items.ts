/**
 * Elements of arrays in a large JSON document (RFC 8259), one after the other: the document is never held whole. Only the arrays that
 * are asked for by their name at the top level are cut into elements; everything else is passed over.
 */
import type { RowProblem } from '../../../../shared/model/asset.ts'
import { FileProblem, PlaceCounter, problem, type Pieces, type Place } from './row.ts'

export interface JsonItem {
  readonly kind: 'item'
  /** The array's name; '' for a document that is an array itself. */
  readonly name: string
  readonly value: unknown
  readonly place: Place
}
export type JsonElement = JsonItem | { readonly kind: 'problem'; readonly problem: RowProblem }

/** One element may have so many characters: the largest CVE records have some millions. */
const MOST_ELEMENT = 32 << 20
const MOST_DEPTH = 256
const INTERESTING = /["[\]{},:]/g

/** @throws FileProblem where the document is none, or ends early; elements before that were given. */
export async function* jsonItems(pieces: Pieces, names: ReadonlySet<string>): AsyncGenerator<JsonElement, void> {
  const counter = new PlaceCounter()
  /** Closing characters that are awaited. */
  const open: string[] = []
  let began = false
  let ended = false
  let inString = false
  let escape = false
  /** Text of the string at depth 1, while it is one that may be a name. */
  let word: string | null = null
  let name: string | null = null
  /** The array whose elements are wanted. */
  let array: string | null = null
  let element: string[] | null = null
  let size = 0
  let tooLong = false
  let place: Place = counter.place
  const keep = (text: string): void => {
    if (element === null || text === '') return
    size += text.length
    if (size > MOST_ELEMENT) {
      tooLong = true
      element = []
    } else if (!tooLong) element.push(text)
  }
  const finish = (): JsonElement | null => {
    const text = element?.join('') ?? ''
    element = null
    const before = new PlaceCounter()
    ;({ line: before.line, column: before.column } = place)
    before.pass(text, 0, text.length - text.trimStart().length)
    place = before.place
    if (tooLong) {
      tooLong = false
      return { kind: 'problem', problem: problem(place, 'too_long') }
    }
    if (text.trim() === '') return null
    try {
      return { kind: 'item', name: array!, value: JSON.parse(text) as unknown, place }
    } catch (error) {
      return { kind: 'problem', problem: problem(place, 'bad_json', error instanceof Error ? error.message : '') }
    }
  }
  /** Depth at which the elements of the wanted array lie. */
  const inArray = (): boolean => array !== null && open.length === (array === '' ? 1 : 2)
  for await (const piece of pieces) {
    let at = 0
    /** Of this piece, what belongs to the element begins here. */
    let from = 0
    while (at < piece.length) {
      if (inString) {
        let end = at
        for (; end < piece.length; end++) {
          const code = piece.charCodeAt(end)
          if (escape) escape = false
          else if (code === 92) escape = true
          else if (code === 34) break
        }
        if (word !== null && word.length < 200) word += piece.slice(at, end)
        if (end < piece.length) {
          inString = false
          end++
        }
        counter.pass(piece, at, end)
        at = end
        continue
      }
      INTERESTING.lastIndex = at
      const found = INTERESTING.exec(piece)
      const end = found?.index ?? piece.length
      if (!began && piece.slice(at, end).trim() !== '')
        throw new FileProblem(counter.place, 'bad_json', piece.slice(at, end).trim())
      if (ended && piece.slice(at, end).trim() !== '')
        throw new FileProblem(counter.place, 'bad_json', piece.slice(at, end).trim())
      counter.pass(piece, at, end)
      at = end
      if (!found) break
      const char = found[0]
      const here = counter.place
      if (ended) throw new FileProblem(here, 'bad_json', char)
      counter.column++
      at++
      switch (char) {
        case '"':
          inString = true
          word = open.length === 1 && open[0] === '}' ? '' : null
          break
        case ':':
          if (open.length === 1 && word !== null) name = word
          word = null
          break
        case '[':
        case '{':
          if (!began && open.length === 0) began = true
          if (open.length >= MOST_DEPTH) throw new FileProblem(here, 'too_deep')
          open.push(char === '[' ? ']' : '}')
          if (char === '[' && array === null) {
            const wanted = open.length === 1 ? '' : open.length === 2 && open[0] === '}' ? name : null
            if (wanted !== null && names.has(wanted)) {
              array = wanted
              element = []
              size = 0
              from = at
              place = counter.place
            }
          }
          break
        case ']':
        case '}':
          if (open.at(-1) !== char) throw new FileProblem(here, 'bad_json', char)
          if (char === ']' && inArray()) {
            keep(piece.slice(from, at - 1))
            const done = finish()
            array = null
            if (done) yield done
          }
          open.pop()
          if (open.length === 0) ended = true
          break
        case ',':
          if (open.length === 0) throw new FileProblem(here, 'bad_json', ',')
          if (inArray()) {
            keep(piece.slice(from, at - 1))
            const done = finish()
            if (done) yield done
            element = []
            size = 0
            from = at
            place = counter.place
          }
          if (open.length === 1) name = null
          break
      }
    }
    keep(piece.slice(from))
  }
  if (!began) throw new FileProblem(counter.place, 'bad_json')
  if (!ended) throw new FileProblem(counter.place, 'ends_early')
}

/** The whole document, for formats whose parts only make sense together; bounded. @throws FileProblem */
export async function jsonDocument(pieces: Pieces, most: number): Promise<unknown> {
  const parts: string[] = []
  let size = 0
  const counter = new PlaceCounter()
  for await (const piece of pieces) {
    size += piece.length
    if (size > most) throw new FileProblem(counter.place, 'too_long')
    counter.pass(piece, 0, piece.length)
    parts.push(piece)
  }
  const text = parts.join('')
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    const place = new PlaceCounter()
    place.pass(text, 0, Math.min(at, text.length))
    throw new FileProblem(place.place, 'bad_json', message)
  }
}
