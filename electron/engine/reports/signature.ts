/** What a report is known by: SHA-256 of what it says, and of each file. */
import { createHash } from 'node:crypto'
import type { ReportDocument, ReportFormat, ReportSignature } from '../../../shared/model/report.ts'
import { canonical } from '../ledger/chain.ts'

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Of the canonical JSON of the document (as the ledger's): the same for every format, and printed on the last page. */
export function documentHash(document: ReportDocument): string {
  let hash = known.get(document)
  if (hash === undefined) known.set(document, (hash = sha256(canonical(document))))
  return hash
}
/** A document is not changed once it is built; all writers ask for its hash. */
const known = new WeakMap<ReportDocument, string>()

/** Given to the ledger when a report leaves the desk. `files` are whole. */
export const signatureOf = (
  document: ReportDocument,
  files: readonly { readonly format: ReportFormat; readonly bytes: Uint8Array }[],
): ReportSignature => ({
  document: documentHash(document),
  files: files.map(({ format, bytes }) => ({ format, bytes: bytes.length, sha256: sha256(bytes) })),
})
