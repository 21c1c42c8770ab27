/** Impact verification (contract area `impact`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { AlertId } from './model/alert.ts'
import { Bilingual, TestFamily, Verification } from './model/impact.ts'
import { command, query } from './rpc/kinds.ts'

export const impactContract = {
  /** What was found out about an alert: the newest first, at most 50. Empty where it was not verified yet. */
  'impact.get': query('desk.read', z.object({ alert: AlertId }), z.object({ verifications: z.array(Verification) })),
  /** Runs all tests over these alerts now, and keeps the result. */
  'impact.verify': command(
    'alerts.decide',
    z.object({ alerts: z.array(AlertId).min(1).max(100) }),
    z.object({ verifications: z.array(Verification) }),
  ),
  /** The tests there are. */
  'impact.tests': query(
    'desk.read',
    z.object({}),
    z.object({
      tests: z.array(
        z.object({
          id: z.string(),
          family: TestFamily,
          title: Bilingual,
          reasoning: Bilingual,
          spec: z.string(),
          appliesTo: z.string(),
        }),
      ),
    }),
  ),
} as const
