/** Playbooks in incidents (contract area `incidents`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { incidentPlaybookContract } from '../../../shared/incident-playbook-contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { IncidentPlaybooks } from '../incidents/playbooks/incident-playbooks.ts'

export const incidentPlaybookHandlers = (
  playbooks: IncidentPlaybooks,
): Pick<HandlersOf<WatchfloorContract>, keyof typeof incidentPlaybookContract> => ({
  'incidents.playbooks': (input, { signal }) => playbooks.offered(input, signal),
  'incidents.runs': (input, { signal }) => playbooks.runs(input, signal),
  'incidents.startPlaybook': (input, { caller }) => playbooks.begin(input, caller.name),
  'incidents.act': (input, { caller }) => playbooks.act(input, caller.name),
})
