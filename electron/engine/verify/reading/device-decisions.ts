/** What firewalls and proxies say they did with a flow: CEF, LEEF, JSON, the packet filter of Linux. IDS alerts are none: they watch. */
import type { CaseEvent, ImpactCase } from '../case.ts'
import { sidesOf } from './flows.ts'
import { onceEach } from './once-each.ts'
import { eventsOf, numberOf, plainAddress, textOf } from './values.ts'

export interface Decision {
  readonly let: boolean
  readonly action: string
  readonly device: string
  readonly event: CaseEvent
}

const LET = /^(?:allow(?:ed)?|accept(?:ed)?|permit(?:ted)?|pass(?:ed)?|built|forward(?:ed)?|start|close|end)$/i
const STOPPED =
  /^(?:den(?:y|ied)|drop(?:ped)?|block(?:ed)?|reject(?:ed)?|reset(?:-both|-client|-server)?|teardown-denied|discard(?:ed)?)$/i

/** Null where the record is none. */
export const decisionOf = onceEach(readDecision)

function readDecision(event: CaseEvent): Decision | null {
  const { fields, format, type } = event
  if (format === 'eve' || format.startsWith('zeek') || format === 'capture' || format === 'auditd') return null
  if (fields['win.event_id'] !== undefined || textOf(fields, 'src.ip') === '' || textOf(fields, 'dst.ip') === '') return null
  const device = textOf(fields, 'device.product') || textOf(fields, 'host.name') || format
  const action = textOf(fields, 'action')
  if (LET.test(action) || STOPPED.test(action)) return { let: LET.test(action), action, device, event }
  if (type !== 'kernel' && textOf(fields, 'log.program') !== 'kernel') return null
  const word = /\b(ACCEPT|ALLOW|PASS|DROP|BLOCK|REJECT|DENY)(?:ED)?\b/i.exec(textOf(fields, 'message').slice(0, 160))?.[1]
  return word === undefined ? null : { let: /^(?:accept|allow|pass)/i.test(word), action: word, device, event }
}

/** Decisions on the flows of the alert: the same addresses and port of the server, within `around` microseconds of one of its events. */
export function decisionsOn(of: ImpactCase, around = 60_000_000): Decision[] {
  const sides = of.own.map((event) => ({ ...sidesOf(event), time: event.time }))
  return eventsOf(of.before, of.own, of.flow, of.after).flatMap((event) => {
    const decision = decisionOf(event)
    if (decision === null) return []
    const from = plainAddress(textOf(event.fields, 'src.ip'))
    const to = plainAddress(textOf(event.fields, 'dst.ip'))
    const fromPort = numberOf(event.fields, 'src.port')
    const toPort = numberOf(event.fields, 'dst.port')
    const same = sides.some(
      ({ client, server, time }) =>
        client.ip === from && server.ip === to && server.port === toPort &&
        (fromPort === null || client.port === null || client.port === fromPort) &&
        Math.abs(event.time - time) <= around,
    ) // prettier-ignore
    return same ? [decision] : []
  })
}
