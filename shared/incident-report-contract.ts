/** Reports of incidents (contract area `incidents`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { IncidentNumber, Tlp } from './model/incident.ts'
import { ReportFormat, ReportLanguage, ReportSignature } from './model/report.ts'
import { job } from './rpc/kinds.ts'

/** What a report is to say, and to whom. */
export const ReportChoice = z.object({
  number: IncidentNumber,
  language: ReportLanguage,
  /** Null for the internal version. `tlp`: the strictest marking that the customer may see; `mask`: others' addresses and host names are masked. */
  customer: z.object({ tlp: Tlp, mask: z.boolean() }).nullable().default(null),
})
export type ReportChoice = z.infer<typeof ReportChoice>

/** What redaction did: parts left out for their marking (what is the desk's own is not counted), and values that were masked. */
export const ReportRedacted = z.object({ leftOut: z.number().int(), masked: z.number().int() })
export type ReportRedacted = z.infer<typeof ReportRedacted>

/** Share that is done, 0 to 1. */
const Part = z.object({ part: z.number().min(0).max(1) })

/** Longer pages are written, not shown. Characters. */
export const MOST_PREVIEW = 4_000_000

export const incidentReportContract = {
  /** The HTML that would be written: to be shown without scripts. Null where it is longer than `MOST_PREVIEW`. `conflict` where the incident is marked above the customer. */
  'incidents.reportPreview': job(
    'desk.read',
    ReportChoice,
    Part,
    z.object({ html: z.string().max(MOST_PREVIEW).nullable(), redacted: ReportRedacted.nullable() }),
  ),
  /** Writes new files to `folder`, or to the data folder's `exports`; what is there already is never written over. Kept in the incident's ledger with its hashes. */
  'incidents.writeReport': job(
    'incidents.edit',
    ReportChoice.extend({ formats: z.array(ReportFormat).min(1).max(3), folder: z.string().max(4096).nullable() }),
    Part,
    z.object({
      folder: z.string(),
      files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
      document: ReportSignature.shape.document,
      redacted: ReportRedacted.nullable(),
    }),
  ),
} as const
