/** Sessions that the attacker opened on the target: who did something in one of them was the attacker. */
import type { ImpactCase } from '../case.ts'
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

export const sessionsOf = onceEach(readSessions)

function readSessions(of: ImpactCase): Sessions {
  const { attacker, target, asset } = of
  const ids = new Set<string>()
  const users = new Set<string>()
  const events = new Map<string, string>()
  if (attacker.ip === null) return { ids, users, events }
  for (const event of eventsOf(of.before, of.own, of.flow, of.after)) {
    const { fields } = event
    if (plainAddress(textOf(fields, 'src.ip')) !== attacker.ip || !isRecordOf(event, target, asset?.name)) continue
    if (numberOf(fields, 'win.event_id') === 4624) {
      const id = textOf(fields, 'TargetLogonId').toLowerCase()
      if (!isOwnSession(id)) continue
      ids.add(id)
      events.set(id, event.id)
    } else if (textOf(fields, 'log.program').startsWith('sshd') && textOf(fields, 'outcome') === 'success') {
      const user = textOf(fields, 'user.name').toLowerCase()
      if (user === '') continue
      users.add(user)
      events.set(user, event.id)
    }
  }
  return { ids, users, events }
}
