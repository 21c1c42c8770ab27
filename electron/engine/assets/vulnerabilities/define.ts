/**
 * What a source of vulnerability data is. One `*.vulnerabilities.ts` file default-exports `defineVulnerabilities({...})`; `registry.ts`
 * finds it by its folder. It imports this file, `../cpe/*` and `../reading/*`, never a sibling.
 */
import type { FixedState, RowProblem } from '../../../../shared/model/asset.ts'
import type { Severity } from '../../../../shared/model/severity.ts'
import type { Criterion } from '../cpe/criterion.ts'
import type { Pieces } from '../reading/row.ts'

/** A tree of criteria: NVD's configurations. */
export type ConditionNode =
  | { readonly kind: 'one'; readonly criterion: Criterion; readonly vulnerable: boolean }
  | { readonly kind: 'all' | 'any'; readonly items: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly item: ConditionNode }

export interface VulnerabilityRecord {
  readonly cve: string
  readonly title: string
  readonly score: number | null
  readonly vector: string
  readonly severity: Severity
  /** As the source has it (ISO); of two records the one changed later stays. */
  readonly modified: string
  readonly source: string
  /** Any of them is enough. */
  readonly conditions: readonly ConditionNode[]
}

/** What a maker says of one CVE in one product. */
export interface Statement {
  readonly cve: string
  readonly state: FixedState
  /** Which products; several versions are several of them. */
  readonly criteria: readonly Criterion[]
  /** The product as the document names it. */
  readonly product: string
  readonly remedy: string
}

export type VulnerabilityItem =
  | { readonly kind: 'vulnerability'; readonly record: VulnerabilityRecord }
  /** Its statements take the place of those that the document made before. */
  | { readonly kind: 'document'; readonly id: string; readonly publisher: string; readonly version: string }
  | { readonly kind: 'statement'; readonly statement: Statement }
  | {
      readonly kind: 'exploited'
      readonly cve: string
      readonly added: string
      readonly due: string
      readonly ransomware: boolean
      readonly title: string
    }
  | { readonly kind: 'score'; readonly cve: string; readonly epss: number; readonly date: string }
  | { readonly kind: 'problem'; readonly problem: RowProblem }

export interface VulnerabilitiesDefinition {
  readonly id: string
  readonly title: string
  readonly spec: string
  readonly doc: string
  /** Certainty 0–1 that a file that begins like this is one; at most 256 Ki characters. */
  recognises(head: string, fileName: string): number
  /** A file that goes wrong on its way throws a FileProblem; what came before it counts. */
  read(pieces: Pieces, head: string): AsyncGenerator<VulnerabilityItem, void>
  /** Made for this project. */
  readonly examples: readonly { readonly name: string; readonly input: string; readonly expect: readonly unknown[] }[]
}

export const defineVulnerabilities = (definition: VulnerabilitiesDefinition): VulnerabilitiesDefinition => definition
