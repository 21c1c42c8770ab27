/** What is wrong with a rule text that somebody is writing, and what is in it; seen among the rules that are loaded. */
import type { CheckedDocument, TextProblem } from '../../../../shared/workbench-contract.ts'
import { reachable, type LogSource } from '../logsources/log-source.ts'
import { applyFilters } from '../apply-filters.ts'
import { PlaceholderFiller, type Lists } from '../placeholders/fill-placeholders.ts'
import { rulesOfText } from '../parse-rules.ts'
import type { Problem, ReadRule } from '../read-rule.ts'
import { resolveScenarios, type ResolvedScenarios } from '../scenarios/resolve.ts'
import type { SigmaScenario } from '../scenarios/scenario.ts'
import type { SigmaFilter, SigmaRule } from '../types.ts'

/** As the text stands in a file. */
export const DRAFT = 'draft.yml'

export interface KnownRules {
  readonly rules: readonly SigmaRule[]
  readonly scenarios: readonly SigmaScenario[]
  /** What the log sources of rules mean. */
  readonly sources: readonly LogSource[]
  /** What fills placeholders. */
  readonly lists: Lists
}

export interface CheckedText {
  readonly problems: readonly TextProblem[]
  readonly documents: readonly CheckedDocument[]
  readonly rules: readonly SigmaRule[]
  readonly scenarios: readonly SigmaScenario[]
  readonly filters: readonly SigmaFilter[]
  /** Rules of the text, those that its scenarios need among them, and its scenarios alone switched on. */
  readonly resolved: ResolvedScenarios
  /** Of the text and, where it has none with their ids, of those that are loaded. */
  readonly all: KnownRules
}

/** Never throws. */
export function checkText(text: string, known: KnownRules): CheckedText {
  const read: ReadRule[] = [...rulesOfText({ file: DRAFT, folder: '', text })]
  const filler = new PlaceholderFiller(known.lists)
  const { filled: rules, problems: ofLists } = filler.fill(read.flatMap(({ rule }) => rule ?? []))
  const scenarios = read.flatMap(({ scenario }) => (scenario === null ? [] : [scenario]))
  const { filled: filters, problems: ofFilters } = filler.fill(read.flatMap(({ filter }) => filter ?? []))
  const own = new Set([...rules, ...scenarios].map(({ id }) => id))
  const all = {
    rules: [...rules, ...known.rules.filter(({ id }) => !own.has(id))],
    scenarios: [...scenarios, ...known.scenarios.filter(({ id }) => !own.has(id))],
    sources: known.sources,
    lists: known.lists,
  }
  const filtered = applyFilters(all.rules, filters)
  const resolved = resolveScenarios(filtered.rules, all.scenarios, (id) => own.has(id))
  const problems: Problem[] = [
    ...read.flatMap((one) => one.problems),
    ...ofLists,
    ...ofFilters,
    ...filtered.problems,
    ...resolved.problems,
  ].filter(({ file }) => file === DRAFT)
  for (const { id, line } of doubled(read))
    problems.push({ file: DRAFT, line, column: 1, message: `two documents have the id ${id}`, fatal: true })
  if (read.length === 0) problems.push({ file: DRAFT, line: 1, column: 1, message: 'there is no document', fatal: true })
  const documents: CheckedDocument[] = [
    ...rules.map((rule) => ({
      ...head(rule),
      kind: 'rule' as const,
      line: lineOf(text, rule.text),
      reachable: reachable(rule, known.sources),
    })),
    ...scenarios.map((scenario) => ({
      ...head(scenario),
      kind: 'scenario' as const,
      line: scenario.line,
      reachable: !resolved.broken.has(scenario.id),
    })),
    ...filters.map(({ id, title, line }) => ({ id, title, level: null, kind: 'filter' as const, line, reachable: true })),
  ].sort((a, b) => a.line - b.line)
  return {
    problems: problems.map(({ line, column, message, fatal }) => ({ line, column, message, fatal })),
    documents,
    rules: filtered.rules.filter(({ id }) => own.has(id)),
    scenarios,
    filters,
    resolved,
    all: { ...all, rules: filtered.rules },
  }
}

const head = ({ id, title, level }: SigmaRule | SigmaScenario) => ({ id, title, level })

/** Documents whose rule or scenario has the id of an earlier one. */
function doubled(read: readonly ReadRule[]): { readonly id: string; readonly line: number }[] {
  const seen = new Set<string>()
  return read.flatMap(({ rule, scenario, line }) => {
    const id = rule?.id ?? scenario?.id
    if (id === undefined) return []
    return seen.has(id) ? [{ id, line }] : (seen.add(id), [])
  })
}

/** 1-based line at which a document's text begins. */
function lineOf(text: string, document: string): number {
  const at = text.replaceAll('\r\n', '\n').indexOf(document.trimEnd())
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}
