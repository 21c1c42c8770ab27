/** Checks who imports whom, and that the check itself works: the fixture must break every rule it is there to break. */
import { cruise, type IConfiguration } from 'dependency-cruiser'
import { createRequire } from 'node:module'

const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as IConfiguration

const EXPECTED = [
  'no-cycles',
  'shared-is-alone',
  'engine-knows-shared-and-node',
  'main-knows-shared-and-electron',
  'renderer-knows-shared',
  'no-view-imports-a-view',
  'components-do-not-know-views',
  'an-extension-knows-no-sibling',
  'only-ingest-and-store-know-the-writer',
  'a-file-stands-in-a-layer',
]

interface Found {
  modules: number
  violations: { rule: string; from: string; to: string }[]
}

async function check(paths: string[]): Promise<Found> {
  const { output } = await cruise(
    paths,
    { ...config.options, ruleSet: { forbidden: config.forbidden ?? [] }, validate: true },
    undefined,
    {
      tsConfig: undefined,
    },
  )
  if (typeof output === 'string') throw new Error('unexpected report')
  return {
    modules: output.modules.filter((module) => !module.source.includes('node_modules')).length,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  }
}

const fixture = await check(['test/fixtures/import-rules'])
const missed = EXPECTED.filter((rule) => !fixture.violations.some((violation) => violation.rule === rule))
if (missed.length > 0) {
  console.error(`The import linter is blind: it does not see the fixture break ${missed.join(', ')}`)
  process.exit(1)
}
const found = await check(['shared', 'electron', 'renderer', 'scripts', 'test'])
const real = found.violations.filter((violation) => !violation.from.startsWith('test/fixtures/'))
for (const { rule, from, to } of real) console.error(`${rule}: ${from} -> ${to}`)
if (found.modules < 50) {
  console.error(`The import linter saw ${found.modules} modules only`)
  process.exit(1)
}
console.log(`import rules: ${found.modules} modules, ${real.length} violations`)
process.exit(real.length > 0 ? 1 : 0)
