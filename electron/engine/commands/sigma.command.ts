import { sigmaScan } from '../sigma/scan.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'sigma',
  usage: '<path>... --rules <dir>... --json',
  summary: 'Runs Sigma rules over files and folders; a line for each match.',
  options: {
    rules: { type: 'string', multiple: true, value: '<dir>', doc: 'folder of rules' },
    zone: { type: 'string', value: '<zone>', doc: 'time zone of records that name none (default UTC)' },
    json: { type: 'boolean', doc: 'matches as JSON lines' },
  },
  async run(input) {
    const ruleFolders = input.texts('rules')
    if (input.positionals.length === 0) throw new UsageError('name at least one file or folder')
    if (ruleFolders.length === 0) throw new UsageError('name at least one folder of rules: --rules <dir>')
    const zone = input.text('zone')
    const json = input.flag('json')
    const summary = await sigmaScan({
      paths: input.positionals,
      ruleFolders,
      signal: input.signal,
      ...(zone === undefined ? {} : { zone }),
      onMatch: (match) =>
        out(json ? JSON.stringify(match) : `${match.time} ${match.level} ${match.title} (${match.file}:${match.record})`),
      onNote: talk,
    })
    talk(
      `${summary.files} files, ${summary.records} records, ${summary.rejected} rejected, ${summary.matches} matches, ${summary.skipped} files skipped`,
    )
    return summary.ok ? 0 : 1
  },
})
