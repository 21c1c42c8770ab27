/** The steps there are, found by their files. */
import type { Migration } from './define.ts'

function inOrder(modules: Record<string, { default: Migration }>): readonly Migration[] {
  const steps = Object.entries(modules).map(([file, { default: step }]) => {
    const named = Number(/(\d{4})-[^/]*$/.exec(file)?.[1])
    if (named !== step.number || named % 10 !== 0) throw new Error(`${file} says it is step ${step.number}`)
    return step
  })
  steps.sort((a, b) => a.number - b.number)
  if (new Set(steps.map((step) => step.number)).size !== steps.length) throw new Error('two migrations have one number')
  return steps
}

export const DESK_STEPS = inOrder(import.meta.glob('./desk/*.ts', { eager: true }))
export const PARTITION_STEPS = inOrder(import.meta.glob('./partition/*.ts', { eager: true }))
export const SCENARIOS_STEPS = inOrder(import.meta.glob('./scenarios/*.ts', { eager: true }))
export const VULNERABILITIES_STEPS = inOrder(import.meta.glob('./vulnerabilities/*.ts', { eager: true }))
