/** Logins as records tell them, whatever the service. */
import type { CaseEvent } from '../case.ts'
import { loginInMessage } from './login-messages.ts'
import { onceEach } from './once-each.ts'
import { listOf, numberOf, plainAddress, textOf } from './values.ts'

export const LOGIN_SERVICES = [
  'ssh',
  'windows',
  'ftp',
  'mail',
  'rdp',
  'kerberos',
  'smb',
  'ldap',
  'vpn',
  'web',
  'database',
  'other',
] as const
export type LoginService = (typeof LOGIN_SERVICES)[number]

export interface Login {
  readonly accepted: boolean
  /** Address it came from; '' where the record has none. */
  readonly from: string
  readonly user: string
  readonly service: LoginService
  /** Name of the host it came from, where the record has one. */
  readonly fromHost?: string
  /** Let in by a key or a ticket: nobody can have guessed that. */
  readonly byKey?: boolean
  /** How many refusals the record stands for; 1 where it does not say. */
  readonly times?: number
}

type Fields = CaseEvent['fields']

const isZeek = (format: string): boolean => format.startsWith('zeek') || format === 'capture'
const userOf = (fields: Fields): string => textOf(fields, 'target.user') || textOf(fields, 'user.name')
const isAnonymous = (user: string): boolean => /^(?:|-|anonymous(?: logon)?|guest|ftp|null)$/i.test(user)

/** Sensors write some records from the server's side: the client is the end that is not at the service's port. */
function clientOf(fields: Fields, ports: readonly number[]): string {
  const at = numberOf(fields, 'src.port')
  const to = numberOf(fields, 'dst.port')
  const turned = at !== null && ports.includes(at) && (to === null || !ports.includes(to))
  return plainAddress(textOf(fields, turned ? 'dst.ip' : 'src.ip'))
}

/** `0x0` and `0x00000000`. */
const isZero = (status: string): boolean => /^0(?:x0{1,8})?$/.test(status)

function ofWindows(id: number, fields: Fields): Login | null {
  const channel = textOf(fields, 'win.channel')
  const from = plainAddress(textOf(fields, 'src.ip') || textOf(fields, 'Address'))
  const user = userOf(fields)
  if (id === 21 || id === 25) {
    if (!channel.includes('TerminalServices')) return null
    const name = textOf(fields, 'User')
    return { accepted: true, from, user: name.slice(name.indexOf('\\') + 1), service: 'rdp' }
  }
  if (channel !== '' && channel !== 'Security') return null
  switch (id) {
    case 4624:
    case 4625: {
      // A session without a name is no login: it is how names of shares are asked for.
      if (id === 4624 && (isAnonymous(user) || user.endsWith('$'))) return null
      const service = textOf(fields, 'LogonType') === '10' ? 'rdp' : 'windows'
      return {
        accepted: id === 4624,
        from,
        user,
        service,
        fromHost: textOf(fields, 'src.host'),
        byKey: id === 4624 && /^kerberos$/i.test(textOf(fields, 'AuthenticationPackageName')),
      }
    }
    case 4768:
    case 4771: {
      if (user.endsWith('$')) return null
      const accepted = id === 4768 && isZero(textOf(fields, 'Status'))
      // Given to whoever asks where no password is asked for first.
      if (accepted && textOf(fields, 'PreAuthType') === '0') return null
      return { accepted, from, user, service: 'kerberos' }
    }
    case 4769:
      // Who has a ticket gets further ones all day: only a refusal tells something.
      return textOf(fields, 'Status') === '' || isZero(textOf(fields, 'Status'))
        ? null
        : { accepted: false, from, user: user.split('@', 1)[0] ?? '', service: 'kerberos' }
    case 4776: {
      const status = textOf(fields, 'Status') || textOf(fields, 'ErrorCode')
      if (status === '' || isAnonymous(user)) return null
      return {
        accepted: isZero(status),
        from,
        user,
        service: 'windows',
        fromHost: (textOf(fields, 'src.host') || textOf(fields, 'Workstation')).replace(/^\\\\/, ''),
      }
    }
    default:
      return null
  }
}

/** Zeek's logs, and the same of captures. */
function ofZeek(type: string, fields: Fields): Login | null {
  const from = plainAddress(textOf(fields, 'src.ip'))
  const user = textOf(fields, 'user.name')
  switch (type) {
    case 'ssh':
      return typeof fields['auth_success'] === 'boolean' ? { accepted: fields['auth_success'], from, user, service: 'ssh' } : null
    case 'ftp': {
      const code = numberOf(fields, 'reply_code')
      if (isAnonymous(user) || code === null) return null
      const word = textOf(fields, 'command').toUpperCase()
      if (code === 530) return { accepted: false, from, user, service: 'ftp' }
      return (word === 'PASS' && code === 230) || (word !== 'USER' && word !== 'PASS' && word !== '' && code < 300)
        ? { accepted: true, from, user, service: 'ftp' }
        : null
    }
    case 'smtp': {
      const reply = textOf(fields, 'last_reply')
      return /^(?:235|535)\b/.test(reply) ? { accepted: reply.startsWith('235'), from, user, service: 'mail' } : null
    }
    case 'ntlm':
      return typeof fields['success'] === 'boolean' && !isAnonymous(user)
        ? { accepted: fields['success'], from, user, service: 'smb', fromHost: textOf(fields, 'src.host') }
        : null
    case 'kerberos': {
      if (textOf(fields, 'request_type') !== 'AS' || typeof fields['success'] !== 'boolean') return null
      const name = user.split(/[/@]/, 1)[0] ?? ''
      if (fields['success']) return { accepted: true, from, user: name, service: 'kerberos' }
      return isKerberosRefusal(textOf(fields, 'error_msg')) ? { accepted: false, from, user: name, service: 'kerberos' } : null
    }
    case 'ldap': {
      if (!/^bind/i.test(textOf(fields, 'opcode'))) return null
      const result = textOf(fields, 'result')
      const name = textOf(fields, 'object')
      if (name === '' || result === '') return null
      return /^success$/i.test(result)
        ? { accepted: true, from, user: name, service: 'ldap' }
        : /invalid ?credentials/i.test(result)
          ? { accepted: false, from, user: name, service: 'ldap' }
          : null
    }
    case 'mysql':
      return textOf(fields, 'cmd') === 'login' && typeof fields['success'] === 'boolean'
        ? { accepted: fields['success'], from, user: textOf(fields, 'arg'), service: 'database' }
        : null
    case 'radius': {
      const result = textOf(fields, 'result')
      return /^(?:success|failed)$/i.test(result) ? { accepted: /^s/i.test(result), from, user, service: 'vpn' } : null
    }
    case 'http': {
      // A name there is one of the head's Authorization.
      const status = numberOf(fields, 'http.status')
      if (user === '' || status === null) return null
      return status === 401
        ? { accepted: false, from, user, service: 'web' }
        : status < 400
          ? { accepted: true, from, user, service: 'web' }
          : null
    }
    default:
      return null
  }
}

/** The server asks for a password first, or is asked wrongly: no guess was refused. */
const isKerberosRefusal = (error: string): boolean => /PREAUTH_FAILED|C_PRINCIPAL_UNKNOWN|CLIENT_REVOKED|KEY_EXPIRED/i.test(error)

/** Suricata's records of applications. */
function ofEve(type: string, fields: Fields): Login | null {
  switch (type) {
    case 'ftp': {
      if (textOf(fields, 'ftp.command').toUpperCase() !== 'PASS') return null
      const codes = listOf(fields, 'ftp.completion_code')
      const from = clientOf(fields, [21])
      return codes.includes('230') ? { accepted: true, from, user: '', service: 'ftp' } : codes.includes('530') ? { accepted: false, from, user: '', service: 'ftp' } : null // prettier-ignore
    }
    case 'smb': {
      if (!/SESSION_SETUP/.test(textOf(fields, 'smb.command'))) return null
      const status = textOf(fields, 'smb.status')
      const user = textOf(fields, 'smb.ntlmssp.user')
      const from = clientOf(fields, [445, 139])
      if (/^STATUS_(?:LOGON_FAILURE|ACCOUNT_|WRONG_PASSWORD|NO_SUCH_USER|PASSWORD_)/.test(status)) return { accepted: false, from, user, service: 'smb' } // prettier-ignore
      return status === 'STATUS_SUCCESS' && !isAnonymous(user) ? { accepted: true, from, user, service: 'smb' } : null
    }
    case 'krb5': {
      const from = clientOf(fields, [88])
      const user = textOf(fields, 'user.name')
      const kind = textOf(fields, 'krb5.msg_type')
      if (kind === 'KRB_AS_REP') return { accepted: true, from, user, service: 'kerberos' }
      return kind === 'KRB_ERROR' && isKerberosRefusal(textOf(fields, 'krb5.error_code'))
        ? { accepted: false, from, user, service: 'kerberos' }
        : null
    }
    case 'ldap': {
      if (!/bind/i.test(textOf(fields, 'ldap.request.operation'))) return null
      const user = textOf(fields, 'ldap.request.bind_request.name')
      const [result = ''] = listOf(fields, 'ldap.responses.bind_response.result_code')
      const from = clientOf(fields, [389, 636, 3268])
      if (user === '') return null
      return /^(?:success|0)$/i.test(result) ? { accepted: true, from, user, service: 'ldap' } : /^(?:invalid_?credentials|49)$/i.test(result) ? { accepted: false, from, user, service: 'ldap' } : null // prettier-ignore
    }
    case 'pgsql':
      return textOf(fields, 'pgsql.response.code') === '28P01'
        ? { accepted: false, from: clientOf(fields, [5432]), user: '', service: 'database' }
        : null
    default:
      return null
  }
}

/** Records that say by themselves that they are of a login: CEF, LEEF, JSON, audit. */
function ofOutcome(type: string, fields: Fields): Login | null {
  const outcome = textOf(fields, 'outcome')
  const accepted = /^succe(?:ss|eded)/i.test(outcome)
  if (!accepted && !/^fail/i.test(outcome)) return null
  const action = textOf(fields, 'action')
  const from = plainAddress(textOf(fields, 'src.ip'))
  if (action === 'su' || action === 'sudo') return { accepted, from, user: userOf(fields), service: 'other' }
  // What is said beside a login is not another one.
  if (action.startsWith('session') || /^(?:USER_AUTH|USER_ACCT|USER_START|USER_END|CRED_\w{1,16})$/.test(type)) return null
  if (!/\blog-?[io]n\b|logon|USER_LOGIN|\bauth(?:enticat\w{1,4})?\b/i.test(`${type} ${action} ${textOf(fields, 'name')}`))
    return null
  const vpn = /vpn/i.test(`${type} ${textOf(fields, 'log.program')} ${textOf(fields, 'device.product')}`)
  return { accepted, from, user: userOf(fields), service: vpn ? 'vpn' : 'other' }
}

/** Null where the event is no login. */
export const loginOf = onceEach(readLogin)

function readLogin({ type, format, fields }: CaseEvent): Login | null {
  const id = numberOf(fields, 'win.event_id')
  if (id !== null) return ofWindows(id, fields)
  if (isZeek(format)) return ofZeek(type, fields)
  const program = textOf(fields, 'log.program') || type
  const message = textOf(fields, 'message')
  const said = loginInMessage(program, message)
  if (said === 'none') return null
  if (said !== null)
    return {
      ...said,
      from: plainAddress(said.from || textOf(fields, 'src.ip')),
      user: said.user || userOf(fields),
    }
  if (format === 'eve') {
    const found = ofEve(type, fields)
    if (found !== null) return found
  }
  // The gateway's structured data: who, from where.
  if (/^vpn/i.test(program)) {
    const failed = /\bfail|\bdenied|\breject/i.test(message)
    if (!failed && !/(?<!dis)\bconnected\b|\bsucceeded\b|\baccepted\b/i.test(message)) return null
    const values = Object.keys(fields).filter((name) => name.startsWith('sd.'))
    const of = (part: string): string => textOf(fields, values.find((name) => name.endsWith(`.${part}`)) ?? '')
    return {
      accepted: !failed,
      from: plainAddress(of('client') || textOf(fields, 'src.ip')),
      user: of('user') || userOf(fields),
      service: 'vpn',
    }
  }
  if (typeof fields['auth_success'] === 'boolean')
    return {
      accepted: fields['auth_success'],
      from: plainAddress(textOf(fields, 'src.ip')),
      user: userOf(fields),
      service: 'ssh',
    }
  return ofOutcome(type, fields)
}
