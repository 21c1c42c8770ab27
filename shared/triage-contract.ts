/** Triage by method (contract areas `triage` and `tuning`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { Alert, AlertId, Verdict } from './model/alert.ts'
import { IsoTime } from './model/time.ts'
import { OwnReason, ReasonWords, Tuning, TuningDraft, TuningPreview } from './model/triage.ts'
import { command, query, stream } from './rpc/kinds.ts'

export const triageContract = {
  /** Undecided alerts like this one, the most alike first, with what differs: for the same verdict. */
  'triage.similar': query(
    'desk.read',
    z.object({ alert: AlertId, limit: z.number().int().min(1).max(200).default(50) }),
    z.object({
      alerts: z.array(
        z.object({
          alert: Alert,
          differs: z.array(
            z.object({
              field: z.enum(['source', 'destination', 'port', 'asset', 'user', 'impact', 'severity']),
              value: z.string(),
              instead: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
  /** Reasons that the desk added to the shipped ones (`REASONS`), retired ones too; the oldest first. */
  'triage.reasons': query('desk.read', z.object({}), z.object({ reasons: z.array(OwnReason) })),
  /** `conflict` where the verdict has one of these words, or enough of them. */
  'triage.addReason': command('tuning.manage', z.object({ verdict: Verdict, words: ReasonWords }), OwnReason),
  /** Retires one of the desk's own, or offers it again. `not_found` for shipped ones: they stay. */
  'triage.retireReason': command('tuning.manage', z.object({ code: z.string().max(64), retired: z.boolean() }), OwnReason),
  'tuning.list': query('desk.read', z.object({ ended: z.boolean().default(false) }), z.object({ tunings: z.array(Tuning) })),
  /** What it would have removed. Nothing is changed. */
  'tuning.preview': query('desk.read', TuningDraft.omit({ owner: true, reason: true, expires: true }), TuningPreview),
  /**
   * Tunes from now on. `conflict` where it would have hidden confirmed true positives, unless somebody who may `tuning.insist` says
   * why; `invalid_input` where it would fit everything of no detection, or has no time to end.
   */
  'tuning.add': command(
    'tuning.manage',
    z.object({ draft: TuningDraft, insist: z.string().max(4000).nullable().default(null) }),
    Tuning,
  ),
  'tuning.end': command('tuning.manage', z.object({ id: z.string().max(64), reason: z.string().max(4000).default('') }), Tuning),
  /** Another end of one that is active. `conflict` where it is over, or a longer one would go on to hide confirmed true positives that nobody insisted on. */
  'tuning.change': command(
    'tuning.manage',
    z.object({ id: z.string().max(64), expires: IsoTime, reason: z.string().max(4000).default('') }),
    Tuning,
  ),
  /** Grows whenever something is tuned, ends, or expires. */
  'tuning.watch': stream('desk.read', z.object({}), z.object({ revision: z.number().int(), active: z.number().int() })),
} as const
