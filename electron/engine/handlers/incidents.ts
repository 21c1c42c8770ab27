/** Incidents (contract area `incidents`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { incidentContract } from '../../../shared/incident-contract.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import { IncidentPresence } from '../incidents/presence.ts'
import { AREAS, type Area, type ChangedIncident } from '../store/incidents/incident-desk.ts'
import type { Store } from '../store/types.ts'
import { Changes } from './changes.ts'

/** What one types is on another's screen soon enough, and a burst of edits is one delta. Milliseconds. */
const GAP_MS = 60
/** More incidents than this are not told one by one: the list is asked again in any case. */
const MOST_TOLD = 500

/** `takeCopies`: evidence of an incident is another's too. */
export function incidentHandlers(
  store: Store,
  takeCopies: (number: string, from: string, signal: AbortSignal) => Promise<Result<null>>,
): Pick<HandlersOf<WatchfloorContract>, keyof typeof incidentContract> {
  const { incidents } = store
  const presence = new IncidentPresence()
  return {
    'incidents.list': (input, { signal }) => incidents.list(input, signal),
    'incidents.get': (input, { signal }) => incidents.get(input, signal),
    'incidents.parts': (input, { signal }) => incidents.parts(input, signal),
    'incidents.timeline': (input, { signal }) => incidents.timeline(input, signal),
    'incidents.alerts': (input, { signal }) => incidents.alerts(input, signal),
    'incidents.offered': (input, { signal }) => incidents.offered(input, signal),
    'incidents.suggest': (input, { signal }) => incidents.suggest(input, signal),
    'incidents.ledger': (input, { signal }) => incidents.ledger(input, signal),
    'incidents.cited': (input, { signal }) => incidents.cited(input, signal),
    'incidents.draft': (input, { caller, signal }) => incidents.draft(input, caller.name, signal),
    'incidents.create': (input, { caller }) => incidents.create(input, caller.name),
    'incidents.edit': (input, { caller }) => incidents.edit(input, caller.name),
    'incidents.reach': (input, { caller }) => incidents.reach(input, caller.name),
    'incidents.reopen': (input, { caller }) => incidents.reopen(input, caller.name),
    'incidents.addAlerts': (input, { caller }) => incidents.addAlerts(input, caller.name),
    'incidents.removeAlerts': (input, { caller }) => incidents.removeAlerts(input, caller.name),
    'incidents.addEvents': (input, { caller, signal }) => incidents.addEvents(input, caller.name, signal),
    'incidents.save': (input, { caller }) => incidents.save(input, caller.name),
    'incidents.remove': (input, { caller }) => incidents.remove(input, caller.name),
    'incidents.link': (input, { caller }) => incidents.link(input, caller.name),
    'incidents.merge': async (input, { caller, signal }) => {
      const taken = await takeCopies(input.number, input.from, signal)
      if (!taken.ok) return taken
      const merged = await incidents.merge(input, caller.name)
      if (!merged.ok) return merged
      // What was added while the others were copied.
      const rest = await takeCopies(input.number, input.from, signal)
      return rest.ok ? merged : rest
    },
    'incidents.undo': (input, { caller }) => incidents.undo(input, caller.name),
    'incidents.keepDraft': (input, { caller }) => incidents.keepDraft(input, caller.name),
    /** The first delta says the revision; a client watches first and asks then, so that nothing falls in between. */
    async 'incidents.watch'({ number }, emit, { caller, signal }) {
      const changes = new Changes(GAP_MS)
      let revision = 0
      if (number !== null) {
        const incident = await incidents.get({ number }, signal)
        if (!incident.ok) return incident
        revision = incident.value.revision
      }
      let areas = new Set<Area>()
      let numbers = new Set<string>()
      const stop = [
        store.onIncidentsChanged((changed: readonly ChangedIncident[]) => {
          for (const one of changed) {
            if (number !== null && one.number !== number) continue
            // Of all incidents it counts what was told.
            revision = number === null ? revision + 1 : Math.max(revision, one.revision)
            for (const part of one.parts) areas.add(part)
            if (numbers.size < MOST_TOLD) numbers.add(one.number)
            changes.mark()
          }
        }),
      ]
      const stay = number === null ? null : presence.come(number, caller.name, () => changes.mark())
      if (stay) stop.push(stay.leave)
      changes.mark()
      try {
        while (await changes.next(signal)) {
          const told = {
            revision,
            changed: [...numbers],
            parts: AREAS.filter((area) => areas.has(area)),
            here: stay?.others() ?? [],
          }
          areas = new Set()
          numbers = new Set()
          await emit(told)
        }
      } finally {
        for (const end of stop) end()
      }
      return ok(undefined)
    },
  }
}
