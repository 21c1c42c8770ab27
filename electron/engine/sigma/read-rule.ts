/** One YAML document → a rule, or what is wrong with it. */
import { createHash } from 'node:crypto'
import { isMap, isNode, isScalar, isSeq, type YAMLMap } from 'yaml'
import { z } from 'zod'
import type { RuleAbout, RuleProblem } from '../../../shared/model/rule.ts'
import type { Severity } from '../../../shared/model/severity.ts'
import { attackIds } from './attack.ts'
import { parseCondition } from './condition.ts'
import type { Detection, Expression, Search } from './detection.ts'
import { ItemReader, startOf } from './items.ts'
import { readCorrelation } from './scenarios/read-correlation.ts'
import type { SigmaScenario } from './scenarios/scenario.ts'
import type { SigmaFilter, SigmaRule } from './types.ts'
import { ABOUT_KEYS, readAbout } from './rule-about.ts'
import { Aliases, parseYaml, type DocumentText } from './yaml-source.ts'

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['informational', 'info'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['critical', 'critical'],
])
/** Of a rule that names none. */
const NO_LEVEL: Severity = 'medium'

const Line = z.string().trim().min(1)
/** One text where a list is meant. */
const Texts = z
  .union([z.array(z.coerce.string()), z.string().transform((text) => [text])])
  .nullable()
  .default([])
  .transform((texts) => texts ?? [])
const LogSourceName = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .transform((name) => name.toLowerCase())
  .nullish()
  .transform((name) => name ?? undefined)

const Header = z.object({
  title: Line.max(1024),
  // A UUID by the specification; other rule sets number theirs.
  id: z.coerce
    .string()
    .trim()
    .min(1)
    .max(128)
    .regex(/^[^\p{Cc}|]*$/u, 'has characters that an id cannot have')
    .nullish(),
  /** By which correlations and filters call it. */
  name: z.coerce.string().trim().min(1).max(256).nullish(),
  status: z.coerce.string().max(64).nullish(),
  level: z
    .string()
    .trim()
    .toLowerCase()
    .refine((level) => LEVELS.has(level), { error: `must be one of ${[...LEVELS.keys()].join(', ')}` })
    .nullish(),
  description: z.coerce.string().max(65_535).nullish(),
  references: Texts,
  falsepositives: Texts,
  tags: Texts,
  logsource: z
    .object({ category: LogSourceName, product: LogSourceName, service: LogSourceName })
    .refine(({ category, product, service }) => category !== undefined || product !== undefined || service !== undefined, {
      error: 'names neither category, product nor service',
    }),
})
const HEADER_KEYS = [...new Set([...Object.keys(Header.shape), ...ABOUT_KEYS])]
/** A correlation is of no log source: its rules are. */
const ScenarioHeader = Header.extend({ logsource: z.unknown().transform(() => ({})) })

export interface Problem extends RuleProblem {
  /** False where it only says what is not evaluated: the rule (if it is one) loaded. */
  readonly fatal: boolean
}

export interface ReadRule {
  readonly rule: SigmaRule | null
  /** Where the document is a filter of other rules. */
  readonly filter: SigmaFilter | null
  /** Where it is a correlation. */
  readonly scenario: SigmaScenario | null
  readonly problems: readonly Problem[]
  /** 1-based, in its file: where the document begins. */
  readonly line: number
}

const MAX_PROBLEMS = 50
const MOST_FILTERED = 10_000

/** Reads one document of a rule file. Never throws. */
export function readRule(document: DocumentText, file: string, folder: string): ReadRule {
  const source = parseYaml(document)
  const start = Math.max(0, document.text.search(/\S/))
  const { line } = source.position(start)
  const problems: Problem[] = source.errors.map((error) => ({ file, ...error, fatal: true }))
  const nothing = (found: readonly Problem[]): ReadRule => ({ rule: null, filter: null, scenario: null, problems: found, line })
  if (problems.length > 0) return nothing(problems)
  let failed = false
  const say = (offset: number, message: string, fatal: boolean) => {
    failed ||= fatal
    if (problems.length < MAX_PROBLEMS) problems.push({ file, ...source.position(offset), message, fatal })
  }
  const report = (offset: number, message: string) => say(offset, message, true)
  const note = (offset: number, message: string) => say(offset, message, false)

  const root = source.document.contents
  // The rule's text begins with its first line that is not blank.
  const blank = document.text.slice(0, start).split('\n').length - 1
  const text = `${document.text.split('\n').slice(blank).join('\n').trimEnd()}\n`
  const lineInText = (offset: number) => source.position(offset).line - document.line - blank
  if (!isMap(root)) {
    report(start, 'a rule is a map of title, logsource and detection')
    return nothing(problems)
  }
  const isScenario = root.has('correlation') && !root.has('detection')
  const isFilter = root.has('filter') && !root.has('detection')
  for (const other of ['correlation', 'filter'])
    if (root.has(other) && root.has('detection')) note(keyOffset(root, other, start), `${other} beside detection: left out`)
  if (!['title', 'logsource', 'detection', 'filter', 'correlation'].some((key) => root.has(key))) {
    note(start, 'no Sigma rule: left out')
    return nothing(problems)
  }
  if (root.has('action')) {
    report(keyOffset(root, 'action', start), 'rule collections (action) are not part of Sigma 2')
    return nothing(problems)
  }

  const raw: Record<string, unknown> = {}
  for (const key of HEADER_KEYS) {
    const node: unknown = root.get(key, true)
    try {
      raw[key] = isNode(node) ? node.toJS(source.document, { maxAliasCount: 20 }) : undefined
    } catch {
      report(keyOffset(root, key, start), `${key}: too many aliases`)
    }
  }
  const header = (isScenario ? ScenarioHeader : Header).safeParse(raw)
  if (!header.success)
    for (const issue of header.error.issues) {
      const [key, ...rest] = issue.path
      const missing = key !== undefined && raw[String(key)] === undefined
      report(
        key === undefined ? start : keyOffset(root, String(key), start),
        missing ? `${String(key)} is missing` : `${[key, ...rest].join('.')}: ${issue.message}`,
      )
    }

  const about = readAbout(raw, (key, message, fatal) => say(keyOffset(root, key, start), message, fatal))
  const section = isFilter ? 'filter' : 'detection'
  const aliases = new Aliases(source.document)
  if (isScenario) {
    const found = readCorrelation(root, aliases, { error: report, note }, start)
    if (failed || !header.success || found === null) return nothing(problems)
    const { position } = source
    const { list, rules, aliases: named, condition } = found.places
    const scenario: SigmaScenario = {
      ...common(header.data, text, about),
      file,
      folder,
      text,
      line,
      places: {
        list: position(list),
        rules: rules.map(position),
        aliases: named.map(({ rule, at }) => ({ rule, at: position(at) })),
        condition: position(condition),
      },
      correlation: found.correlation,
    }
    return { rule: null, filter: null, scenario, problems, line }
  }
  const reader = new ItemReader(source, lineInText, report, note)
  const detection = readDetection(root, section, reader, aliases, report, start)
  const filtered = isFilter ? readFiltered(root, aliases, report, start) : null
  if (failed || !header.success || detection === null) return nothing(problems)
  const { logsource } = header.data as z.output<typeof Header>
  const shared = common(header.data, text, about)
  const lists = reader.lists.length > 0 ? { lists: reader.lists } : {}
  if (isFilter)
    return {
      rule: null,
      scenario: null,
      filter: {
        id: shared.id,
        title: shared.title,
        rules: filtered ?? [],
        logsource,
        file,
        folder,
        text,
        line,
        detection,
        ...lists,
      },
      problems,
      line,
    }
  return {
    rule: { ...shared, logsource, file, folder, text, line, detection, ...lists },
    filter: null,
    scenario: null,
    problems,
    line,
  }
}

/** What rules and scenarios state alike. */
function common(header: z.output<typeof Header> | z.output<typeof ScenarioHeader>, text: string, about: RuleAbout) {
  const { title, id, name, status, level, description, references, falsepositives, tags } = header
  return {
    id: id ?? contentId(text),
    name: name ?? undefined,
    title,
    level: level == null ? NO_LEVEL : (LEVELS.get(level) ?? NO_LEVEL),
    status: status ?? '',
    description: description?.trim() ?? '',
    references,
    falsePositives: falsepositives,
    attack: attackIds(tags),
    about,
  }
}

/** Ids and names of the rules that a filter is for; all that fit its log source, where it says `any` (or `all`, or names none). */
function readFiltered(
  root: YAMLMap,
  aliases: Aliases,
  report: (offset: number, message: string) => void,
  start: number,
): SigmaFilter['rules'] | null {
  const at = keyOffset(root, 'filter', start)
  const section = aliases.resolve(root.get('filter', true))
  const rules = isMap(section) ? aliases.resolve(section.get('rules', true)) : undefined
  if (rules === undefined || rules === null) {
    report(at, 'rules is missing: ids or names of the rules that are filtered, or any')
    return null
  }
  const offset = startOf(rules, at)
  const named = (node: unknown): string | null => {
    const found = aliases.resolve(node)
    const text =
      isScalar(found) && (typeof found.value === 'string' || typeof found.value === 'number') ? String(found.value).trim() : ''
    if (text === '') report(startOf(found, offset), 'a rule is named by its id or its name')
    return text === '' ? null : text
  }
  if (isSeq(rules)) {
    if (rules.items.length > MOST_FILTERED) report(offset, `more than ${MOST_FILTERED} rules`)
    const names = rules.items.slice(0, MOST_FILTERED).map(named)
    return names.length === 0 ? 'any' : names.filter((name) => name !== null)
  }
  const one = named(rules)
  return one === null ? null : /^(?:any|all)$/i.test(one) ? 'any' : [one]
}

function readDetection(
  root: YAMLMap,
  section: 'detection' | 'filter',
  reader: ItemReader,
  aliases: Aliases,
  report: (offset: number, message: string) => void,
  start: number,
): Detection | null {
  const at = keyOffset(root, section, start)
  const node = aliases.resolve(root.get(section, true))
  if (node === undefined || node === null) {
    report(at, `${section} is missing`)
    return null
  }
  if (!isMap(node)) {
    report(at, `${section} is a map of search identifiers and a condition`)
    return null
  }
  const searches: Search[] = []
  let conditions: unknown
  let conditionAt = startOf(node, at)
  let whole = true
  for (const { key, value } of node.items) {
    const keyAt = startOf(key, at)
    const name = isScalar(key) ? String(key.value) : ''
    if (section === 'filter' && name === 'rules') continue
    if (name === 'condition') {
      conditions = aliases.resolve(value)
      conditionAt = keyAt
    } else if (name === 'timeframe') report(keyAt, 'a timeframe is not part of Sigma 2: use a correlation')
    else if (!/^[^\s()]{1,256}$/.test(name)) {
      report(keyAt, 'a search identifier is a word without spaces and brackets')
      whole = false
    } else {
      const expression = reader.search(name, value, keyAt)
      if (expression === null) whole = false
      searches.push({ name, expression: expression ?? { op: 'or', of: [] } })
    }
  }
  if (conditions === undefined || conditions === null || (isSeq(conditions) && conditions.items.length === 0)) {
    report(conditionAt, 'condition is missing')
    return null
  }
  if (searches.length > 1000) {
    report(at, 'more than 1000 search identifiers')
    return null
  }
  const names = searches.map(({ name }) => name)
  const of: Expression[] = []
  for (const item of isSeq(conditions) ? conditions.items : [conditions]) {
    const found = aliases.resolve(item)
    if (!isScalar(found) || typeof found.value !== 'string') {
      report(startOf(found, conditionAt), 'the condition must be text')
      whole = false
      continue
    }
    const parsed = parseCondition(found.value, names)
    if (parsed.ok) of.push(parsed.expression)
    else {
      report(insideScalar(found, parsed.error.offset, conditionAt), parsed.error.message)
      whole = false
    }
  }
  if (!whole || of.length === 0) return null
  return { searches, condition: of.length === 1 ? of[0]! : { op: 'or', of } }
}

/** Offset in the document of a character of a scalar's value: exact where the scalar stands on one line as it is. */
function insideScalar(
  node: { range?: readonly number[] | null | undefined; value: unknown; type?: string | undefined },
  offset: number,
  fallback: number,
): number {
  const start = startOf(node, fallback)
  if (node.type === 'PLAIN') return start + offset
  return node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? start + 1 + offset : start
}

function keyOffset(map: YAMLMap, key: string, fallback: number): number {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
  return pair === undefined ? fallback : startOf(pair.key, fallback)
}

/** A UUID (version 8) made from the rule's text: the same rule has the same id wherever it is loaded. */
function contentId(text: string): string {
  const hex = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
