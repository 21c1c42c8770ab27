/** The proposed route of an incident (contract area `incidents`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { incidentProposalContract } from '../../../shared/incident-proposal-contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { IncidentProposals } from '../incidents/proposal/incident-proposals.ts'
import type { Store } from '../store/types.ts'

export const incidentProposalHandlers = (
  proposals: IncidentProposals,
  store: Pick<Store, 'incidents'>,
): Pick<HandlersOf<WatchfloorContract>, keyof typeof incidentProposalContract> => ({
  'incidents.propose': (input, { signal }) => proposals.propose(input, signal),
  'incidents.confirm': (input, { caller }) => store.incidents.confirm(input, caller.name),
})
