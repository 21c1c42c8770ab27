import { resolve } from 'node:path'
import { sweepCases } from '../../case-file/case-files.ts'
import { caseStore, importCase } from '../../case-file/import-case.ts'
import { out, UsageError } from '../define.ts'
import { refuse } from '../refuse.ts'
import { localOperator } from '../../hosts/operator.ts'
import { changingDesk } from './changing-desk.ts'
import { defineSubcommand } from './subcommand.ts'

export default defineSubcommand({
  name: 'import',
  usage: '<file> --data <dir> [--json]',
  summary: 'Takes a case file of another desk in, after verifying it; where anything is wrong, nothing.',
  options: {},
  run(input, [file, ...rest]) {
    if (file === undefined || rest.length > 0) throw new UsageError('incident import takes one case file')
    return changingDesk(input, async (store, dataDir) => {
      await sweepCases(dataDir)
      const done = await importCase({
        store: caseStore(store),
        dataDir,
        path: resolve(file),
        by: localOperator().name,
        signal: input.signal,
      })
      if (!done.ok) return refuse(done.error)
      const { number, original, alerts, events, evidence } = done.value
      await out(
        input.flag('json')
          ? JSON.stringify(done.value)
          : `${number}${number === original ? '' : ` (${original} on the first desk)`}: ${alerts} alerts, ${events} events, ${evidence} copies of evidence`,
      )
      return 0
    })
  },
})
