import { LIST_NAME } from '../sigma/placeholders/placeholder-text.ts'
import { sigmaScan, type ExplainedRecord, type ScenarioMatch } from '../sigma/scan.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'sigma',
  usage: '<path>... --rules <dir>... [--list <name=file>]... [--check | --explain <rule-id>] [--json]',
  summary:
    'Runs Sigma rules over files and folders; a line for each match. --check only loads the rules, and says where they are wrong. --explain says of each record which searches of one rule hold.',
  options: {
    rules: { type: 'string', multiple: true, value: '<dir>', doc: 'folder of rules' },
    list: {
      type: 'string',
      multiple: true,
      value: '<name=file>',
      doc: 'values that placeholders (%name%) of rules stand for: a file with one on a line',
    },
    zone: { type: 'string', value: '<zone>', doc: 'time zone of records that name none (default UTC)' },
    check: { type: 'boolean', doc: 'only load the rules: no path is needed' },
    explain: { type: 'string', value: '<rule-id>', doc: 'a line for each record instead: which searches of this rule hold' },
    json: { type: 'boolean', doc: 'lines as JSON' },
  },
  async run(input) {
    const ruleFolders = input.texts('rules')
    const check = input.flag('check')
    if (input.positionals.length === 0 && !check) throw new UsageError('name at least one file or folder')
    if (ruleFolders.length === 0) throw new UsageError('name at least one folder of rules: --rules <dir>')
    const lists = Object.fromEntries(input.texts('list').map(listOption))
    const zone = input.text('zone')
    const json = input.flag('json')
    const explained = input.text('explain')
    const summary = await sigmaScan({
      paths: check ? [] : input.positionals,
      ruleFolders,
      signal: input.signal,
      lists,
      ...(zone === undefined ? {} : { zone }),
      ...(explained === undefined
        ? {}
        : { explain: { rule: explained, onRecord: (record) => out(json ? JSON.stringify(record) : explainedLine(record)) } }),
      onMatch: (match) =>
        out(json ? JSON.stringify(match) : `${match.time} ${match.level} ${match.title} (${match.file}:${match.record})`),
      onScenario: (match) => out(json ? JSON.stringify(match) : scenarioLine(match)),
      onNote: talk,
    })
    if (check) return summary.ok ? 0 : 1
    talk(
      `${summary.files} files, ${summary.records} records, ${summary.rejected} rejected, ${summary.matches} matches, ${summary.scenarios} of scenarios, ${summary.skipped} files skipped`,
    )
    return summary.ok ? 0 : 1
  },
})

function listOption(text: string): [name: string, file: string] {
  const [, name, file] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (name === undefined || file === undefined || !LIST_NAME.test(name))
    throw new UsageError(`--list is <name>=<file>; a name is of letters, digits, _ and -: ${text}`)
  return [name, file]
}

function explainedLine({ file, record, time, matches, logsource, searches }: ExplainedRecord): string {
  const found = Object.entries(searches).map(([name, holds]) => `${name}: ${holds ? 'yes' : 'no'}`)
  return `${time} ${matches ? 'matches' : logsource ? 'does not match' : 'is of another log source'}${found.length > 0 ? ` (${found.join(', ')})` : ''} ${file}:${record}`
}

function scenarioLine({ level, title, group, first, last, count, events }: ScenarioMatch): string {
  const values = Object.entries(group).map(([name, value]) => `${name}=${value}`)
  const place = events[0]
  return `${first} ${level} ${title}${values.length > 0 ? ` [${values.join(', ')}]` : ''}: ${count} events until ${last}${place === undefined ? '' : ` (from ${place.file}:${place.record})`}`
}
