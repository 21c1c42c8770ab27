import { severityRank, type Severity } from '../../../../shared/model/severity.ts'

export interface RowSign {
  readonly severity: Severity
  readonly title: string
}

/** The gravest alert of each packet that has one. */
export function signsOf(alerts: readonly (RowSign & { readonly packet: number | null })[]): ReadonlyMap<number, RowSign> {
  const signs = new Map<number, RowSign>()
  for (const { packet, severity, title } of alerts) {
    if (packet === null) continue
    const known = signs.get(packet)
    if (!known || severityRank(severity) > severityRank(known.severity)) signs.set(packet, { severity, title })
  }
  return signs
}
