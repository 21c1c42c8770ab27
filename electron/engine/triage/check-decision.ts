/** The method of triage, enforced: what a decision must say before it counts. */
import type { Verdict } from '../../../shared/model/alert.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { reasonFits, type OwnReason } from '../../../shared/model/triage.ts'

/** `own`: reasons that the desk added. `invalid_input` names the part that is missing. That a true positive with impact joins an incident is seen to where it is stored. */
export function checkDecision(
  { verdict, why, reason }: { readonly verdict: Verdict; readonly why: string; readonly reason: string },
  own: readonly Pick<OwnReason, 'code' | 'verdict' | 'retired'>[] = [],
): Result<null> {
  if (!reasonFits(verdict, why) && !own.some((one) => one.code === why && one.verdict === verdict && !one.retired))
    return fail({ code: 'invalid_input', message: `${why} is no reason of the verdict ${verdict}.`, path: 'why' })
  if (why === 'other' && reason.trim() === '')
    return fail({ code: 'invalid_input', message: 'Another reason than those of the list wants words.', path: 'reason' })
  return ok(null)
}
