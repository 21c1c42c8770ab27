/** What a thread does with case files, and what it says and asks meanwhile. */
import type { CaseProgress } from '../../../shared/case-file-contract.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { CaseStore, ImportedCase } from './import-case.ts'
import type { Verified } from './verify-case.ts'
import type { Written } from './write-case.ts'

export type CaseOrder =
  | { readonly kind: 'write'; readonly dataDir: string; readonly number: string; readonly path: string; readonly by: string }
  | { readonly kind: 'verify'; readonly path: string }
  | { readonly kind: 'import'; readonly dataDir: string; readonly path: string; readonly by: string }
export interface CaseDone {
  readonly write: Written
  readonly verify: Verified
  readonly import: ImportedCase
}

export type DeskCall = keyof CaseStore
export type FromCaseThread =
  | { readonly kind: 'progress'; readonly progress: CaseProgress }
  /** Asked of the desk, which has one writer. */
  | { readonly kind: 'call'; readonly id: number; readonly call: DeskCall; readonly args: readonly unknown[] }
  | { readonly kind: 'done'; readonly result: Result<CaseDone[CaseOrder['kind']]> }
export type ToCaseThread =
  { readonly kind: 'answer'; readonly id: number; readonly result: unknown } | { readonly kind: 'cancel' }
