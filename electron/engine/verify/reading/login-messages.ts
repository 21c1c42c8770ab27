/** What programs write to syslog of logins. Every pattern is anchored or begins with a literal, and takes bounded words. */
import type { Login } from './logins.ts'

interface Message {
  readonly program: RegExp
  readonly service: Login['service']
  /** Named groups: `user`, `ip`, `times`, `method`. */
  readonly accepted?: readonly RegExp[]
  readonly refused?: readonly RegExp[]
  /** The program writes of logins in these words only: its other messages are none, whatever they look like. */
  readonly whole?: boolean
}

const PROGRAMS: readonly Message[] = [
  {
    program: /sshd/,
    service: 'ssh',
    accepted: [/^Accepted (?<method>[\w/.-]{1,64}) for (?<user>.{0,256}) from (?<ip>\S{1,64})(?: port \d{1,5})?(?: ssh\d?)?(?::.{0,512})?$/],
    refused: [/^Failed (?<method>[\w/.-]{1,64}) for (?:invalid user |illegal user )?(?<user>.{0,256}) from (?<ip>\S{1,64})(?: port \d{1,5})?(?: ssh\d?)?(?::.{0,512})?$/],
    whole: true,
  },
  {
    program: /dropbear/,
    service: 'ssh',
    accepted: [/^(?<method>Password|Pubkey) auth succeeded for '(?<user>[^']{1,128})' from (?<ip>[\d.a-f:]{3,45}):\d{1,5}$/],
    refused: [/^Bad password attempt for '(?<user>[^']{1,128})' from (?<ip>[\d.a-f:]{3,45}):\d{1,5}$/, /^Login attempt for nonexistent user(?: '(?<user>[^']{1,128})')? from (?<ip>[\d.a-f:]{3,45}):\d{1,5}$/],
    whole: true,
  },
  {
    program: /dovecot|imap-login|pop3-login/,
    service: 'mail',
    accepted: [/^(?:(?:imap|pop3|managesieve|submission)-login: )?(?:Info: )?Login: user=<(?<user>[^<>]{1,256})>,.{0,200}?\brip=(?<ip>[\d.a-f:]{3,45})/],
    refused: [/^(?:(?:imap|pop3|managesieve|submission)-login: )?(?:Info: )?(?:Disconnected|Aborted login|Login aborted)[^(]{0,80}\(auth failed, (?<times>\d{1,4}) attempts[^)]{0,60}\)[^:]{0,40}: (?:user=<(?<user>[^<>]{0,256})>,)?.{0,200}?\brip=(?<ip>[\d.a-f:]{3,45})/],
    whole: true,
  },
  {
    program: /postfix/,
    service: 'mail',
    accepted: [/^[0-9A-Za-z]{5,20}: client=[^\s[]{1,255}\[(?<ip>[\d.a-f:]{3,45})\](?::\d{1,5})?, sasl_method=\w{1,32}, sasl_username=(?<user>\S{1,256})/],
    refused: [/^warning: [^\s[]{1,255}\[(?<ip>[\d.a-f:]{3,45})\](?::\d{1,5})?: SASL [\w-]{1,32} authentication failed/],
    whole: true,
  },
  {
    program: /vsftpd/,
    service: 'ftp',
    accepted: [/^(?:.{0,60}\[pid \d{1,8}\] )?\[(?<user>[^\]]{1,128})\] OK LOGIN: Client "(?:::ffff:)?(?<ip>[\d.a-f:]{3,45})"/],
    refused: [/^(?:.{0,60}\[pid \d{1,8}\] )?(?:\[(?<user>[^\]]{1,128})\] )?FAIL LOGIN: Client "(?:::ffff:)?(?<ip>[\d.a-f:]{3,45})"/],
  },
  {
    program: /proftpd/,
    service: 'ftp',
    accepted: [/^.{0,255}\[(?:::ffff:)?(?<ip>[\d.a-f:]{3,45})\]\)? ?-? ?USER (?<user>\S{1,128}): Login successful/],
    refused: [/^.{0,255}\[(?:::ffff:)?(?<ip>[\d.a-f:]{3,45})\]\)? ?-? ?USER (?<user>\S{1,128}) ?(?:\(Login failed\)|: no such user)/],
  },
  {
    program: /pure-?ftpd/,
    service: 'ftp',
    accepted: [/^\([^@)]{0,128}@(?<ip>[\w.:-]{1,255})\) \[INFO\] (?<user>\S{1,128}) is now logged in/],
    refused: [/^\([^@)]{0,128}@(?<ip>[\w.:-]{1,255})\) \[WARNING\] Authentication failed for user \[(?<user>[^\]]{0,128})\]/],
  },
  {
    program: /openvpn/,
    service: 'vpn',
    accepted: [/^(?:[\w.-]{0,64}\/)?(?<ip>\d{1,3}(?:\.\d{1,3}){3}):\d{1,5} (?:TLS: Username\/Password authentication succeeded for username '(?<user>[^']{1,128})'|\[(?<user2>[^\]]{1,128})\] Peer Connection Initiated)/],
    refused: [/^(?:[\w.-]{0,64}\/)?(?<ip>\d{1,3}(?:\.\d{1,3}){3}):\d{1,5} (?:TLS Auth Error: Auth Username\/Password verification failed|TLS Auth Error)/],
    whole: true,
  },
  {
    program: /ASA-|%FTD-/,
    service: 'vpn',
    accepted: [
      /Group <[^<>]{0,128}> User <(?<user>[^<>]{1,128})> IP <(?<ip>[\d.a-f:]{3,45})> (?:Authentication: successful|IPv4 Address <|SVC Session Terminated, never)/,
    ],
    refused: [
      /Group <[^<>]{0,128}> User <(?<user>[^<>]{1,128})> IP <(?<ip>[\d.a-f:]{3,45})> Authentication: rejected/,
      /AAA user authentication Rejected : reason = .{0,120}: user = (?<user>[^:]{1,128}?) : user IP = (?<ip>[\d.a-f:]{3,45})/,
    ],
  },
] // prettier-ignore

/** Any program that asks PAM. */
const PAM =
  /^(?:\w{1,32}\([\w.-]{1,32}:auth\): )authentication failure; .{0,200}?\brhost=(?<ip>[\d.a-f:]{3,45})(?:\s{1,4}user=(?<user>\S{1,256}))?/

const MOST_MESSAGE = 6144
const BY_KEY = /^(?:publickey|hostbased|gssapi[\w-]{0,32}|pubkey)/i

/** Null where the program's logins are not known by words; `none` where they are and this is none. */
export function loginInMessage(program: string, text: string): Login | 'none' | null {
  if (text === '' || text.length > MOST_MESSAGE) return null
  const repeated = /^message repeated (\d{1,6}) times: \[ ?(.{1,4096}?)\]$/.exec(text)
  const message = repeated?.[2] ?? text
  let whole = false
  for (const { program: names, service, accepted = [], refused = [], whole: all = false } of PROGRAMS) {
    if (!names.test(program)) continue
    whole ||= all
    for (const [patterns, yes] of [
      [accepted, true],
      [refused, false],
    ] as const)
      // prettier-ignore
      for (const pattern of patterns) {
        const groups = pattern.exec(message)?.groups
        if (groups === undefined) continue
        const method = groups['method'] ?? ''
        // Clients try what keys they have, and no method at all, before they ask for a password.
        if (!yes && (BY_KEY.test(method) || method === 'none')) return 'none'
        const times = Number(groups['times'] ?? repeated?.[1] ?? 1)
        return {
          accepted: yes,
          from: groups['ip'] ?? '',
          user: groups['user'] ?? groups['user2'] ?? '',
          service,
          ...(BY_KEY.test(method) ? { byKey: true } : {}),
          ...(times > 1 ? { times } : {}),
        }
      }
  }
  if (whole) return 'none'
  const pam = PAM.exec(message)?.groups
  return pam === undefined ? null : { accepted: false, from: pam['ip'] ?? '', user: pam['user'] ?? '', service: 'other' }
}
