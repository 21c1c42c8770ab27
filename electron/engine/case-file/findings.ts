/** What may be wrong with a case file, in English; the screen has its own words for the codes. */
import {
  CASE_FINDINGS,
  type CaseFinding,
  type CaseFindingCode,
  type CaseFindingKind,
} from '../../../shared/case-file-contract.ts'
import { CASE_VERSION } from './format.ts'

export type Find = (code: CaseFindingCode, where: string, detail?: string) => void

const SAYS: Record<CaseFindingCode, (detail: string) => string> = {
  too_large: () => 'The file is larger than a case file may be.',
  file_beside: (kind) => `There is a ${kind} file beside it: a case file is one file.`,
  damaged: (why) => `The file is damaged: ${why}`,
  no_case: () => 'This is no case file.',
  other_version: (version) => `The file is of version ${version}; this desk reads version ${CASE_VERSION}.`,
  schema_more: () => 'The file has something in it that a case file has not.',
  schema_less: () => 'The file lacks tables that a case file has.',
  manifest_count: () => 'There is one manifest.',
  manifest_hash: () => 'It is not what was hashed.',
  manifest_none: () => 'There is no manifest of this version.',
  content_hash: () => 'The hash of the content is not the one of the tables.',
  ledger_named: () => 'The ledger is not the one that the manifest names.',
  table_differs: () => 'Its content is not what the manifest says.',
  not_one_incident: () => 'A case is of one incident.',
  row_kind: () => 'The row is not of the kind that stands in this table.',
  row_wrong: (why) => why,
  entry_wrong: () => 'This is no entry of a ledger.',
  chain_broken: (why) => `The chain does not hold: the entry is ${why}.`,
  entry_book: (book) => `The entry is of the book ${book}.`,
  added_unclear: () => 'It does not say what evidence was added.',
  not_told: () => 'The ledger does not say that it was added.',
  told_differs: () => 'Its hash or size is not the one that the ledger says.',
  copy_missing: () => 'Its copy is missing.',
  copy_size: () => 'Its copy is of another size.',
  item_missing: (sha256) => `The ledger tells of it (${sha256}), and it is not there.`,
  copy_altered: () => 'Its copy was altered.',
  copy_of_nothing: () => 'A copy that belongs to no item.',
}
const KINDS = new Map<CaseFindingCode, CaseFindingKind>(
  (Object.keys(CASE_FINDINGS) as CaseFindingKind[]).flatMap((kind) => CASE_FINDINGS[kind].map((code) => [code, kind] as const)),
)
/** Names and texts come from the file. */
const MOST_TEXT = 1000

export const findingOf = (code: CaseFindingCode, where: string, detail = ''): CaseFinding => ({
  what: KINDS.get(code) ?? 'file',
  code,
  where: where.slice(0, MOST_TEXT),
  message: SAYS[code](detail.slice(0, MOST_TEXT)),
})

/** One line for each finding, as the terminal and the refusal of an import say them. */
export const findingLine = ({ what, where, message }: CaseFinding): string =>
  `${what}${where === '' ? '' : ` ${where}`}: ${message}`
