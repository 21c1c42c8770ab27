/** Reference page of the shipped scenarios, from their files and their examples. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { resourcesDir } from '../electron/engine/paths.ts'
import { rulesOfText } from '../electron/engine/sigma/parse-rules.ts'
import { resolveScenarios } from '../electron/engine/sigma/scenarios/resolve.ts'
import type { Bounds, ScenarioPlan, SigmaScenario } from '../electron/engine/sigma/scenarios/scenario.ts'

const GENERATED = '<!-- Written by `npm run reference` from the files themselves; do not edit. -->'
const FOLDER = join(resourcesDir(), 'rules')
const Examples = z.array(z.object({ name: z.string(), finds: z.array(z.object({ scenario: z.string() })) }))

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;')
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

const ASKS: Readonly<Record<keyof Bounds, string>> = { gt: '>', gte: '≥', lt: '<', lte: '≤', eq: '=', neq: '≠' }

/** What must come about, in one line. */
function asks({ correlation: { type, condition, rules, fields } }: SigmaScenario): string {
  if (condition === null) return `\`${type}\`: ${rules.join(', ')}`
  if ('expression' in condition) return `\`${type}\` of ${rules.join(', ')}, as its condition says`
  const bounds = Object.entries(condition.bounds).map(([bound, number]) => `${ASKS[bound as keyof Bounds]} ${number}`)
  return `\`${type}\`${fields.length > 0 ? ` of ${fields.join(' and ')}` : ''} ${bounds.join(', ')}: ${rules.join(', ')}`
}

interface Shown {
  readonly family: string
  readonly scenario: SigmaScenario
  readonly plan: ScenarioPlan
  readonly finds: readonly string[]
  readonly leaves: readonly string[]
}

function shown(): Shown[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.yml') && !file.endsWith('.examples.yml'))
    .sort()
  const read = files.flatMap((file) => [...rulesOfText({ file, folder: FOLDER, text: readFileSync(join(FOLDER, file), 'utf8') })])
  const scenarios = read.flatMap(({ scenario }) => (scenario === null ? [] : [scenario]))
  const rules = read.flatMap(({ rule }) => (rule === null ? [] : [rule]))
  const plans = new Map(resolveScenarios(rules, scenarios, () => true).plans.map((plan) => [plan.id, plan]))
  return scenarios.flatMap((scenario) => {
    const plan = plans.get(scenario.id)
    if (plan === undefined || !plan.alerts) return []
    const file = join(FOLDER, scenario.file.replace(/\.yml$/, '.examples.yml'))
    const examples = Examples.parse(parse(readFileSync(file, 'utf8')))
    const of = (found: boolean): string[] =>
      examples.filter(({ finds }) => finds.some((one) => one.scenario === scenario.name) === found).map(({ name }) => name)
    return [{ family: scenario.file.split('/').at(-2) ?? '', scenario, plan, finds: of(true), leaves: of(false) }]
  })
}

const section = ({ scenario, finds, leaves }: Shown): string =>
  [
    `## ${scenario.title}`,
    cell(scenario.description),
    [
      `- ${scenario.level}, within ${scenario.correlation.span}, by ${scenario.correlation.groupBy.join(' and ')}: ${asks(scenario)}`,
      `- ATT&CK: ${scenario.attack.join(', ')}`,
      `- Also seen in: ${scenario.falsePositives.map(cell).join('; ')}`,
      `- Finds: ${finds.join('; ')}`,
      `- Leaves: ${leaves.join('; ')}`,
      `- \`resources/rules/${scenario.file}\``,
    ].join('\n'),
  ].join('\n\n')

export function scenariosPage(): string {
  const all = shown()
  return [
    GENERATED,
    '# Scenarios',
    'The scenarios of the starter pack that raise alerts. Each file begins with the scenario, then come its parts and the rules that only it needs; these are informational and raise none. What each finds and leaves are the cases beside it, which the tests run in several orders.',
    [
      '| family | scenario | level |',
      '|---|---|---|',
      ...all.map(({ family, scenario: { title, level } }) => `| ${family} | [${title}](#${anchor(title)}) | ${level} |`),
    ].join('\n'),
    ...all.map(section),
    '',
  ].join('\n\n')
}
