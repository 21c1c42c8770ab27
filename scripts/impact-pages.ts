/** Reference page of impact tests, from their files. */
import type { ImpactTestDefinition } from '../electron/engine/verify/define.ts'
import { impactTests } from '../electron/engine/verify/registry.ts'
import type { TestFamily } from '../shared/model/impact.ts'

const GENERATED = '<!-- Written by `npm run reference` from the files themselves; do not edit. -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')

const FAMILIES: Readonly<Record<TestFamily, string>> = {
  answer: 'What the target answered',
  target: 'What the target is',
  next: 'What happened afterwards',
  others: 'What others say',
}

const section = ({ id, title, reasoning, spec, appliesTo, reads, examples }: ImpactTestDefinition): string =>
  [
    `### ${id}`,
    `${cell(title.en)}. ${cell(reasoning.en)} [Source](${spec})`,
    `Applies to: ${cell(appliesTo)} Reads: ${reads.map((name) => `\`${name}\``).join(', ')}.`,
    table(
      ['example', 'result'],
      examples.map(({ name, expect }) => [cell(name), expect === null ? 'says nothing' : `**${expect}**`]),
    ),
  ].join('\n\n')

export const impactTestsPage = (): string =>
  [
    GENERATED,
    '# Impact tests',
    `Each alert is verified by ${impactTests.length} tests, each a file in \`electron/engine/verify/tests\` (\`npm run new impact-test <id>\`). A test reads what was gathered of the alert and says \`blocked\`, \`failed\`, \`attempted\`, \`likely\` or \`succeeded\` with a confidence, a sentence and what it rests on; or nothing. How findings become one result is in \`combine.ts\`: bytes or records that show the success decide; \`failed\` and \`blocked\` stand only where nothing speaks for a success and all of the alert was seen.`,
    ...(Object.keys(FAMILIES) as TestFamily[]).flatMap((family) => [
      `## ${FAMILIES[family]}`,
      ...impactTests.filter((test) => test.family === family).map(section),
    ]),
    '',
  ].join('\n\n')
