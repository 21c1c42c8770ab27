/** Ways from a tuning to what it holds back: the events are kept, only no alert is raised of them. */
import type { TimeWindow } from '../../../../shared/contract.ts'
import type { Tuning } from '../../../../shared/model/triage.ts'
import { termFor } from '../../../../shared/query/print.ts'

/** What addresses and networks are written with. */
const ADDRESS = /^(?:[\d.]+|[0-9a-f:.]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i
/** A signature: gid:sid. */
const SIGNATURE = /^\d+:(\d+)$/

const endTerm = (side: 'src' | 'dst', value: string): string =>
  ADDRESS.test(value)
    ? // A network is no exact value.
      value.includes('/')
      ? `${side}.ip:${value}`
      : termFor(`${side}.ip`, value)
    : termFor('host', value)

/** Events that it fits, since it began; null where only the detection itself could say which. `now` in milliseconds. */
export function heldBack(tuning: Tuning, now: number): { readonly where: string; readonly window: TimeWindow } | null {
  const { source, destination, asset, user, fields } = tuning.match
  const sid = SIGNATURE.exec(tuning.detection)?.[1]
  const terms = [
    ...(sid === undefined ? [] : [termFor('sig.id', sid)]),
    ...(source === null ? [] : [endTerm('src', source)]),
    ...(destination === null ? [] : [endTerm('dst', destination)]),
    ...(asset === null ? [] : [ADDRESS.test(asset) ? termFor('ip', asset) : termFor('host', asset)]),
    ...(user === null ? [] : [termFor('user', user)]),
    ...Object.entries(fields).map(([field, value]) => termFor(field, value)),
  ]
  if (terms.length === 0) return null
  const over = tuning.ended ?? (tuning.state === 'expired' ? tuning.expires : null)
  // Records that were imported may be older than the tuning that held them back.
  const older = tuning.last !== null && tuning.last < tuning.created
  return { where: terms.join(' and '), window: { from: older ? null : tuning.created, to: over ?? new Date(now).toISOString() } }
}
