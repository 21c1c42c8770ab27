/** Rules and scenarios that are due → what is run over history. */
import type { HistoryTask } from '../../store/queries/history.ts'
import { resolveScenarios } from '../scenarios/resolve.ts'
import { partsOf } from '../scenarios/step-rules.ts'
import type { KnownRules } from '../workbench/check-text.ts'
import { historyTask } from '../workbench/history-task.ts'

/** `longest`: the longest window of what is due, in microseconds. */
export function scheduledTask(
  due: ReadonlySet<string>,
  known: KnownRules,
): { readonly task: Pick<HistoryTask, 'rules' | 'plans' | 'texts' | 'sources'>; readonly longest: number } {
  const parts = partsOf(known.rules, known.scenarios)
  const resolved = resolveScenarios(known.rules, known.scenarios, (id) => due.has(id))
  const task = historyTask({
    rules: known.rules.filter(({ id }) => due.has(id) && !parts.has(id)),
    scenarios: known.scenarios.filter(({ id }) => due.has(id)),
    resolved,
    all: known,
  })
  // A scenario of scenarios reaches as far back as all of them together.
  return { task, longest: resolved.plans.reduce((sum, { timespan }) => sum + timespan, 0) }
}
