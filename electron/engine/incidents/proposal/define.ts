/** One kind of step of an intrusion: which alerts tell of it, and what is said of it. One file each in `steps`. */
import type { Bilingual } from '../../../../shared/model/impact.ts'
import type { MaterialAlert } from './material.ts'

export interface StepWords {
  /** Shown names of the ends; `where` both with an arrow, or the one host. */
  readonly from: string
  readonly to: string
  /** The account of a login, the title of the alert that decides. */
  readonly user: string | null
  readonly title: string
}

export interface WeaknessWords {
  /** The same weakness of an asset is told once. */
  readonly id: string
  readonly weakness: Bilingual
  readonly advice: Bilingual
}

export interface RouteStepDefinition {
  /** Name of the file without its ending. */
  readonly id: string
  /** Kinds are tried in this order: the narrower first. */
  readonly order: number
  /** `inward`: towards what is attacked · `outward`: from what is held · `local`: on the host itself. */
  readonly way: 'inward' | 'outward' | 'local'
  /** Whether the attacker has the target once it worked, and can go on from there. */
  readonly holds: boolean
  /** Tests that show what the target gave away, not that it does what it is told: by them alone it is not said to have been reached. */
  readonly onlyGives?: readonly string[]
  /** Never said to have worked: looking is not getting in. */
  readonly onlyLooks?: boolean
  /** Where it is given, only these impact tests can say that it worked: others speak of something else. */
  readonly proof?: readonly string[]
  /** Failed attempts stand beside those that worked; of other kinds, what is only not known is told with what worked. */
  readonly apart?: boolean
  readonly section: 'path' | 'left'
  /** Bracket of the timeline, label of the edge. */
  readonly name: Bilingual
  fits(alert: Pick<MaterialAlert, 'attack'>, from: { readonly outside: boolean }): boolean
  /** Whether a record itself shows that it worked, whatever verification says. */
  recordShows?(alert: MaterialAlert): boolean
  /** What is said after time and ends. Whole sentences. */
  /** `tests`: those that say it worked. */
  worked(words: StepWords, tests: ReadonlySet<string>): Bilingual
  tried(words: StepWords): Bilingual
  weakness?(words: StepWords, tests: ReadonlySet<string>): readonly WeaknessWords[]
  readonly examples: readonly { readonly attack: readonly string[]; readonly outside: boolean; readonly fits: boolean }[]
}

export const defineRouteStep = (step: RouteStepDefinition): RouteStepDefinition => step

/** Whether one of the ids is one of these, or a sub-technique of it. */
export const has = (attack: readonly string[], ...ids: readonly string[]): boolean =>
  attack.some((one) => ids.some((id) => one === id || one.startsWith(`${id}.`)))
