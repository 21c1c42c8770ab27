/** Playbooks in incidents (contract area `incidents`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { Bilingual } from './model/impact.ts'
import { IncidentNumber, IncidentPartId } from './model/incident.ts'
import { PlaybookRun, RunAction, RunView } from './model/playbook-run.ts'
import { command, query } from './rpc/kinds.ts'

const Of = z.object({ number: IncidentNumber })
const PlaybookHead = z.object({
  id: z.string(),
  version: z.number(),
  title: Bilingual,
  description: Bilingual,
  steps: z.number().int(),
  own: z.boolean(),
})

export const incidentPlaybookContract = {
  /** Playbooks that fit the incident, the best first, with why; and all there are. */
  'incidents.playbooks': query(
    'desk.read',
    Of,
    z.object({
      proposed: z.array(z.object({ playbook: PlaybookHead, score: z.number(), why: Bilingual })),
      all: z.array(PlaybookHead),
      problems: z.array(z.object({ file: z.string(), line: z.number().int(), column: z.number().int(), message: z.string() })),
    }),
  ),
  /** Runs of the incident as they stand now: steps that are ready, blocked, late. */
  'incidents.runs': query(
    'desk.read',
    Of,
    z.object({ runs: z.array(z.object({ id: IncidentPartId, revision: z.number().int(), run: PlaybookRun, view: RunView })) }),
  ),
  'incidents.startPlaybook': command(
    'incidents.edit',
    Of.extend({ playbook: z.string().max(128) }),
    z.object({ id: IncidentPartId }),
  ),
  /** One action on a run, by the caller now, whatever time and name it gives. `conflict` says why it is refused. */
  'incidents.act': command(
    'incidents.edit',
    Of.extend({ run: IncidentPartId, action: RunAction }),
    z.object({ id: IncidentPartId, revision: z.number().int() }),
  ),
} as const
