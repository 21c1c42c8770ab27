/** What the engine's main thread and the thread of the catalogue say to each other. */
import type { CatalogueCounts } from '../../../../shared/asset-contract.ts'
import type { RowProblem } from '../../../../shared/model/asset.ts'
import type { InventoryItem } from '../inventories/define.ts'
import type { CveDetail, Match, WantedProduct } from './catalogue.ts'

export interface WorkerStart {
  readonly dataDir: string
}

export type ToAssetWorker =
  | { readonly kind: 'read'; readonly id: number; readonly path: string }
  | { readonly kind: 'cancel'; readonly id: number }
  /** The rows that came last are in the store: go on. */
  | { readonly kind: 'taken'; readonly id: number }
  | { readonly kind: 'match'; readonly id: number; readonly products: readonly WantedProduct[] }
  | { readonly kind: 'describe'; readonly id: number; readonly cves: readonly string[] }
  | { readonly kind: 'counts'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number }

export interface ReadProgress {
  readonly bytes: number
  readonly of: number
  readonly rows: number
  readonly wrong: number
}
export interface ReadDone {
  /** Null where it is nothing that is known. */
  readonly format: string | null
  readonly kind: 'inventory' | 'vulnerabilities' | null
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly wrong: number
  readonly problems: readonly RowProblem[]
  readonly refused: 'not_found' | 'unreadable' | 'not_recognised' | 'cancelled' | null
}
export interface MatchAnswer {
  readonly matches: readonly Match[]
  /** Of every CVE in `matches`. */
  readonly details: readonly CveDetail[]
  readonly complete: boolean
}

export type FromAssetWorker =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: ReadProgress }
  | { readonly kind: 'items'; readonly id: number; readonly items: readonly InventoryItem[] }
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly value: ReadDone | MatchAnswer | readonly CveDetail[] | CatalogueCounts | null
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
