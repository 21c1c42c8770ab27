import { IncidentStatus } from '../../../../shared/model/incident.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { listIncidents } from '../../store/queries/incidents.ts'
import type { OutputOf } from '../../store/types.ts'
import { out, UsageError } from '../define.ts'
import { refuse } from '../refuse.ts'
import { answered, defineSubcommand, readingDesk } from './subcommand.ts'

const PAGE = 200

export default defineSubcommand({
  name: 'list',
  usage: '--data <dir> [--status <status>]... [--json]',
  summary: 'Incidents, the newest first: all of them, or those of some statuses.',
  options: {
    status: { type: 'string', multiple: true, value: '<status>', doc: `${IncidentStatus.options.join(', ')} (list)` },
  },
  run(input, positionals) {
    if (positionals.length > 0) throw new UsageError('incident list takes no names')
    const status = input.texts('status').map((text) => {
      const parsed = IncidentStatus.safeParse(text)
      if (!parsed.success) throw new UsageError(`--status takes one of ${IncidentStatus.options.join(', ')}`)
      return parsed.data
    })
    return readingDesk(input, async (scope) => {
      for (let after: string | null = null; !input.signal.aborted;) {
        const page: Result<OutputOf<'incidents.list'>> = answered(
          listIncidents(
            {
              text: '',
              status: status.length > 0 ? status : [...IncidentStatus.options],
              owner: null,
              customer: null,
              limit: PAGE,
              after,
            },
            scope,
          ),
        )
        if (!page.ok) return refuse(page.error)
        for (const one of page.value.incidents)
          await out(
            input.flag('json')
              ? JSON.stringify(one)
              : `${one.number}  ${one.status.padEnd(10)}  ${one.severity.padEnd(8)}  TLP:${one.tlp.padEnd(12)}  ${(one.impact?.result ?? '-').padEnd(9)}  ${one.owner ?? '-'}  ${one.title}`,
          )
        after = page.value.after
        if (after === null) return 0
      }
      return 1
    })
  },
})
