/** The method of triage as the screen offers it: a reason that fits the verdict and what verification found. */
import type { Verdict } from '../../../../shared/model/alert.ts'
import type { Impact } from '../../../../shared/model/impact-result.ts'
import type { TestFamily } from '../../../../shared/model/impact.ts'
import { REASONS, reasonFits } from '../../../../shared/model/triage.ts'

/** The reason that is chosen at first. `family`: of the test that decided. */
export function usualReason(verdict: Verdict, impact: Impact | null, family: TestFamily | null): string {
  const wanted =
    verdict === 'tp_impact'
      ? { answer: 'shown_by_answer', next: 'shown_by_host', target: 'shown_by_host', others: 'shown_by_traffic' }[
          family ?? 'answer'
        ]
      : verdict === 'tp_no_impact'
        ? impact === 'blocked'
          ? 'attempt_blocked'
          : 'attempt_failed'
        : REASONS[verdict][0]
  return reasonFits(verdict, wanted) ? wanted : REASONS[verdict][0]
}
