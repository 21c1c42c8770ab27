/** Logins as records tell them, whatever the service. */
import type { CaseEvent } from '../case.ts'

export interface Login {
  readonly accepted: boolean
  /** Address it came from; '' where the record has none. */
  readonly from: string
  readonly user: string
  readonly service: 'ssh' | 'windows' | 'ftp' | 'mail' | 'rdp' | 'kerberos' | 'smb' | 'other'
}

const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')

/** Null where the event is no login. */
export function loginOf({ type, fields }: CaseEvent): Login | null {
  const from = text(fields['src.ip'])
  const user = text(fields['target.user']) || text(fields['user.name'])
  const id = fields['win.event_id']
  if (id === 4624 || id === 4625) return { accepted: id === 4624, from, user, service: 'windows' }
  if (id === 4768 || id === 4771 || id === 4776) {
    const status = text(fields['Status'])
    return { accepted: id !== 4771 && /^0x0*$/.test(status), from, user, service: 'kerberos' }
  }
  const message = text(fields['message'])
  if (/sshd/.test(type) || /sshd/.test(text(fields['log.program']))) {
    const ssh = /^(Accepted|Failed) \S+ for (?:invalid user )?(\S{0,256}) from (\S+)/.exec(message)
    if (ssh !== null) return { accepted: ssh[1] === 'Accepted', from: from || ssh[3]!, user: ssh[2] ?? user, service: 'ssh' }
    return null
  }
  if (type === 'ssh' && typeof fields['auth_success'] === 'boolean')
    return { accepted: fields['auth_success'], from, user, service: 'ssh' }
  const outcome = text(fields['outcome'])
  if (/login|logon|auth/i.test(`${type} ${text(fields['action'])}`) && (outcome === 'success' || outcome === 'failure'))
    return { accepted: outcome === 'success', from, user, service: 'other' }
  return null
}
