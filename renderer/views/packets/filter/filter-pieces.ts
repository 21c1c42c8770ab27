/** A display filter in coloured pieces that, one after the other, are exactly its text. */
export type PieceKind = 'space' | 'word' | 'operator' | 'keyword' | 'quoted' | 'bracket'

export interface Piece {
  readonly text: string
  readonly kind: PieceKind
  readonly wrong: boolean
}

const TOKENS =
  /(?<space>\s+)|(?<quoted>r?"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(?<operator>===?|!==?|!~|~|[<>]=?|&&|\|\||\^\^|[-!&+*/%])|(?<bracket>[(){}[\],])|(?<word>[^\s"'()[\]{},=!<>&|~^]+)|(?<other>[\s\S])/gy
const KEYWORDS = new Set(['and', 'or', 'not', 'xor', 'eq', 'ne', 'any_eq', 'all_eq', 'any_ne', 'all_ne', 'gt', 'ge', 'lt', 'le', 'contains', 'matches', 'in', 'any', 'all', 'bitwise_and']) // prettier-ignore

/** `wrong` is the place of an error; a length of 0 is a point between two characters. */
export function piecesOf(text: string, wrong: { readonly offset: number; readonly length: number } | null): readonly Piece[] {
  const pieces: Piece[] = []
  const from = wrong?.offset ?? -1
  const to = wrong ? wrong.offset + wrong.length : -1
  const emit = (start: number, end: number, kind: PieceKind): void => {
    const cuts = [from, to].filter((at) => wrong && at > start && at < end)
    let at = start
    for (const cut of [...new Set([...cuts, end])].sort((a, b) => a - b)) {
      pieces.push({ text: text.slice(at, cut), kind, wrong: wrong !== null && at >= from && cut <= to })
      at = cut
    }
  }
  for (const match of text.matchAll(TOKENS)) {
    const { space, quoted, operator, bracket, word } = match.groups ?? {}
    const kind: PieceKind =
      space !== undefined
        ? 'space'
        : quoted !== undefined
          ? 'quoted'
          : operator !== undefined
            ? 'operator'
            : bracket !== undefined
              ? 'bracket'
              : word !== undefined && KEYWORDS.has(word.toLowerCase())
                ? 'keyword'
                : 'word'
    emit(match.index, match.index + match[0].length, kind)
  }
  if (wrong && wrong.length === 0) {
    let passed = 0
    let at = 0
    while (at < pieces.length && passed < wrong.offset) passed += (pieces[at++] as Piece).text.length
    pieces.splice(at, 0, { text: '', kind: 'space', wrong: true })
  }
  return pieces
}

export type Joining = 'only' | 'not' | 'and' | 'andNot' | 'or'
/** The filter that is there, joined with another: as `Apply as filter` does. */
export function joinFilters(before: string, how: Joining, added: string): string {
  const old = before.trim()
  const own = how === 'not' || how === 'andNot' ? `!(${added})` : added
  if (old === '' || how === 'only' || how === 'not') return own
  return `${/\|\||\bor\b|\bxor\b|\^\^/i.test(old) || how === 'or' ? `(${old})` : old} ${how === 'or' ? '||' : '&&'} ${how === 'or' || /\|\||&&/.test(added) ? `(${own})` : own}`
}
