/** Documents of a pack that is looked at: counted, and those that are wanted in the order in which they want a look. */
import { severityRank } from '../../../../shared/model/severity.ts'
import { PACK_STATUSES, type PackDocument, type PackPreview } from '../../../../shared/pack-contract.ts'

export type Status = PackDocument['status']
/** What cannot be loaded first, then what changes something. */
const ORDER: readonly Status[] = ['failing', 'differs', 'new', 'same']

export function countDocuments(documents: readonly PackDocument[]): Readonly<Record<Status, number>> {
  const counts = Object.fromEntries(PACK_STATUSES.map((status) => [status, 0])) as Record<Status, number>
  for (const { status } of documents) counts[status]++
  return counts
}

const rank = ({ level }: PackDocument): number => (level === null ? -1 : severityRank(level))

/** Null is every one. */
export const shownDocuments = (documents: readonly PackDocument[], only: Status | null): PackDocument[] =>
  documents
    .filter(({ status }) => only === null || status === only)
    .sort(
      (a, b) =>
        ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
        rank(b) - rank(a) ||
        (a.title < b.title ? -1 : a.title > b.title ? 1 : a.file < b.file ? -1 : 1),
    )

/** Rules and scenarios that the desk would use from the pack. */
export const usable = (documents: readonly PackDocument[]): number =>
  documents.filter(
    ({ status, kind, other }) => status !== 'failing' && (kind === 'rule' || kind === 'scenario') && other?.used !== 'other',
  ).length

/** Why it cannot be imported; null where it can. */
export function hindrance({ documents, disagree }: Pick<PackPreview, 'documents' | 'disagree'>): 'disagree' | 'nothing' | null {
  if (disagree.length > 0) return 'disagree'
  return documents.length === 0 ? 'nothing' : null
}
