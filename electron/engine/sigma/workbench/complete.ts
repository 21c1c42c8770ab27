/** What may be written at a place of a rule: keys of the specification, log sources, fields, modifiers, search identifiers. */
import type { Completion } from '../../../../shared/workbench-contract.ts'
import { modifiersByName } from '../modifiers/registry.ts'
import { CORRELATION_TYPES } from '../scenarios/scenario.ts'
import type { KnownRules } from './check-text.ts'

const MOST = 60

type Known = KnownRules & { readonly fields: readonly string[] }

const TOP: readonly (readonly [string, string])[] = [
  ['title', 'What it notices, in a line'],
  ['id', 'A UUID that stays the same'],
  ['name', 'By which scenarios and filters call it'],
  ['status', 'stable, test, experimental, deprecated, unsupported'],
  ['description', 'What it notices and why it matters'],
  ['references', 'Where to read more'],
  ['author', 'Who wrote it'],
  ['date', 'YYYY-MM-DD'],
  ['modified', 'YYYY-MM-DD'],
  ['tags', 'attack.t1059 and others'],
  ['logsource', 'Which events are meant'],
  ['detection', 'Search identifiers and a condition'],
  ['correlation', 'Makes it a scenario: several rules over time'],
  ['filter', 'Narrows other rules'],
  ['falsepositives', 'What else may look like it'],
  ['level', 'informational, low, medium, high, critical'],
  ['license', 'SPDX identifier'],
  ['related', 'Rules that it comes from or replaces'],
]
const CORRELATION = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate']
const BOUNDS = ['gte', 'gt', 'lte', 'lt', 'eq', 'neq', 'field', 'percentile']

/** `offset` in UTF-16 units. Answers from the lines above, however far the text is from being a rule. */
export function complete(
  text: string,
  offset: number,
  known: Known,
): { readonly from: number; readonly completions: Completion[] } {
  const before = text.slice(0, offset)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const word = /[^\s:,[\]{}'"|]*$/.exec(line)![0]
  const from = offset - word.length
  const document = before.slice(before.lastIndexOf('\n---') + 1)
  const path = pathOf(document)
  const fits = (all: readonly Completion[]): Completion[] => {
    const lower = word.toLowerCase()
    const starts = all.filter(({ text: one }) => one.toLowerCase().startsWith(lower))
    const inside = all.filter(({ text: one }) => !one.toLowerCase().startsWith(lower) && one.toLowerCase().includes(lower))
    return [...starts, ...inside].slice(0, MOST)
  }
  const head = line.slice(0, line.length - word.length)
  const answer = (all: readonly Completion[]): { from: number; completions: Completion[] } => ({ from, completions: fits(all) })

  if (head.endsWith('|'))
    return answer([...modifiersByName].map(([name, { doc }]) => ({ text: name, kind: 'modifier' as const, doc })))
  const valueOf = /^\s*(?:-\s+)?([\w-]+):\s*(?:\[.*)?$/.exec(head)?.[1]
  if (valueOf !== undefined) return answer(values(valueOf, path, document, known))
  if (/^\s*-\s*$/.test(head) && path.at(-1) === 'rules') return answer(rulesOf(known))
  if (/^\s*(?:-\s+)?$/.test(head)) return answer(keys(path, document, known))
  return { from: offset, completions: [] }
}

const key = (text: string, doc = ''): Completion => ({ text: `${text}: `, kind: 'key', doc })
const value = (text: string, doc = ''): Completion => ({ text, kind: 'value', doc })

function keys(path: readonly string[], document: string, { fields, sources }: Known): Completion[] {
  const [top, second] = path
  if (top === undefined) return TOP.map(([name, doc]) => key(name, doc))
  if (top === 'logsource') return ['category', 'product', 'service'].map((name) => key(name))
  if (top === 'correlation' && second === undefined) return CORRELATION.map((name) => key(name))
  if (top === 'correlation' && second === 'condition') return BOUNDS.map((name) => key(name))
  if ((top === 'detection' || top === 'filter') && second === undefined)
    return [key('selection'), key('filter'), key('condition')]
  if (top === 'detection' || top === 'filter')
    return [...new Set([...fieldsOfSource(document, sources), ...fields])].map((name) => ({ text: name, kind: 'field', doc: '' }))
  return []
}

function values(name: string, path: readonly string[], document: string, known: Known): Completion[] {
  const sources = known.sources.flatMap(({ names }) => names)
  switch (name) {
    case 'status':
      return ['experimental', 'test', 'stable', 'deprecated', 'unsupported'].map((one) => value(one))
    case 'level':
      return ['informational', 'low', 'medium', 'high', 'critical'].map((one) => value(one))
    case 'category':
    case 'product':
    case 'service':
      return [...new Set(sources.flatMap((source) => source[name] ?? []))].sort().map((one) => value(one))
    case 'type':
      return CORRELATION_TYPES.map((one) => value(one))
    case 'rules':
      return rulesOf(known)
    case 'timespan':
      return ['30s', '5m', '10m', '1h', '24h', '7d'].map((one) => value(one))
    case 'condition':
      return path[0] === 'detection' || path[0] === 'filter'
        ? [
            ...searchesOf(document).map((one): Completion => ({ text: one, kind: 'search', doc: '' })),
            ...['and', 'or', 'not', '1 of', 'all of', 'them'].map((one) => value(one)),
          ]
        : []
    case 'group-by':
    case 'field':
      return known.fields.map((one): Completion => ({ text: one, kind: 'field', doc: '' }))
    default:
      return []
  }
}

const rulesOf = ({ rules, scenarios }: KnownRules): Completion[] =>
  [...scenarios, ...rules].map(({ id, name, title }) => value(name ?? id, title))

/** Keys of the maps that the last line stands in, by indentation. */
function pathOf(document: string): string[] {
  const lines = document.split('\n')
  const current = lines.pop() ?? ''
  let indent = /^\s*/.exec(current)![0].length + (/^\s*-/.test(current) ? 1 : 0)
  const path: string[] = []
  for (const line of lines.toReversed()) {
    const match = /^(\s*)(?:-\s+)?([\w-]+):(.*)$/.exec(line)
    if (match === null || line.trim() === '') continue
    const own = match[1]!.length
    if (own >= indent) continue
    indent = own
    path.unshift(match[2]!)
    if (own === 0) break
  }
  return path
}

/** Search identifiers of the document's detection. */
function searchesOf(document: string): string[] {
  const section = /^(?:detection|filter):\s*\n((?:[ \t]+.*\n?|\s*\n)*)/m.exec(document)?.[1] ?? ''
  const indent = /^([ \t]+)\S/m.exec(section)?.[1]
  if (indent === undefined) return []
  return section
    .split('\n')
    .flatMap((line) => new RegExp(`^${indent}([\\w-]+):`).exec(line)?.[1] ?? [])
    .filter((name) => name !== 'condition' && name !== 'rules')
}

/** Fields that the document's log source maps. */
function fieldsOfSource(document: string, sources: Known['sources']): string[] {
  const of = (name: string): string | undefined =>
    new RegExp(`^\\s+${name}:\\s*['"]?([\\w.-]+)`, 'm').exec(document)?.[1]?.toLowerCase()
  const [category, product, service] = [of('category'), of('product'), of('service')]
  return sources
    .filter(({ names }) =>
      names.some(
        (name) =>
          (category === undefined || name.category === category) &&
          (product === undefined || name.product === product) &&
          (service === undefined || name.service === service),
      ),
    )
    .flatMap(({ fields }) => Object.keys(fields ?? {}))
}
