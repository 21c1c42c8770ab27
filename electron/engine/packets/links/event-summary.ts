/** One line of an event, for lists beside packets. */
import type { EventRow } from '../../../../shared/model/event.ts'

const TOLD = ['sig.name', 'dns.query', 'tls.sni', 'http.method', 'http.host', 'http.url', 'http.status', 'file.name', 'user.name', 'action', 'message'] // prettier-ignore
const MOST = 200

export function summaryOf({ fields }: Pick<EventRow, 'fields'>): string {
  return TOLD.flatMap((name) => {
    const value = fields[name]
    return value === undefined || value === '' ? [] : [String(value)]
  })
    .join(' ')
    .slice(0, MOST)
}
