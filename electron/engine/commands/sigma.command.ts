import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { captureEvents } from '../packets/events/capture-events.ts'
import { checkRules, type CheckedProblem } from '../sigma/check-rules.ts'
import { explainedRules } from '../sigma/explained-rules.ts'
import { LIST_NAME } from '../sigma/placeholders/placeholder-text.ts'
import { sigmaScan, type ExplainedRecord, type ScenarioMatch, type SigmaScan, type SigmaScanSummary } from '../sigma/scan.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'sigma',
  usage: '<path>... --rules <dir>... [--list <name=file>]... [--check | --explain <id>] [--json]',
  summary:
    'Runs Sigma rules over files and folders; a line for each match. --check only loads the rules, and says where they are wrong (error) and what else to know of them (note). --explain says of each record which searches of one rule hold, or of each rule of a scenario in turn.',
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
    explain: {
      type: 'string',
      value: '<id>',
      doc: 'a line for each record instead: which searches of this rule, or of the rules of this scenario, hold',
    },
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
    if (check) {
      const checked = await checkRules(ruleFolders, lists)
      for (const problem of checked.problems) {
        if (json) await out(JSON.stringify(problem))
        else talk(problemLine(problem))
      }
      const scenarios = checked.scenarios > 0 ? `, ${checked.scenarios} scenarios` : ''
      talk(`${checked.rules} rules${scenarios} loaded, ${checked.failed} failed`)
      return checked.ok ? 0 : 1
    }
    const scratch = mkdtempSync(join(tmpdir(), 'watchfloor-sigma-'))
    const scan: SigmaScan = {
      paths: input.positionals,
      ruleFolders,
      signal: input.signal,
      lists,
      ...(zone === undefined ? {} : { zone }),
      onMatch: (match) =>
        out(json ? JSON.stringify(match) : `${match.time} ${match.level} ${match.title} (${match.file}:${match.record})`),
      onScenario: (match) => out(json ? JSON.stringify(match) : scenarioLine(match)),
      onNote: talk,
      captures: (start) => captureEvents({ ...start, scratch }),
    }
    try {
      const summary = explained === undefined ? await sigmaScan(scan) : await explain(scan, explained, json)
      if (summary === null) return 1
      talk(
        `${summary.files} files, ${summary.records} records, ${summary.rejected} rejected, ${summary.matches} matches, ${summary.scenarios} of scenarios, ${summary.skipped} files skipped`,
      )
      return summary.ok ? 0 : 1
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  },
})

/** One rule, or those of a scenario one after another; null where there is none, which is said. */
async function explain(scan: SigmaScan, id: string, json: boolean): Promise<SigmaScanSummary | null> {
  const { rules, scenario, problem } = await explainedRules(scan.ruleFolders, id)
  if (scenario !== null) talk(`${id} is a scenario, ${scenario}: ${problem ?? 'each of its rules is explained in turn'}`)
  if (scenario !== null && problem !== null) return null
  const all: SigmaScanSummary[] = []
  for (const rule of rules) {
    const summary = await sigmaScan({
      ...scan,
      // What is to be said of files and rules was said with the first.
      onNote: all.length === 0 ? scan.onNote : () => undefined,
      explain: {
        rule,
        onRecord: (record) =>
          out(json ? JSON.stringify({ rule, ...record }) : `${scenario === null ? '' : `${rule}: `}${explainedLine(record)}`),
      },
    })
    all.push(summary)
  }
  const last = all.at(-1)
  if (last === undefined) return null
  return { ...last, matches: all.reduce((sum, { matches }) => sum + matches, 0), ok: all.every(({ ok }) => ok) }
}

function problemLine({ file, line, column, severity, message }: CheckedProblem): string {
  return `${file}${line > 0 ? `:${line}:${column}` : ''}: ${severity}: ${message}`
}

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
