/**
 * What an impact test is. One `*.impact-test.ts` file default-exports `defineImpactTest({...})`; `registry.ts` finds it by its folder.
 * A test imports this file, `case.ts`, `octets.ts` and the readers in `verify/reading/`, never a sibling and never the registry. It says
 * only what its evidence carries: null where it does not apply after all or sees nothing.
 */
import type { Bilingual, Cite, DecidingBytes, Impact, TestFamily } from '../../../shared/model/impact.ts'
import type { ImpactCase } from './case.ts'
import type { CaseDraft } from './made-case.ts'

export interface Finding {
  readonly result: Impact
  /**
   * How often a finding like this one is right. `succeeded` wants 0.9 and more: the bytes themselves show it. What merely goes with a
   * success is `likely`. `failed` and `blocked` are said only where a success would have looked otherwise.
   */
  readonly confidence: number
  /** Whole sentences; values from outside stand in them as they are, and are shown as text. */
  readonly reason: Bilingual
  readonly cites: readonly Cite[]
  readonly bytes?: DecidingBytes
}

export interface ImpactTestDefinition {
  /** As its file: `file-content-disclosed`. */
  readonly id: string
  readonly family: TestFamily
  readonly title: Bilingual
  /** Why the evidence tells, in one sentence. */
  readonly reasoning: Bilingual
  /** Link to the specification or the source of the reasoning. */
  readonly spec: string
  /** What it applies to, in words, and what it reads of the case. */
  readonly appliesTo: string
  readonly reads: readonly (keyof ImpactCase)[]
  applies(of: ImpactCase): boolean
  /** What the case says; several where there are several independent pieces of evidence, the strongest first. */
  test(of: ImpactCase): Finding | readonly Finding[] | null
  /** At least one that decides and one that must not. `expect` null: it says nothing. */
  readonly examples: readonly { readonly name: string; readonly of: CaseDraft; readonly expect: Impact | null }[]
}

export const defineImpactTest = (definition: ImpactTestDefinition): ImpactTestDefinition => definition
