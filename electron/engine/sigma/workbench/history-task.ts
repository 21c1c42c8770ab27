/** A rule text → what is run over history: its rules and scenarios, and the rules that those need. */
import type { DetectionText } from '../../../../shared/model/alert.ts'
import type { HistoryTask } from '../../store/queries/history.ts'
import { runningScenarios } from '../scenarios/running.ts'
import { withSteps } from '../scenarios/step-rules.ts'
import type { SigmaRule } from '../types.ts'
import type { CheckedText } from './check-text.ts'

export function historyTask({
  rules,
  scenarios,
  resolved,
  all,
}: Pick<CheckedText, 'rules' | 'scenarios' | 'resolved' | 'all'>): Pick<HistoryTask, 'rules' | 'plans' | 'texts' | 'sources'> {
  const own = new Set([...rules, ...scenarios].map(({ id }) => id))
  const texts: Record<string, DetectionText> = Object.create(null) as Record<string, DetectionText>
  for (const rule of rules) texts[rule.id] = textOf(rule)
  for (const { text } of runningScenarios(resolved.plans, all.scenarios)) texts[text.detection] = text
  return {
    rules: withSteps(all.rules, resolved.stepRules, (id) => own.has(id)),
    plans: resolved.plans,
    sources: all.sources,
    texts: { ...texts },
  }
}

const textOf = (rule: SigmaRule): DetectionText => ({
  kind: 'rule',
  detection: rule.id,
  title: rule.title,
  file: rule.file,
  revision: null,
  text: rule.text,
  description: rule.description,
  references: [...rule.references],
  falsePositives: [...rule.falsePositives],
})
