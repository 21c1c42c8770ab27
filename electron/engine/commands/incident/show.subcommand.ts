import type { Incident, TimelineEntry } from '../../../../shared/model/incident.ts'
import { IncidentNumber, PHASES } from '../../../../shared/model/incident.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { incidentLedger } from '../../store/queries/incident-ledger.ts'
import { incidentTimeline } from '../../store/queries/incident-timeline.ts'
import { getIncident, incidentParts } from '../../store/queries/incidents.ts'
import type { OutputOf } from '../../store/types.ts'
import { out, UsageError } from '../define.ts'
import { refuse } from '../refuse.ts'
import { answered, defineSubcommand, readingDesk } from './subcommand.ts'

const PAGE = 2000

export default defineSubcommand({
  name: 'show',
  usage: '<number> --data <dir> [--json]',
  summary: 'One incident: its head, parts, timeline, and whether its ledger is intact.',
  options: {},
  run(input, [number, ...rest]) {
    if (number === undefined || rest.length > 0) throw new UsageError('incident show takes one number: INC-2026-0001')
    if (!IncidentNumber.safeParse(number).success) throw new UsageError(`${number} is no number of an incident`)
    return readingDesk(input, async (scope) => {
      const incident = getIncident({ number }, scope)
      if (!incident.ok) return refuse(incident.error)
      const parts = incidentParts({ number }, scope)
      if (!parts.ok) return refuse(parts.error)
      const ledger = answered(incidentLedger({ number, limit: 1, before: null }, scope))
      if (!ledger.ok) return refuse(ledger.error)
      const entries: TimelineEntry[] = []
      for (let after: string | null = null, more = true; more && !input.signal.aborted; more = after !== null) {
        const page: Result<OutputOf<'incidents.timeline'>> = answered(
          incidentTimeline({ number, from: null, to: null, slots: 1, limit: PAGE, after }, scope),
        )
        if (!page.ok) return refuse(page.error)
        entries.push(...page.value.entries)
        after = page.value.after
      }
      const { intact, total } = ledger.value
      if (input.flag('json'))
        await out(JSON.stringify({ incident: incident.value, parts: parts.value, entries, ledger: { intact, entries: total } }))
      else {
        for (const line of headLines(incident.value)) await out(line)
        for (const { time, kind, title, text } of entries)
          await out(`  ${time}  ${kind.padEnd(8)}  ${title}${text === '' ? '' : ` | ${text.replace(/\s+/g, ' ').slice(0, 200)}`}`)
        for (const { section, text, state } of parts.value.sentences) await out(`  ${section} (${state}): ${text.en}`)
        await out(`Ledger: ${total} entries, ${intact ? 'intact' : 'NOT INTACT'}`)
      }
      return intact ? 0 : 1
    })
  },
})

const headLines = (one: Incident): string[] => [
  `${one.number}  ${one.title}`,
  `Status ${one.status} · severity ${one.severity} · TLP:${one.tlp} · PAP:${one.pap} · impact ${one.impact?.result ?? '-'} · owner ${one.owner ?? '-'}`,
  PHASES.map((phase) => `${phase} ${one.times[phase] ?? '-'}`).join(' · '),
  ...(one.mergedInto === null ? [] : [`Merged into ${one.mergedInto}`]),
  ...(one.links.length === 0 ? [] : [`Links: ${one.links.map(({ kind, to }) => `${kind} ${to}`).join(', ')}`]),
]
