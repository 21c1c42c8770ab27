/** A report from what the desk has to files: read, redacted, told, written, signed. Takes seconds for a large incident. */
import { z } from 'zod'
import { Tlp } from '../../../shared/model/incident.ts'
import { ReportFormat, ReportLanguage, type ReportSignature } from '../../../shared/model/report.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { IsoTime } from '../../../shared/model/time.ts'
import { buildReport } from './build-report.ts'
import { toDocx } from './docx/to-docx.ts'
import { toHtml } from './html/to-html.ts'
import { toPdf } from './pdf/to-pdf.ts'
import type { Progress } from './progress.ts'
import { MaskOptions } from './redaction/mask.ts'
import { redact } from './redaction/redact.ts'
import { ReportSource } from './report-source.ts'
import { signatureOf } from './signature.ts'

export const ReportOrder = z.object({
  language: ReportLanguage,
  at: IsoTime,
  /** Who asked for it. */
  by: z.string().max(256),
  formats: z.array(ReportFormat).min(1).max(3),
  /** For the customer: what is above the marking or internal is left out, and others' addresses masked. Null for the internal version. */
  customer: z.object({ tlp: Tlp, mask: MaskOptions.nullable() }).nullable(),
})
export type ReportOrder = z.infer<typeof ReportOrder>

export interface WrittenReport {
  readonly files: readonly { readonly format: ReportFormat; readonly bytes: Uint8Array }[]
  /** For the ledger. */
  readonly signature: ReportSignature
  /** Parts that were left out for their marking, and values with a mask. Null for the internal version. */
  readonly redacted: { readonly leftOut: number; readonly masked: number } | null
}

/** Share of the work before the first file. */
const TOLD = 0.2

/** Errors: `invalid_input` with the path of what is wrong; those of `redact`. */
export async function writeJob(
  source: unknown,
  order: unknown,
  progress: Progress = () => undefined,
): Promise<Result<WrittenReport>> {
  const [incident, asked] = [ReportSource.safeParse(source), ReportOrder.safeParse(order)]
  if (!incident.success) return wrong(incident.error)
  if (!asked.success) return wrong(asked.error)
  const { customer, formats, ...options } = asked.data
  const told = customer === null ? ok(incident.data) : redact(incident.data, customer)
  if (!told.ok) return told
  const document = buildReport(told.value, options)
  progress(TOLD)
  const wanted = [...new Set(formats)]
  const files: { format: ReportFormat; bytes: Uint8Array }[] = []
  for (const [index, format] of wanted.entries()) {
    const part: Progress = (done) => progress(Math.min(1, TOLD + ((1 - TOLD) * (index + done)) / wanted.length))
    const bytes =
      format === 'pdf' ? (await toPdf(document, part)).bytes : format === 'html' ? toHtml(document, part) : toDocx(document, part)
    files.push({ format, bytes })
  }
  const redacted =
    'leftOut' in told.value
      ? { leftOut: Object.values(told.value.leftOut).reduce((sum, count) => sum + count, 0), masked: told.value.masked }
      : null
  return ok({ files, signature: signatureOf(document, files), redacted })
}

function wrong(error: z.ZodError): Result<never> {
  const [issue] = error.issues
  return fail({
    code: 'invalid_input',
    message: issue?.message ?? 'not what a report is made of',
    path: issue?.path.map(String).join('.') ?? '',
  })
}
