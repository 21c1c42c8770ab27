/** What could stand at the cursor of a filter: fields with their type and meaning, operators, values where they are known. */
import { dissectedField, ownField, ownFields, type DissectorFields } from './catalogue.ts'
import type { Choice } from './choice.ts'
import { valuesOf } from './enumerations.ts'
import type { FilterField } from './fields.ts'
import { FUNCTIONS } from './functions.ts'
import { operatorsFor } from './operators.ts'
import { tokensOf, type Token } from './tokens.ts'

export interface Completion {
  /** What a choice replaces. */
  readonly from: number
  readonly to: number
  /** Best first. */
  readonly choices: readonly Choice[]
}

/** First among their equals: what people mostly filter by. */
const COMMON = new Map(
  [
    'ip.addr', 'ip.src', 'ip.dst', 'tcp.port', 'tcp.stream', 'udp.port', 'tcp', 'udp', 'ip', 'ipv6', 'http', 'dns', 'tls', 'arp', 'icmp', 'http.host',
    'http.request.method', 'http.request.uri', 'http.response.code', 'dns.qry.name', 'tls.handshake.extensions_server_name', 'tcp.flags.syn', 'tcp.len',
    'tcp.analysis.flags', 'tcp.analysis.retransmission', 'frame.number', 'frame.len', 'frame.time', 'eth.addr', 'vlan.id',
  ].map((name, i) => [name, i]),
) // prettier-ignore

export async function completeFilter(
  text: string,
  cursor: number,
  limit: number,
  dissector: DissectorFields | null,
): Promise<Completion> {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'end')
  const at = tokens.findIndex(({ start, end }) => start < cursor && cursor <= end)
  const word = at >= 0 ? tokens[at]! : undefined
  const inWord = word !== undefined && isWord(word)
  // Inside quotes and brackets there is nothing to offer.
  if (word !== undefined && !inWord && cursor < word.end) return { from: cursor, to: cursor, choices: [] }
  const from = inWord ? word.start : cursor
  const to = inWord ? word.end : cursor
  const prefix = text.slice(from, cursor)
  const before = tokens.slice(0, inWord ? at : at >= 0 ? at + 1 : tokens.filter(({ end }) => end <= cursor).length)
  const choices = await choicesAfter(text, before, prefix, limit, dissector)
  return { from, to, choices: choices.slice(0, limit) }
}

/** Letters: a word, or a keyword that may become one. */
const isWord = (token: Token): boolean =>
  token.kind === 'word' ||
  ['and', 'or', 'xor', 'not', 'in', 'any', 'all', 'contains', 'matches', 'compare', '&'].includes(token.kind)

async function choicesAfter(
  text: string,
  before: readonly Token[],
  prefix: string,
  limit: number,
  dissector: DissectorFields | null,
): Promise<readonly Choice[]> {
  const last = before.at(-1)
  const named = (token: Token | undefined): FilterField | undefined =>
    token?.kind === 'word' ? ownField(text.slice(token.start, token.end).replace(/^\./, '')) : undefined
  if (
    last !== undefined &&
    (last.kind === 'word' || last.kind === 'brackets' || last.kind === 'string' || last.kind === ')' || last.kind === '}')
  ) {
    // Behind a comparison only another term can follow.
    const ended = last.kind !== 'word' || endsTerm(before)
    const field = ended ? undefined : named(last)
    return [...(ended ? [] : operatorsFor(field?.type ?? 'other')), ...CONNECTIVES].filter(({ name }) =>
      name.startsWith(prefix.toLowerCase()),
    )
  }
  const compared = comparedField(before)
  const values = compared === undefined ? [] : valueChoices(named(compared), prefix)
  // A value is no field where the left side says so.
  if (values.length > 0 && prefix === '') return values
  return [...values, ...(await fieldChoices(prefix, limit, dissector)), ...wordChoices(prefix)]
}

const CONNECTIVES: readonly Choice[] = [
  { name: 'and', type: 'operator', doc: 'both', how: 'index' },
  { name: 'or', type: 'operator', doc: 'one of them', how: 'index' },
  { name: 'xor', type: 'operator', doc: 'exactly one of them', how: 'index' },
]

/** The word that ends here is the right side of a comparison. */
function endsTerm(before: readonly Token[]): boolean {
  const kind = before.at(-2)?.kind
  return kind === 'compare' || kind === 'contains' || kind === 'matches'
}
/** The field with which a value at this place is compared. */
function comparedField(before: readonly Token[]): Token | undefined {
  const last = before.at(-1)
  if (last?.kind === 'compare') return before.at(-2)
  // In a set: back to its brace.
  for (let i = before.length - 1; i >= 0; i--) {
    const { kind } = before[i]!
    if (kind === '{') return before[i - 1]?.kind === 'in' ? before[i - 2] : undefined
    if (kind !== ',' && kind !== 'word' && kind !== 'string' && kind !== '..') return undefined
  }
  return undefined
}
function valueChoices(field: FilterField | undefined, prefix: string): Choice[] {
  if (field === undefined) return []
  return valuesOf(field.name, field.type)
    .map(([value, name]) => ({
      name: field.type === 'bool' ? name : String(value),
      type: 'value',
      doc: field.type === 'bool' ? '' : name,
      how: field.how,
    }))
    .filter(({ name, doc }) => name.startsWith(prefix) || (prefix !== '' && doc.toLowerCase().startsWith(prefix.toLowerCase())))
}

async function fieldChoices(prefix: string, limit: number, dissector: DissectorFields | null): Promise<readonly Choice[]> {
  const bare = prefix.replace(/^\./, '').toLowerCase()
  const own = ownFields
    .map((field) => ({ field, rank: rankOf(field, bare) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.field.name.length - b.field.name.length || (a.field.name < b.field.name ? -1 : 1))
    .slice(0, limit)
    .map(({ field }) => field)
  const further: FilterField[] = []
  if (dissector !== null && bare.length > 1 && own.filter(({ name }) => name.startsWith(bare)).length < limit)
    for (const { name, type, title } of await dissector.like(bare, limit))
      if (ownField(name) === undefined) further.push(dissectedField(name, type, title))
  // What begins so comes before what only contains it.
  const begins = own.filter(({ name }) => name.startsWith(bare))
  const contains = own.filter(({ name }) => !name.startsWith(bare))
  return [...begins, ...further, ...contains].map(({ name, type, doc, how }) => ({ name, type, doc, how }))
}
function rankOf({ name, how }: FilterField, prefix: string): number {
  const common = COMMON.get(name)
  const weight = (common === undefined ? 60 : common) + (how === 'index' ? 0 : 5)
  if (name === prefix) return 0
  if (name.startsWith(prefix)) return 100 + weight + 10 * (name.slice(prefix.length).split('.').length - 1)
  return prefix.length > 1 && name.includes(prefix) ? 1000 + weight : Infinity
}
function wordChoices(prefix: string): Choice[] {
  if (prefix === '') return []
  const functions = FUNCTIONS.map(({ name, doc }): Choice => ({ name, type: 'function', doc, how: 'index' }))
  const words: Choice[] = [
    { name: 'not', type: 'operator', doc: 'the opposite', how: 'index' },
    { name: 'any', type: 'operator', doc: 'one of its values', how: 'index' },
    { name: 'all', type: 'operator', doc: 'all of its values', how: 'index' },
  ]
  return [...words, ...functions].filter(({ name }) => name.startsWith(prefix.toLowerCase()))
}
