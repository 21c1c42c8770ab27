import { resolve } from 'node:path'
import { IncidentNumber } from '../../../../shared/model/incident.ts'
import { exportCase } from '../../case-file/export-case.ts'
import { out, UsageError } from '../define.ts'
import { refuse } from '../refuse.ts'
import { localOperator } from '../../hosts/operator.ts'
import { changingDesk } from './changing-desk.ts'
import { defineSubcommand } from './subcommand.ts'

export default defineSubcommand({
  name: 'export',
  usage: '<number> <file> --data <dir> [--json]',
  summary:
    'Writes an incident with its events, evidence, rules and ledger into one case file (.wfcase), which another desk imports.',
  options: {},
  run(input, [number, file, ...rest]) {
    if (number === undefined || file === undefined || rest.length > 0)
      throw new UsageError('incident export takes one number and one file: INC-2026-0001 case.wfcase')
    if (!IncidentNumber.safeParse(number).success) throw new UsageError(`${number} is no number of an incident`)
    return changingDesk(input, async (store, dataDir) => {
      const done = await exportCase(store, {
        dataDir,
        number,
        path: resolve(file),
        by: localOperator().name,
        signal: input.signal,
      })
      if (!done.ok) return refuse(done.error)
      const { path, bytes, content, events, alerts, evidence } = done.value
      await out(
        input.flag('json')
          ? JSON.stringify(done.value)
          : `${path}: ${bytes} bytes, ${alerts} alerts, ${events} events, ${evidence} copies of evidence, content ${content}`,
      )
      return 0
    })
  },
})
