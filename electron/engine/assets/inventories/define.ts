/**
 * What an inventory is: a file that names assets, or what a scanner found on them. One `*.inventory.ts` file default-exports
 * `defineInventory({...})`; `registry.ts` finds it by its folder. It imports this file and `../reading/*`, never a sibling.
 */
import type { AssetService, Criticality, RowProblem } from '../../../../shared/model/asset.ts'
import type { Severity } from '../../../../shared/model/severity.ts'
import type { Pieces, Place } from '../reading/row.ts'

export type GivenService = Pick<AssetService, 'port' | 'transport' | 'name' | 'product' | 'version' | 'cpe'>

/** An asset as a row has it: what is undefined was not said, and stays as it is where the asset is known. */
export interface GivenAsset {
  readonly id?: string | undefined
  /** Id or name. */
  readonly customer?: string | undefined
  readonly name?: string | undefined
  readonly otherNames?: readonly string[] | undefined
  readonly addresses?: readonly string[] | undefined
  readonly networks?: readonly string[] | undefined
  readonly criticality?: Criticality | undefined
  readonly owner?: string | undefined
  readonly zone?: string | undefined
  readonly os?: string | undefined
  readonly note?: string | undefined
  readonly services?: readonly GivenService[] | undefined
}

export interface GivenFinding {
  /** Address or host name. */
  readonly host: string
  readonly port: number | null
  readonly transport: AssetService['transport']
  readonly cve: string
  readonly severity: Severity | null
  readonly score: number | null
  readonly title: string
  readonly solution: string
}

export interface GivenCustomer {
  readonly id?: string | undefined
  readonly name: string
  readonly contacts: readonly { readonly name: string; readonly email: string; readonly language: 'en' | 'ko' }[]
  readonly note: string
}

export type InventoryItem =
  | { readonly kind: 'asset'; readonly place: Place; readonly asset: GivenAsset }
  | { readonly kind: 'finding'; readonly place: Place; readonly finding: GivenFinding }
  | { readonly kind: 'customer'; readonly place: Place; readonly customer: GivenCustomer }
  | { readonly kind: 'problem'; readonly problem: RowProblem }

export interface InventoryDefinition {
  /** As its file. */
  readonly id: string
  readonly title: string
  /** Link to the format's specification. */
  readonly spec: string
  readonly doc: string
  /** Certainty 0–1 that a file that begins like this is one; at most 256 Ki characters. */
  recognises(head: string, fileName: string): number
  /** Rows in the order of the file. A file that goes wrong on its way throws a FileProblem; what came before it counts. */
  read(pieces: Pieces, head: string): AsyncGenerator<InventoryItem, void>
  /** Made for this project. */
  readonly examples: readonly { readonly name: string; readonly input: string; readonly expect: readonly unknown[] }[]
}

export const defineInventory = (definition: InventoryDefinition): InventoryDefinition => definition
