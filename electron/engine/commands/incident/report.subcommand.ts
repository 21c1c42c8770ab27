import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { IncidentNumber, Tlp } from '../../../../shared/model/incident.ts'
import { REPORT_FORMATS, ReportFormat, ReportLanguage } from '../../../../shared/model/report.ts'
import { Assets } from '../../assets/assets.ts'
import { defaultDataDir } from '../../data-dir.ts'
import { IncidentReports } from '../../incidents/report/incident-reports.ts'
import { openStoreWith } from '../../store/client.ts'
import { deskPath } from '../../store/partition-files.ts'
import { out, talk, UsageError } from '../define.ts'
import { refuse } from '../refuse.ts'
import { defineSubcommand } from './subcommand.ts'

export default defineSubcommand({
  name: 'report',
  usage:
    '<number> --data <dir> --out <dir> [--language en|ko] [--format pdf,html,docx] [--customer [--tlp <marking>] [--mask]] [--json]',
  summary: 'Writes the report of an incident. The hashes of its files are kept in the incident’s ledger.',
  options: {
    out: { type: 'string', value: '<dir>', doc: 'folder that the files go to; made where it is missing (report)' },
    language: { type: 'string', value: '<language>', doc: 'en or ko; en where it is not said (report)' },
    format: { type: 'string', value: '<formats>', doc: `of ${REPORT_FORMATS.join(',')}; all where it is not said (report)` },
    customer: { type: 'boolean', doc: 'the version for the customer: nothing internal (report)' },
    tlp: {
      type: 'string',
      value: '<marking>',
      doc: 'strictest marking that the customer may see; AMBER where it is not said (report)',
    },
    mask: { type: 'boolean', doc: 'mask addresses and hosts that are not the customer’s (report)' },
  },
  async run(input, [number, ...rest]) {
    if (number === undefined || rest.length > 0) throw new UsageError('incident report takes one number: INC-2026-0001')
    if (!IncidentNumber.safeParse(number).success) throw new UsageError(`${number} is no number of an incident`)
    const folder = input.text('out')
    if (folder === undefined) throw new UsageError('say where to with --out <dir>')
    const language = ReportLanguage.safeParse(input.text('language') ?? 'en')
    if (!language.success) throw new UsageError('--language takes en or ko')
    const formats = ReportFormat.array()
      .min(1)
      .max(3)
      .safeParse(input.text('format')?.split(',') ?? [...REPORT_FORMATS])
    if (!formats.success) throw new UsageError(`--format takes some of ${REPORT_FORMATS.join(',')}`)
    const tlp = Tlp.safeParse(input.text('tlp') ?? 'AMBER')
    if (!tlp.success) throw new UsageError(`--tlp takes one of ${Tlp.options.join(', ')}`)
    if (!input.flag('customer') && (input.flag('mask') || input.text('tlp') !== undefined))
      throw new UsageError('--tlp and --mask go with --customer')
    const dataDir = resolve(input.text('data') ?? defaultDataDir())
    if (!existsSync(deskPath(dataDir))) {
      talk(`There is no desk in ${dataDir}`)
      return 1
    }
    const opened = await openStoreWith(dataDir, {})
    if (!opened.ok) return refuse(opened.error)
    const assets = new Assets(opened.value, dataDir)
    try {
      await assets.start()
      await mkdir(resolve(folder), { recursive: true })
      const written = await new IncidentReports(opened.value, assets, dataDir).write(
        {
          number,
          language: language.data,
          customer: input.flag('customer') ? { tlp: tlp.data, mask: input.flag('mask') } : null,
          formats: formats.data,
          folder: resolve(folder),
        },
        'terminal',
        () => undefined,
        input.signal,
      )
      if (!written.ok) return refuse(written.error)
      if (input.flag('json')) await out(JSON.stringify(written.value))
      else {
        for (const { path, sha256 } of written.value.files) await out(`${sha256}  ${path}`)
        await out(`Document ${written.value.document}`)
      }
      return 0
    } finally {
      await assets.close()
      await opened.value.close()
    }
  },
})
