/**
 * What the messages of well-known programs say about users, addresses and outcomes. A table: program → patterns, the first
 * that fits wins. Every pattern is anchored and takes bounded words, so that it is linear on any text.
 */
import { CANONICAL_FIELDS } from '../../../../shared/model/fields.ts'
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow, RowValue } from '../../event/row.ts'
import { address, isAddress } from './address.ts'
import { numeric } from './json-fields.ts'

interface MessagePattern {
  readonly pattern: RegExp
  /** Group name → field is by the table below; these are set as they stand. */
  readonly set?: Readonly<Record<string, string>>
}

/** Named group → canonical field. `from` is an address or a host name. */
const GROUPS: Readonly<Record<string, string>> = {
  user: 'user.name',
  target: 'target.user',
  domain: 'user.domain',
  ip: 'src.ip',
  port: 'src.port',
  host: 'src.host',
  command: 'process.command',
  service: 'service.name',
  method: 'auth.method',
  dst: 'dst.ip',
  dport: 'dst.port',
  proto: 'net.transport',
  serial: 'audit.id',
}

const failure = { outcome: 'failure', action: 'logon' }
const success = { outcome: 'success', action: 'logon' }
const p = (pattern: RegExp, set: Readonly<Record<string, string>> = {}): MessagePattern => ({ pattern, set })

// A user's name may hold blanks and even " from 1.2.3.4 port 5": the last address counts, since sshd writes it.
const PAM: readonly MessagePattern[] = [
  p(
    /^(?:\w{1,32}\([\w.-]{1,32}:\w{1,16}\): )?authentication failure; .{0,200}?\brhost=(?<from>[^\s]{0,255})(?:\s+user=(?<user>[^\s]{1,256}))?/,
    failure,
  ),
  p(/^\w{1,32}\([\w.-]{1,32}:session\): session opened for user (?<user>[^\s(]{1,256})/, {
    outcome: 'success',
    action: 'session opened',
  }),
  p(/^\w{1,32}\([\w.-]{1,32}:session\): session closed for user (?<user>[^\s(]{1,256})/, { action: 'session closed' }),
  p(/^\w{1,32}\([\w.-]{1,32}:auth\): check pass; user unknown/, failure),
]

/** Records of one audit event share a serial: the parser of audit.log gives it the same name. */
const AUDIT = p(
  /^(?:\[[ \d.]{1,24}\] )?(?:audit: )?type=[\w[\]]{1,64} (?:msg=)?audit\(\d{1,11}(?:\.\d{1,9})?:(?<serial>\d{1,20})\):/,
)

const TABLE: Readonly<Record<string, readonly MessagePattern[]>> = {
  sshd: [
    p(
      /^Failed (?<method>[\w/.-]{1,64}) for (?:invalid user |illegal user )?(?<user>.{0,256}) from (?<ip>[^\s]{1,64}) port (?<port>\d{1,5})(?: ssh\d?)?(?::.{0,512})?$/,
      failure,
    ),
    p(
      /^Accepted (?<method>[\w/.-]{1,64}) for (?<user>.{0,256}) from (?<ip>[^\s]{1,64}) port (?<port>\d{1,5})(?: ssh\d?)?(?::.{0,512})?$/,
      success,
    ),
    p(/^(?:Invalid|Illegal) user (?<user>.{0,256}) from (?<ip>[^\s]{1,64})(?: port (?<port>\d{1,5}))?$/, failure),
    p(/^User (?<user>.{1,256}) from (?<from>[^\s]{1,255}) not allowed because /, failure),
    p(
      /^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?(?<user>.{0,256}) from (?<ip>[^\s]{1,64}) port (?<port>\d{1,5})/,
      failure,
    ),
    p(
      /^Disconnecting (?:authenticating |invalid )?user (?<user>.{0,256}) (?<ip>[0-9a-fA-F:.]{2,64}) port (?<port>\d{1,5}): Too many authentication failures/,
      failure,
    ),
    p(/^input_userauth_request: invalid user (?<user>.{0,256}?)(?: \[preauth\])?$/, failure),
    p(
      /^(?:Connection closed|Connection reset|Disconnected|Received disconnect|Timeout|Disconnecting)\b[^\d]{0,16}(?: by | from )?(?:authenticating user |invalid user |user )(?<user>.{1,256}) (?<ip>[0-9a-fA-F:.]{2,64}) port (?<port>\d{1,5})/,
    ),
    p(
      /^(?:Connection closed by|Connection reset by|Disconnected from|Connection from|Did not receive identification string from|Bad protocol version identification .{0,256} from|Unable to negotiate with) (?<ip>[0-9a-fA-F:.]{2,64})(?: port (?<port>\d{1,5}))?/,
    ),
    p(/^(?:error: )?Received disconnect from (?<ip>[0-9a-fA-F.:]{2,64}?)(?: port (?<port>\d{1,5}))?: ?\d/),
    p(/^reverse mapping checking getaddrinfo for (?<host>[^\s]{1,255}) \[(?<ip>[^\]\s]{1,64})\] failed/),
    p(/^Address (?<ip>[^\s]{1,64}) maps to (?<host>[^\s]{1,255}), but this does not map back/),
    p(
      /^PAM \d{1,4} more authentication failures?; .{0,200}?\brhost=(?<from>[^\s]{1,255})(?:\s+user=(?<user>[^\s]{1,256}))?/,
      failure,
    ),
    ...PAM,
  ],
  sudo: [
    p(
      /^\s{0,8}(?<user>[^\s:]{1,256}) : (?:(?:user NOT in sudoers|command not allowed|\d{1,3} incorrect password attempts?|a password is required|authentication failure) ; )TTY=.{0,256} ; USER=(?<target>[^\s]{1,256}) ;.{0,128}? ?COMMAND=(?<command>.{0,4096})$/,
      { outcome: 'failure', action: 'sudo' },
    ),
    p(
      /^\s{0,8}(?<user>[^\s:]{1,256}) : (?:TTY=.{0,64} ; )?PWD=.{0,512} ; USER=(?<target>[^\s]{1,256}) ;.{0,128}? ?COMMAND=(?<command>.{0,4096})$/,
      { outcome: 'success', action: 'sudo' },
    ),
    ...PAM,
  ],
  su: [
    p(/^\(to (?<target>[^\s)]{1,256})\) (?<user>[^\s]{1,256}) on /, { outcome: 'success', action: 'su' }),
    p(/^FAILED SU \(to (?<target>[^\s)]{1,256})\) (?<user>[^\s]{1,256}) on /i, { outcome: 'failure', action: 'su' }),
    p(/^'?su (?<target>[^\s']{1,256})'? (?<outcome>failed|succeeded) for (?<user>[^\s]{1,256})/, { action: 'su' }),
    ...PAM,
  ],
  useradd: [
    p(/^new user: name=(?<target>[^\s,]{1,256})/, { outcome: 'success', action: 'user added' }),
    p(/^new group: name=/, { action: 'group added' }),
  ],
  userdel: [p(/^delete user '(?<target>[^\s']{1,256})'/, { outcome: 'success', action: 'user deleted' })],
  usermod: [p(/^add '(?<target>[^\s']{1,256})' to (?:shadow )?group /, { outcome: 'success', action: 'user added to group' })],
  passwd: [
    p(/^pam_unix\(passwd:chauthtok\): password changed for (?<target>[^\s]{1,256})/, {
      outcome: 'success',
      action: 'password changed',
    }),
  ],
  cron: [p(/^\((?<user>[^\s)]{1,256})\) CMD \((?<command>.{0,4096})\)\s*$/, { action: 'command' }), ...PAM],
  audit: [AUDIT],
  kernel: [
    AUDIT,
    p(
      /^.{0,200}?\bIN=[^\s]{0,32} OUT=.{0,200}?\bSRC=(?<ip>[0-9a-fA-F:.]{2,64}) DST=(?<dst>[0-9a-fA-F:.]{2,64}) .{0,200}?\bPROTO=(?<proto>\w{1,16})(?: SPT=(?<port>\d{1,5}) DPT=(?<dport>\d{1,5}))?/,
    ),
  ],
}
const NAMES: Readonly<Record<string, string>> = {
  crond: 'cron',
  CRON: 'cron',
  CROND: 'cron',
  'sshd-session': 'sshd',
  'sshd-auth': 'sshd',
  auditd: 'audit',
  audispd: 'audit',
}
const tables = new Map(Object.entries(TABLE))
const synonyms = new Map(Object.entries(NAMES))
const TYPES = new Map(CANONICAL_FIELDS.map((field) => [field.name, field.type]))

/** Longer messages are not looked at: the ones in the table are short. */
const MAX_MESSAGE = 6144

export class SyslogMessages {
  readonly #fields: FieldRegistry

  constructor(fields: FieldRegistry) {
    this.#fields = fields
  }

  /** Sets what the message of a program says; nothing where it is not in the table. */
  read(program: string, message: string, row: EventRow): void {
    const patterns = tables.get(synonyms.get(program) ?? program)
    if (patterns === undefined || message.length > MAX_MESSAGE) return
    const repeated = /^message repeated \d{1,6} times: \[ (.{1,4096})\]$/.exec(message)
    const text = repeated?.[1] ?? message
    for (const { pattern, set } of patterns) {
      const groups = pattern.exec(text)
      if (groups === null) continue
      for (const [name, value] of Object.entries(set ?? {})) this.#set(name, value, row)
      for (const [name, value] of Object.entries(groups.groups ?? {})) {
        if (value === undefined || value === '') continue
        if (name === 'from') {
          if (isAddress(value)) this.#set('src.ip', address(value), row)
          else this.#set('src.host', value, row)
        } else if (name === 'outcome') this.#set('outcome', value === 'failed' ? 'failure' : 'success', row)
        else this.#set(GROUPS[name]!, value, row)
      }
      return
    }
  }

  #set(field: string, value: string, row: EventRow): void {
    const type = TYPES.get(field)
    let out: RowValue = value
    if (type === 'port' || type === 'number') out = numeric(value)
    else if (type === 'ip') {
      if (!isAddress(value)) return this.#set('src.host', value, row)
      out = address(value)
    } else if (field === 'net.transport') out = value.toLowerCase()
    row.set(this.#fields.id(field), out)
  }
}
