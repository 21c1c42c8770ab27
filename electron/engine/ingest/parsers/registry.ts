/** All parsers, found by their file names. */
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../../shared/model/fields.ts'
import { splitJson } from '../normalise/json-split.ts'
import type { Framing, ParserDefinition } from './define.ts'

const found = Object.values(import.meta.glob<ParserDefinition>('./*.parser.ts', { eager: true, import: 'default' }))

/** Sorts by priority, highest first. @throws where two share an id or a priority: order must never come from file names. */
export function orderParsers(definitions: readonly ParserDefinition[]): readonly ParserDefinition[] {
  const ids = new Set<string>()
  const priorities = new Map<number, string>()
  for (const { id, priority } of definitions) {
    if (ids.has(id)) throw new Error(`two parsers have the id ${id}`)
    const other = priorities.get(priority)
    if (other !== undefined) throw new Error(`parsers ${other} and ${id} have the same priority ${priority}`)
    ids.add(id)
    priorities.set(priority, id)
  }
  return [...definitions].sort((a, b) => b.priority - a.priority)
}

/** Highest priority first. */
export const parsers: readonly ParserDefinition[] = orderParsers(found)

const byId = new Map(parsers.map((parser) => [parser.id, parser]))
export const parserById = (id: string): ParserDefinition | undefined => byId.get(id)

/**
 * Native name → canonical names, over all parsers and the ECS names. A native name may mean several fields (`host` in EVE
 * and in Zeek), and some formats keep it under its own name: whoever resolves a name looks at these and at the name itself.
 * Names of system fields (`time`, `type` …) occur as targets.
 */
export const aliasTable: ReadonlyMap<string, readonly string[]> = buildAliases()

function buildAliases(): Map<string, string[]> {
  const table = new Map<string, string[]>()
  const add = (native: string, canonical: string): void => {
    if (native === canonical) return
    const known = table.get(native)
    if (known === undefined) table.set(native, [canonical])
    else if (!known.includes(canonical)) known.push(canonical)
  }
  for (const { aliases } of parsers) for (const [native, canonical] of Object.entries(aliases)) add(native, canonical)
  for (const { name, ecs } of [...SYSTEM_FIELDS, ...CANONICAL_FIELDS]) if (ecs !== null) add(ecs, name)
  return table
}

/** Below this certainty a file is no log. */
export const CERTAIN_ENOUGH = 0.5
/** Arrays of objects and objects over several lines are settings and lists more often than logs. */
const SURE_DOCUMENTS = 0.6

export interface Recognised {
  readonly parser: ParserDefinition
  /** 0–1. */
  readonly certainty: number
}

/**
 * The format of a file from its first whole records (at most 64 KiB), or null where it is no log. The most certain parser
 * wins, the higher priority among equals.
 */
export function recognise(records: readonly string[], fileName: string): Recognised | null {
  // One record with a NUL in it, which anyone may have logged, must not hide all others.
  const written = records.filter((record) => record !== '')
  if (written.filter(isBinary).length * 2 > written.length) return null
  let best: Recognised | null = null
  for (const parser of parsers) {
    const certainty = parser.sniff(records, fileName)
    if (certainty >= CERTAIN_ENOUGH && certainty > (best?.certainty ?? 0)) best = { parser, certainty }
  }
  return best
}

/**
 * The same from the beginning of a file's text, with the framing it needs: JSON formats of one object per line are also
 * found as arrays and as documents over several lines. The last record counts only when `whole` says that the text is the
 * whole file, since it may be cut.
 */
export function recogniseText(
  head: string,
  fileName: string,
  whole: boolean,
): (Recognised & { readonly framing: Framing }) | null {
  const text = head.charCodeAt(0) === 0xfeff ? head.slice(1) : head
  const lines = text.split('\n')
  if (!whole && lines.length > 1) lines.pop()
  const records = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const asLines = recognise(records.slice(0, 256), fileName)
  const first = /^\s*([[{])/.exec(text)
  if (first === null) return asLines && { ...asLines, framing: asLines.parser.framing }
  if (asLines !== null && isJsonFormat(asLines.parser)) return { ...asLines, framing: asLines.parser.framing }
  const documents = splitJson(text)
  const asDocuments = documents.length > 0 ? recognise(documents.slice(0, 256), fileName) : null
  if (
    asDocuments !== null &&
    isJsonFormat(asDocuments.parser) &&
    asDocuments.certainty >= SURE_DOCUMENTS &&
    asDocuments.certainty > (asLines?.certainty ?? 0)
  )
    return { ...asDocuments, framing: 'json' }
  return asLines && { ...asLines, framing: asLines.parser.framing }
}

const JSON_FORMATS = new Set(['eve', 'capture', 'zeek-json', 'windows-json', 'jsonl'])
const isJsonFormat = ({ id }: ParserDefinition): boolean => JSON_FORMATS.has(id)

/** NUL and other control characters, or many bytes that were no UTF-8. */
function isBinary(text: string): boolean {
  let odd = 0
  const end = Math.min(text.length, 4096)
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 0) return true
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 27)) odd++
  }
  return odd > 8 && odd > end / 20
}
