import { z } from 'zod'

/** What was tried, worst first. Stored as its index in `SEVERITIES` (0 = info … 4 = critical). */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(SEVERITIES)
export type Severity = z.infer<typeof Severity>

/** 0 (info) … 4 (critical). */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity)
/** The inverse of {@link severityRank}; anything out of range is `info`. */
export const severityOf = (rank: number): Severity => SEVERITIES[rank] ?? 'info'
