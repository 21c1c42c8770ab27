/** Results of impact verification. */
import { z } from 'zod'

/** From harmless to harmful. `attempted`: what there is does not tell. */
export const IMPACTS = ['blocked', 'failed', 'attempted', 'likely', 'succeeded'] as const
export const Impact = z.enum(IMPACTS)
export type Impact = z.infer<typeof Impact>

/** What a row of the queue shows of it. */
export const ImpactMark = z.object({ result: Impact, confidence: z.number() })
export type ImpactMark = z.infer<typeof ImpactMark>
