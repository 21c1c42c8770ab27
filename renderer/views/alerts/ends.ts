/** The two ends of an alert, and names in short. */
import type { Alert, Endpoint } from '../../../shared/model/alert.ts'

/** What an end is called: its name, else its address. Null where the record names none. */
export const endName = ({ ip, name }: Endpoint): string | null => name ?? ip

/** Both ends as the queue shows them; host events without a second end show the user there. */
export function endsOf(alert: Alert): { readonly from: Endpoint; readonly to: Endpoint } {
  const none = (end: Endpoint): boolean => endName(end) === null
  const asset: Endpoint = { ip: null, port: null, name: alert.asset }
  const user: Endpoint = { ip: null, port: null, name: alert.user }
  if (none(alert.source) && none(alert.destination)) return { from: asset, to: user }
  if (none(alert.destination))
    return { from: alert.source, to: endName(alert.source) === alert.asset || alert.asset === '' ? user : asset }
  // Nobody is named who did it: the host alone.
  if (none(alert.source))
    return alert.user === null ? { from: alert.destination, to: user } : { from: user, to: alert.destination }
  return { from: alert.source, to: alert.destination }
}

/** `M. Seo` → `MS`, `operator` → `OP`, `한서진` → `한`. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean)
  const [first = '', second] = words
  if (/^[\uac00-\ud7af]/.test(first)) return first.slice(0, 1)
  const letters = second === undefined ? first.slice(0, 2) : `${first.slice(0, 1)}${second.slice(0, 1)}`
  return letters.toUpperCase()
}
