/** Loaded rules → a matcher for one thread. */
import { z } from 'zod'
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../shared/model/fields.ts'
import type { RuleProblem } from '../../../shared/model/rule.ts'
import type { FieldRegistry } from '../event/field-registry.ts'
import type { EventRow } from '../event/row.ts'
import { Dispatch } from './compile/dispatch.ts'
import { RuleGroup, type GroupRule } from './compile/group.ts'
import { RuleWatch } from './compile/rule-watch.ts'
import { URL_FIELDS, type SlotSource } from './compile/row-view.ts'
import { itemsOf, type Detection } from './detection.ts'
import { fieldNames, parserAliases, type AliasesOf } from './field-names.ts'
import { isMeant, type LogSource } from './logsources/log-source.ts'
import { shippedLogSources } from './logsources/table.ts'
import type { CompileRules, RuleMatcher, SigmaRule } from './types.ts'

const NOTHING: readonly number[] = []

/** What tests put in place of the parsers' own. */
export interface CompileOptions {
  readonly aliasesOf?: AliasesOf
  /** Left out: those that are shipped. */
  readonly sources?: readonly LogSource[]
  /** Every rule is evaluated on every event. */
  readonly unfiltered?: boolean
}

/** Rules are compiled when the first event arrives that they can match. Problems are rules that were changed on their way. */
export const compileRules: CompileRules = (rules, fields, sources) =>
  compileRulesWith(rules, fields, sources === undefined ? {} : { sources })

export function compileRulesWith(
  rules: readonly SigmaRule[],
  fields: FieldRegistry,
  { aliasesOf = parserAliases, sources = shippedLogSources().sources, unfiltered = false }: CompileOptions,
): ReturnType<CompileRules> {
  const problems: RuleProblem[] = []
  const usable: { index: number; rule: SigmaRule; detection: Detection }[] = []
  rules.forEach((rule, index) => {
    const detection = detectionOf(rule)
    if (detection !== null) usable.push({ index, rule, detection })
    else problems.push({ file: rule.file, line: 0, column: 0, message: `no detection in ${rule.id}` })
  })
  registerFields(usable, fields, sources, aliasesOf)

  const watch = new RuleWatch(rules.length)
  const groups = new Map<string, RuleGroup>()
  const numbers = new Map(sources.map((source, i) => [source, i]))
  const dispatch = new Dispatch<RuleGroup | 'none'>(sources, fields, placesOf(aliasesOf), (format, applying) => {
    const key = `${format}\n${applying.map((source) => numbers.get(source)).join()}`
    const known = groups.get(key)
    if (known !== undefined) return known
    const members: GroupRule[] = []
    for (const { index, rule, detection } of usable) {
      const source = applying.find(({ names }) => names.some((name) => isMeant(rule.logsource, name)))
      if (source !== undefined)
        members.push({ index, detection, reads: rule.reads ?? [], read: (field) => slotSource(field, format, source, aliasesOf) })
    }
    if (members.length === 0) return 'none'
    const group = new RuleGroup(members, fields, watch, unfiltered)
    groups.set(key, group)
    return group
  })

  const matcher: RuleMatcher = {
    size: usable.length,
    wants(row: EventRow) {
      const group = dispatch.of(row)
      return group !== null && group !== 'none'
    },
    match(row: EventRow) {
      const group = dispatch.of(row)
      return group === null || group === 'none' ? NOTHING : group.match(row)
    },
    read(rule: number, row: EventRow) {
      const group = dispatch.of(row)
      return group === null || group === 'none' ? [] : group.read(rule)
    },
    costs: () => watch.costs(),
    get slow() {
      return watch.slow
    },
    putAside: (rule: number) => watch.putAside(rule),
    explain(rule: number, row: EventRow) {
      try {
        const group = dispatch.of(row)
        return group === null || group === 'none' ? [] : group.explain(rule, row)
      } catch {
        // A mark that cannot be made is left out: the alert matters more.
        return []
      }
    },
  }
  return { matcher, problems }
}

/** Enough to know that it is one of ours: it was made by the loader, on this machine. */
const Shape = z.object({ searches: z.array(z.object({ name: z.string() })), condition: z.object({ op: z.string() }) })

/** A rule's detection; null where it has none, so that the rule matches nothing. */
export const detectionOf = ({ detection }: SigmaRule): Detection | null =>
  Shape.safeParse(detection).success ? (detection as Detection) : null

/** Where a field that a rule names is in events of a log source. */
export function slotSource(field: string, format: string, { fields, when }: LogSource, aliasesOf: AliasesOf): SlotSource {
  const mapped = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined
  if (mapped === undefined)
    return { names: fieldNames(field, format, aliasesOf, when.type?.length === 1 ? when.type[0] : undefined) }
  if (typeof mapped === 'object' && 'derive' in mapped) return mapped
  const places = placesOf(aliasesOf)
  return { names: (typeof mapped === 'string' ? [mapped] : mapped).flatMap((name) => places(name, format)) }
}

const CANONICAL = new Set([...SYSTEM_FIELDS, ...CANONICAL_FIELDS].map(({ name }) => name))
/** Where a field that a log source names is: its own names are those of events, or of the format. */
const placesOf =
  (aliasesOf: AliasesOf) =>
  (name: string, format: string): readonly string[] =>
    CANONICAL.has(name) ? [name] : fieldNames(name, format, aliasesOf)

/** The fields that rules read get their numbers now: names invented in records must not take all there are. */
function registerFields(
  rules: readonly { rule: SigmaRule; detection: Detection }[],
  fields: FieldRegistry,
  sources: readonly LogSource[],
  aliasesOf: AliasesOf,
): void {
  const done = new Set<string>()
  for (const { rule, detection } of rules) {
    const meant = sources.filter(({ names }) => names.some((name) => isMeant(rule.logsource, name)))
    for (const name of new Set([...fieldsOf(detection), ...(rule.reads ?? [])]))
      for (const source of meant)
        for (const format of source.when.format) {
          const key = `${format}\n${name}`
          if (done.has(key)) continue
          done.add(key)
          const slot = slotSource(name, format, source, aliasesOf)
          const names = slot === 'everything' ? [] : 'names' in slot ? slot.names : URL_FIELDS
          for (const own of names) fields.id(own)
        }
  }
}

function fieldsOf(detection: Detection): Set<string> {
  const names = new Set<string>()
  for (const { expression } of detection.searches)
    for (const { field, values } of itemsOf(expression)) {
      if (field !== null) names.add(field)
      for (const { test } of values) if (test.kind === 'field') names.add(test.field)
    }
  return names
}
