/** What the engine's main thread and the thread that verifies say to each other. */
import type { Result } from '../../../../shared/model/result.ts'
import type { LocateAsked } from '../../packets/bench/locate-flow.ts'
import type { Shelf } from '../../store/partition-files.ts'
import type { ReaderStart } from '../../store/reader.worker.ts'
import type { CaseAsset, CaseEnd } from '../case.ts'
import type { FoundStream } from '../gather/streams.ts'
import type { Verified } from '../run-tests.ts'

export type VerifyStart = ReaderStart

export interface VerifiedAlert {
  readonly verified: Verified
  /** Events that the alert had. */
  readonly count: number
}

/** What only the desk's main thread knows. */
export interface DeskQuestions {
  conversation: { readonly asked: LocateAsked; readonly origin: string | null }
  asset: { readonly end: CaseEnd; readonly cves: readonly string[]; readonly time: number }
  /** Which of these addresses are ours. */
  ours: readonly string[]
}
export interface DeskAnswers {
  conversation: FoundStream | null
  asset: CaseAsset | null
  ours: readonly string[]
}
export type DeskQuestion = keyof DeskQuestions

export type ToVerifier =
  /** `revision`: changes with the inventory. */
  | { readonly kind: 'verify'; readonly id: number; readonly alert: string; readonly revision: number }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'told'; readonly id: number; readonly value: Result<unknown> }
  /** Events of these times (microseconds) were stored. */
  | { readonly kind: 'stored'; readonly from: number; readonly to: number }
  | { readonly kind: 'shelf'; readonly id: number; readonly shelf: Shelf }
  | { readonly kind: 'close' }

export type FromVerifier =
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'ask'; readonly id: number; readonly question: DeskQuestion; readonly input: unknown }
  | { readonly kind: 'damaged'; readonly day: number; readonly known: number }
