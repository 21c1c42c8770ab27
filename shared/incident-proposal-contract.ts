/** The proposed route of an incident (contract area `incidents`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { IncidentNumber, IncidentPartId } from './model/incident.ts'
import { command } from './rpc/kinds.ts'

const Of = z.object({ number: IncidentNumber })

export const ProposalCounts = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  removed: z.number().int(),
  /** Parts that a person wrote, confirmed or took out: they stay as they are. */
  left: z.number().int(),
  /** Alerts beyond those that a proposal is made of. */
  alertsLeftOut: z.number().int(),
})
export type ProposalCounts = z.infer<typeof ProposalCounts>

export const incidentProposalContract = {
  /** Makes the proposal anew. `conflict` where the incident is closed or was merged into another. */
  'incidents.propose': command('incidents.edit', Of, ProposalCounts),
  /** Several sentences at once; those that are confirmed already stay so. `conflict`, and none is, where one has no cite. */
  'incidents.confirm': command(
    'incidents.edit',
    Of.extend({ sentences: z.array(IncidentPartId).min(1).max(1000) }),
    z.object({ confirmed: z.number().int() }),
  ),
} as const
