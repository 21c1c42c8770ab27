/** Case files: an incident as one file, to another desk and from one (contract area `incidents`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { IncidentNumber } from './model/incident.ts'
import { LedgerHash } from './model/ledger.ts'
import { IsoTime } from './model/time.ts'
import { job } from './rpc/kinds.ts'

/** What may be wrong with a case file, by what it is about. The screen has the words. */
export const CASE_FINDINGS = {
  file: ['too_large', 'file_beside', 'damaged', 'no_case', 'other_version'],
  schema: ['schema_more', 'schema_less'],
  manifest: ['manifest_count', 'manifest_hash', 'manifest_none', 'content_hash', 'ledger_named'],
  table: ['table_differs', 'not_one_incident'],
  row: ['row_kind', 'row_wrong'],
  ledger: ['entry_wrong', 'chain_broken', 'entry_book', 'added_unclear'],
  evidence: ['not_told', 'told_differs', 'copy_missing', 'copy_size', 'item_missing', 'copy_altered', 'copy_of_nothing'],
} as const
type Findings = typeof CASE_FINDINGS
export type CaseFindingKind = keyof Findings
export type CaseFindingCode = Findings[CaseFindingKind][number]
const KINDS = Object.keys(CASE_FINDINGS) as CaseFindingKind[]
const CODES = KINDS.flatMap((kind): readonly CaseFindingCode[] => CASE_FINDINGS[kind])

export const CaseFinding = z.object({
  what: z.enum(KINDS),
  code: z.enum(CODES),
  /** Table and row, entry of the ledger, or item of evidence that it is about. */
  where: z.string(),
  /** In English, for the terminal. */
  message: z.string(),
})
export type CaseFinding = z.infer<typeof CaseFinding>

/** More findings than this are not told. */
export const MOST_FINDINGS = 200

const Path = z.string().min(1).max(4096)
const Count = z.number().int().min(0)
/** `of` is 0 where there is no measure. Bytes while it is checked, events otherwise. */
const Progress = z.object({ step: z.enum(['copying', 'checking', 'events', 'incident', 'writing']), done: Count, of: Count })
export type CaseProgress = z.infer<typeof Progress>

export const CaseVerified = z.object({
  /** What it says of itself; null where there is no manifest. */
  manifest: z
    .object({
      incident: IncidentNumber,
      title: z.string(),
      made: IsoTime,
      by: z.string(),
      desk: z.string(),
      software: z.string(),
      events: Count,
      alerts: Count,
      /** Of the ledger's last entry. */
      last: LedgerHash,
      content: LedgerHash,
    })
    .nullable(),
  findings: z.array(CaseFinding).max(MOST_FINDINGS),
  bytes: Count,
  evidence: Count,
  copies: Count,
  ledger: Count,
  /** `new` it keeps its number · `renumbered` this desk has another incident of that number · `here` this desk has it already, as `number`. Null where nothing can be taken in. */
  standing: z.object({ state: z.enum(['new', 'renumbered', 'here']), number: IncidentNumber }).nullable(),
})
export type CaseVerified = z.infer<typeof CaseVerified>

export const caseFileContract = {
  /** Writes a new file to `folder`, or to the data folder's `exports`. `conflict` where a copy of evidence is not what it was; `invalid_input` with the path `folder` where nothing can be written there. */
  'incidents.exportCase': job(
    'events.export',
    z.object({ number: IncidentNumber, folder: Path.nullable() }),
    Progress,
    z.object({
      path: z.string(),
      bytes: Count,
      /** Hash of what is in it: the same for the same state of the incident. */
      content: LedgerHash,
      /** Of the file. */
      sha256: LedgerHash,
      events: Count,
      alerts: Count,
      evidence: Count,
    }),
  ),
  /** Reads a file and changes nothing: what it is, what is wrong with it, and what it would be here. `not_found`. */
  'incidents.verifyCase': job('incidents.edit', z.object({ path: Path }), Progress, CaseVerified),
  /** Verifies again, and takes the case in: its incident all at once. `invalid_input` where anything is wrong, `conflict` where it is here already, `store_busy` while another one is taken in. */
  'incidents.importCase': job(
    'incidents.edit',
    z.object({ path: Path }),
    Progress,
    z.object({ number: IncidentNumber, original: IncidentNumber, alerts: Count, events: Count, evidence: Count }),
  ),
} as const
