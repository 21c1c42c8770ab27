/** Values of fields as tests want them: a text or a number, whatever form the record's format gave them. */
import type { Cite } from '../../../../shared/model/impact.ts'
import type { CaseEnd, CaseEvent, ImpactCase } from '../case.ts'
import { onceEach } from './once-each.ts'

type Fields = CaseEvent['fields']

/** '' where there is none; the first of several. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? (value[0] ?? '') : ''
}

/** Decimal or hexadecimal (`0x1f`); null where it is no number. */
export function numberOf(fields: Fields, name: string): number | null {
  const value = fields[name]
  if (typeof value === 'number') return value
  const text = textOf(fields, name)
  if (!/^(?:0x[0-9a-f]{1,12}|-?\d{1,15}(?:\.\d{1,9})?)$/i.test(text)) return null
  return Number(text)
}

export const listOf = (fields: Fields, name: string): readonly string[] => {
  const value = fields[name]
  return Array.isArray(value) ? value : value === undefined || value === '' ? [] : [String(value)]
}

/** Addresses of IPv4 that were written as IPv6 (`::ffff:192.0.2.1`) are those of IPv4. */
export const plainAddress = (ip: string): string => (ip.startsWith(':') ? ip.replace(/^::ffff:(?=\d{1,3}\.)/i, '') : ip)

/** `C:\Windows\System32\cmd.exe`, `/usr/bin/dash` → the last part, in lower case. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1).toLowerCase()

const shortName = (name: string): string => name.toLowerCase().split('.', 1)[0] ?? ''

/** `WEB-01` and `web-01.corp.example` are one host. */
export const sameHost = (a: string, b: string): boolean => a !== '' && b !== '' && shortName(a) === shortName(b)

/** Those that differ, in order, at most `most`. */
export const citesOf = (events: Iterable<string>, most = 8): Cite[] =>
  [...new Set(events)].slice(0, most).map((event) => ({ kind: 'event', event }))

interface Joined {
  readonly lists: readonly (readonly CaseEvent[])[]
  readonly events: readonly CaseEvent[]
}
/** By the first list: those of a case are the same for all tests. */
const joinedOf = onceEach((_first: readonly CaseEvent[]): Joined[] => [])

/** Each once, by id, in order of time. */
export function eventsOf(...lists: readonly (readonly CaseEvent[])[]): readonly CaseEvent[] {
  const [first] = lists
  if (first === undefined) return []
  const known = joinedOf(first)
  const joined = known.find((one) => one.lists.length === lists.length && one.lists.every((list, i) => list === lists[i]))
  if (joined !== undefined) return joined.events
  const events = joinEvents(lists)
  known.push({ lists, events })
  return events
}

const joinEvents = (lists: readonly (readonly CaseEvent[])[]): readonly CaseEvent[] => lists.map(inOrder).reduce(merged, [])

const inOrder = (list: readonly CaseEvent[]): readonly CaseEvent[] =>
  list.every((event, i) => i === 0 || list[i - 1]!.time <= event.time) ? list : list.toSorted((a, b) => a.time - b.time)

/** Both are in order, so what is the same is of the same time and stands side by side: nothing needs to be looked up. */
function merged(some: readonly CaseEvent[], more: readonly CaseEvent[]): readonly CaseEvent[] {
  if (more.length === 0) return some
  const events: CaseEvent[] = []
  let at = 0
  for (const event of more) {
    for (; at < some.length && some[at]!.time <= event.time; at++) events.push(some[at]!)
    if (!endsWith(events, event)) events.push(event)
  }
  for (; at < some.length; at++) events.push(some[at]!)
  return events
}

/** The event is among the last ones, which are of its time. */
function endsWith(events: readonly CaseEvent[], { id, time }: CaseEvent): boolean {
  for (let i = events.length - 1; i >= 0 && events[i]!.time === time; i--) if (events[i]!.id === id) return true
  return false
}

/** Whose record it is, as far as it says, and who it tells of. */
const tellsOf = onceEach(({ fields }: CaseEvent) => ({
  host: textOf(fields, 'host.name'),
  address: plainAddress(textOf(fields, 'host.ip')),
  from: plainAddress(textOf(fields, 'src.ip')),
  to: plainAddress(textOf(fields, 'dst.ip')),
  sysmon: textOf(fields, 'win.channel').includes('Sysmon'),
}))

/** The record says what happened on the host of `end` itself: not what another host saw of it. */
export function isRecordOf(event: CaseEvent, end: CaseEnd, otherName = ''): boolean {
  const { host, address, from, to, sysmon } = tellsOf(event)
  if (end.ip !== null && address === end.ip) return true
  const names = [end.name ?? '', otherName].filter((name) => name !== '' && name !== end.ip)
  if (host !== '' && host === end.ip) return true
  if (names.length > 0) return names.some((name) => sameHost(host, name))
  // Found for its host, then: a record of another host would name the address.
  if (host === '' && address === '') return false
  return (from === '' && to === '') || (sysmon && from === end.ip)
}

/** Records of the target itself since the alert began; those that the alert was raised on too. */
export const recordsAfter = onceEach((of: ImpactCase): readonly CaseEvent[] =>
  eventsOf(of.own, of.after).filter((event) => event.time >= of.alert.first && isRecordOf(event, of.target, of.asset?.name)),
)

/** Seconds as a short text for sentences: `40`, `2.5`. */
export const secondsText = (microseconds: number): string => String(Math.round(microseconds / 100_000) / 10)
