/** Lines that hosts and devices write to syslog. Linux hosts and the firewall write RFC 3164, the VPN gateway RFC 5424. */
import type { Micros } from '../../../shared/model/time.ts'
import type { Scene } from './scene.ts'
import type { Host } from './world.ts'

const AUTH = 10
interface Where {
  readonly ip: string
  readonly port: number
}

export function syslog(
  scene: Scene,
  at: Micros,
  host: Host,
  program: string,
  pid: number | null,
  facility: number,
  severity: number,
  message: string,
): void {
  scene.emit({ kind: 'syslog', at: Math.round(at), host: host.name, program, pid, facility, severity, message })
}

export function sshdAccepted(scene: Scene, host: Host, at: Micros, user: string, from: Where, pid: number): void {
  syslog(scene, at, host, 'sshd', pid, AUTH, 6, `Accepted password for ${user} from ${from.ip} port ${from.port} ssh2`)
  syslog(
    scene,
    at + 900,
    host,
    'sshd',
    pid,
    AUTH,
    6,
    `pam_unix(sshd:session): session opened for user ${user}(uid=1000) by (uid=0)`,
  )
}
export function sshdFailed(scene: Scene, host: Host, at: Micros, user: string, from: Where, pid: number, unknown = false): void {
  syslog(
    scene,
    at,
    host,
    'sshd',
    pid,
    AUTH,
    6,
    `Failed password for ${unknown && user !== 'root' ? 'invalid user ' : ''}${user} from ${from.ip} port ${from.port} ssh2`,
  )
}
export function sudo(scene: Scene, host: Host, at: Micros, user: string, command: string): void {
  syslog(scene, at, host, 'sudo', null, AUTH, 5, `   ${user} : TTY=pts/0 ; PWD=/home/${user} ; USER=root ; COMMAND=${command}`)
  syslog(
    scene,
    at + 1_100,
    host,
    'sudo',
    null,
    AUTH,
    6,
    `pam_unix(sudo:session): session opened for user root(uid=0) by ${user}(uid=1000)`,
  )
}
export function firewallDrop(scene: Scene, at: Micros, from: string, to: string, fromPort: number, toPort: number): void {
  const [inside, outside] = to.startsWith('10.') ? ['igb2', 'igb0'] : ['igb0', 'igb2']
  syslog(
    scene,
    at + 40,
    scene.world.gateway,
    'kernel',
    null,
    0,
    4,
    `[FW DROP] IN=${outside} OUT=${inside} SRC=${from} DST=${to} LEN=60 TTL=${48 + (fromPort % 9)} PROTO=TCP SPT=${fromPort} DPT=${toPort} WINDOW=64240 SYN`,
  )
}
export function maillog(
  scene: Scene,
  at: Micros,
  queueId: string,
  from: string,
  to: string,
  peer: Host,
  incoming: boolean,
): void {
  const host = scene.world.host('mail-01')
  const pid = scene.random.int(900, 60_000)
  const say = (after: number, program: string, message: string): void =>
    syslog(scene, at + after, host, program, pid, 2, 6, message)
  if (incoming) say(0, 'postfix/smtpd', `${queueId}: client=${peer.name}[${peer.ip}]`)
  say(2_000, 'postfix/qmgr', `${queueId}: from=<${from}>, size=${scene.random.int(900, 14_000)}, nrcpt=1 (queue active)`)
  say(
    30_000,
    incoming ? 'postfix/lmtp' : 'postfix/smtp',
    `${queueId}: to=<${to}>, relay=${incoming ? 'mail-01[private/dovecot-lmtp]' : 'remote'}, delay=0.${scene.random.int(10, 99)}, dsn=2.0.0, status=sent (250 2.0.0 Ok)`,
  )
}
/** The VPN gateway: `event` is the message id, `data` the structured data. */
export function vpn(scene: Scene, at: Micros, event: string, data: Readonly<Record<string, string>>): void {
  const said = { 'auth-failed': 'authentication failed', connected: 'connected', disconnected: 'disconnected' }[event] ?? event
  scene.emit({
    kind: 'syslog', at: Math.round(at), host: 'vpn-01', program: 'vpnd', pid: 644, facility: 10, severity: event === 'auth-failed' ? 4 : 6,
    message: `user ${data['user'] ?? '-'} ${said} from ${data['client'] ?? '-'}`, structured: { messageId: event, data },
  }) // prettier-ignore
}
