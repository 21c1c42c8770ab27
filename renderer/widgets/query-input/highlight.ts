/** A query in coloured pieces that, one after the other, are exactly its text. */
import { tokensOf, type Token } from '../../../shared/query/tokens.ts'

export type PieceKind = 'space' | 'field' | 'operator' | 'keyword' | 'value' | 'text' | 'quoted' | 'wildcard' | 'bracket'

export interface Piece {
  readonly text: string
  readonly kind: PieceKind
  /** `error`: the query cannot be read for it; `unknown`: a field that nobody knows. */
  readonly wrong: 'error' | 'unknown' | null
}

/** A wrong place; a length of 0 is between two characters. */
export interface WrongPlace {
  readonly offset: number
  readonly length: number
  readonly wrong: 'error' | 'unknown'
}

export function highlight(text: string, places: readonly WrongPlace[]): Piece[] {
  const pieces: Piece[] = []
  const edges = [...new Set(places.flatMap(({ offset, length }) => [offset, offset + length]))].sort((a, b) => a - b)
  const wrongAt = (start: number, end: number): Piece['wrong'] =>
    places.find(({ offset, length }) => length > 0 && start < offset + length && end > offset)?.wrong ?? null
  const emit = (start: number, end: number, kind: PieceKind): void => {
    let from = start
    for (const edge of [...edges.filter((at) => at > start && at < end), end]) {
      if (edge > from) pieces.push({ text: text.slice(from, edge), kind, wrong: wrongAt(from, edge) })
      from = edge
    }
  }
  let at = 0
  const tokens = tokensOf(text)
  tokens.forEach((token, index) => {
    if (token.start > at) emit(at, token.start, 'space')
    emitToken(text, token, tokens[index + 1], emit)
    at = token.end
  })
  if (at < text.length) emit(at, text.length, 'space')
  // A place between two characters, or after the last, is a piece without text.
  for (const { offset, length, wrong } of places) {
    if (length > 0) continue
    let passed = 0
    let index = 0
    while (index < pieces.length && passed < offset) passed += (pieces[index++] as Piece).text.length
    pieces.splice(index, 0, { text: '', kind: 'space', wrong })
  }
  return pieces
}

function emitToken(
  text: string,
  token: Token,
  next: Token | undefined,
  emit: (start: number, end: number, kind: PieceKind) => void,
): void {
  const { start, end } = token
  if (token.kind === 'quoted') return emit(start, end, next?.kind === 'operator' && !token.inValue ? 'field' : 'quoted')
  if (token.kind === 'operator' || token.kind === 'minus') return emit(start, end, 'operator')
  if (token.kind === 'keyword') return emit(start, end, 'keyword')
  if (token.kind !== 'word' && token.kind !== 'value') return emit(start, end, 'bracket')
  if (token.kind === 'word' && next?.kind === 'operator') return emit(start, end, 'field')
  const kind = token.kind === 'value' ? 'value' : 'text'
  let from = start
  // An escaped star is no wildcard.
  for (const match of text.slice(start, end).matchAll(/\\.|[*?]/gs)) {
    if (match[0].length > 1) continue
    const at = start + match.index
    if (at > from) emit(from, at, kind)
    emit(at, at + 1, 'wildcard')
    from = at + 1
  }
  if (end > from) emit(from, end, kind)
}
