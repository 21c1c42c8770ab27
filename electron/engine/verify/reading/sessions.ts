/** Sessions that the attacker opened on the target: who did something in one of them was the attacker. */
import type { CaseEvent, ImpactCase } from '../case.ts'
import { onceEach } from './once-each.ts'
import { eventsOf, isRecordOf, numberOf, plainAddress, textOf } from './values.ts'

export interface Sessions {
  /** Logon ids of Windows, in lower case. */
  readonly ids: ReadonlySet<string>
  /** Accounts of SSH logins, where a record has no id of its session. */
  readonly users: ReadonlySet<string>
  /** Ids of the events of the logins, by logon id or account. */
  readonly events: ReadonlyMap<string, string>
}

/** SYSTEM, LOCAL SERVICE, NETWORK SERVICE, and none: shared by everything that the host itself does. */
const SHARED = new Set(['', '-', '0x0', '0x3e7', '0x3e5', '0x3e4'])

export const isOwnSession = (id: string): boolean => !SHARED.has(id.toLowerCase())

interface Opened {
  readonly kind: 'id' | 'user'
  readonly key: string
  readonly from: string
}
/** The session that the record tells the opening of; null where it tells of none. */
const openedOf = onceEach(({ fields }: CaseEvent): Opened | null => {
  const from = plainAddress(textOf(fields, 'src.ip'))
  if (numberOf(fields, 'win.event_id') === 4624) {
    const key = textOf(fields, 'TargetLogonId').toLowerCase()
    return isOwnSession(key) ? { kind: 'id', key, from } : null
  }
  if (!textOf(fields, 'log.program').startsWith('sshd') || textOf(fields, 'outcome') !== 'success') return null
  const key = textOf(fields, 'user.name').toLowerCase()
  return key === '' ? null : { kind: 'user', key, from }
})

export const sessionsOf = onceEach(readSessions)

function readSessions(of: ImpactCase): Sessions {
  const { attacker, target, asset } = of
  const ids = new Set<string>()
  const users = new Set<string>()
  const events = new Map<string, string>()
  if (attacker.ip === null) return { ids, users, events }
  for (const event of eventsOf(of.before, of.own, of.flow, of.after)) {
    const opened = openedOf(event)
    if (opened === null || opened.from !== attacker.ip || !isRecordOf(event, target, asset?.name)) continue
    ;(opened.kind === 'id' ? ids : users).add(opened.key)
    events.set(opened.key, event.id)
  }
  return { ids, users, events }
}
