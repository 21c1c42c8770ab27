/** Playbooks for tests: from a few words, and random ones that a reader would take. */
import fc from 'fast-check'
import type { Playbook, PlaybookStep } from '../../../../shared/model/playbook.ts'
import { graphProblems } from './graph.ts'

const both = (text: string): { en: string; ko: string } => ({ en: text, ko: `${text} 단계` })

type Kind = PlaybookStep['kind']
type StepOf<K extends Kind, S = PlaybookStep> = S extends { kind: infer T } ? (K extends T ? S : never) : never
type Of<K extends Kind> = Omit<Partial<StepOf<K>>, 'kind' | 'id'>
const KIND: { readonly [K in Kind]: Of<K> } = {
  check: { yes: null, no: null },
  decide: { choices: [] },
  contain: {},
  eradicate: {},
  recover: {},
  notify: { to: ['customer'], template: null, message: null },
  wait: { wait: { kind: 'for', time: 3_600_000 } },
}

/** A step that leads nowhere unless `of` says so. */
export function madeStep<K extends Kind>(id: string, kind: K, of?: Of<K> & { readonly next?: readonly string[] }): PlaybookStep {
  const { next = [], ...rest } = of ?? {}
  return {
    id, title: both(id), text: both(`Text of ${id}`), role: null, due: null, needs: [], onSuccess: [...next], onFailure: [...next],
    optional: false, evidence: [], phase: null, look: [], commands: [], ...KIND[kind], kind, ...rest,
  } as PlaybookStep // prettier-ignore
}

export function madePlaybook(steps: readonly PlaybookStep[], start = [steps[0]?.id ?? 'none']): Playbook {
  const propose = { classes: [], techniques: ['T1190'], tags: [], impacts: [], severity: 'info' as const }
  return { id: 'made', version: 1, title: both('Made'), description: both('Made for tests'), propose, start, steps: [...steps] }
}

const KINDS: readonly Kind[] = ['check', 'decide', 'contain', 'eradicate', 'recover', 'notify', 'wait']

/** Steps that lead forward, need earlier ones, and go back where a wait lies between; only such as a reader takes. */
export function anyPlaybook(): fc.Arbitrary<Playbook> {
  const step = fc.record({
    kind: fc.constantFrom(...KINDS),
    from: fc.nat(1000),
    also: fc.array(fc.nat(1000), { maxLength: 3 }),
    needs: fc.array(fc.nat(1000), { maxLength: 2 }),
    back: fc.option(fc.nat(1000), { freq: 3 }),
    optional: fc.boolean(),
    phase: fc.constantFrom(null, null, 'contained' as const, 'recovered' as const),
    due: fc.constantFrom(null, 60_000, 7_200_000),
    fact: fc.constantFrom(null, 'alerts.open = 0', 'impact >= likely'),
  })
  return fc
    .record({ steps: fc.array(step, { minLength: 1, maxLength: 12 }), starts: fc.integer({ min: 1, max: 2 }) })
    .map(({ steps, starts }) => {
      const id = (at: number): string => `s${at}`
      const leads = steps.map((): string[] => [])
      steps.forEach(({ from, also }, at) => {
        if (at === 0 || (at < starts && at < steps.length)) return
        for (const other of [from, ...also]) {
          const targets = leads[other % at]!
          if (!targets.includes(id(at))) targets.push(id(at))
        }
      })
      const made = steps.map((step, at): PlaybookStep => {
        const { kind, optional, phase, due, fact } = step
        const needs = at === 0 ? [] : [...new Set(step.needs.map((need) => id(need % at)))]
        const next = leads[at]!
        const back = step.back === null || at === 0 ? [] : [id(step.back % at)]
        const half = next.filter((_, index) => index % 2 === 0)
        const of = { needs, optional, phase, due: due === null ? null : { within: due, after: null } }
        switch (kind) {
          case 'decide':
            return madeStep(id(at), kind, {
              ...of,
              choices: [
                { id: 'one', title: both('One'), next: half },
                { id: 'two', title: both('Two'), next: next.filter((other) => !half.includes(other)) },
                { id: 'three', title: both('Three'), next: back },
              ],
            })
          case 'check':
            return madeStep(id(at), kind, { ...of, onSuccess: next, onFailure: back, yes: fact })
          default:
            return madeStep(id(at), kind, { ...of, next })
        }
      })
      return madePlaybook(made, made.slice(0, starts).map((step) => step.id)) // prettier-ignore
    })
    .filter((playbook) => graphProblems(playbook).length === 0)
}
