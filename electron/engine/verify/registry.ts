/** All impact tests, found by their file names, in order of id. */
import type { ImpactTestDefinition } from './define.ts'

const found = import.meta.glob<ImpactTestDefinition>('./tests/*.impact-test.ts', { eager: true, import: 'default' })

export const impactTests: readonly ImpactTestDefinition[] = Object.entries(found)
  .map(([file, test]) => {
    const name = /([^/]+)\.impact-test\.ts$/.exec(file)?.[1]
    if (name !== test.id) throw new Error(`the impact test in ${file} calls itself ${test.id}`)
    return test
  })
  .sort((a, b) => (a.id < b.id ? -1 : 1))
