/**
 * The ledger: what was decided, tuned, and done with evidence. It is only added to; each entry holds the hash of the one before it in
 * its book, so that nothing in between can be changed or taken out unseen. One book for the desk, one for each incident.
 */
import { z } from 'zod'
import { IsoTime } from './time.ts'

export const LedgerHash = z.string().regex(/^[0-9a-f]{64}$/)

/** `desk`, or an incident's number. */
export const LedgerBook = z.string().regex(/^(desk|INC-\d{4}-\d{4,6})$/)
export type LedgerBook = z.infer<typeof LedgerBook>

export const LedgerEntry = z.object({
  book: LedgerBook,
  /** From 1, without gaps. */
  number: z.number().int().min(1),
  at: IsoTime,
  by: z.string().max(256),
  /** What was done: `alert.decided`, `suppression.added`, `evidence.viewed`. */
  action: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  /** What it was done to: an alert's id, `EV-03`. */
  subject: z.string().max(512),
  /** What was decided or changed, as it was then. */
  body: z.record(z.string(), z.json()),
  /** Hash of the entry before; zeros for the first. */
  previous: LedgerHash,
  /** SHA-256 of all of the above; see `engine/ledger/chain.ts`. */
  hash: LedgerHash,
})
export type LedgerEntry = z.infer<typeof LedgerEntry>
