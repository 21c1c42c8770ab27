/** All kinds of steps, found by their file names, the narrower first. */
import type { RouteStepDefinition } from './define.ts'

const found = import.meta.glob<RouteStepDefinition>('./steps/*.route-step.ts', { eager: true, import: 'default' })

export const routeSteps: readonly RouteStepDefinition[] = Object.entries(found)
  .map(([file, step]) => {
    const name = /([^/]+)\.route-step\.ts$/.exec(file)?.[1]
    if (name !== step.id) throw new Error(`the step in ${file} calls itself ${step.id}`)
    return step
  })
  .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
