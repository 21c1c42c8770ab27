import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow, type RowValue } from '../../event/row.ts'
import { SyslogMessages } from './syslog-messages.ts'

function said(program: string, message: string): Record<string, RowValue> {
  const fields = new FieldRegistry()
  const row = new EventRow()
  new SyslogMessages(fields).read(program, message, row)
  return Object.fromEntries(row.fields.map((field) => [fields.name(field), row.get(field)!]))
}

describe('messages of well-known programs', () => {
  it.each<[string, string, Record<string, RowValue>]>([
    [
      'sshd',
      'Failed none for invalid user  from 192.0.2.1 port 1 ssh2',
      { outcome: 'failure', action: 'logon', 'src.ip': '192.0.2.1', 'src.port': 1, 'auth.method': 'none' },
    ],
    [
      'sshd-session',
      'Accepted keyboard-interactive/pam for kim from 192.0.2.1 port 65535 ssh2',
      {
        outcome: 'success',
        action: 'logon',
        'user.name': 'kim',
        'src.ip': '192.0.2.1',
        'src.port': 65535,
        'auth.method': 'keyboard-interactive/pam',
      },
    ],
    [
      'sshd',
      'message repeated 5 times: [ Failed password for root from 192.0.2.1 port 7 ssh2]',
      {
        outcome: 'failure',
        action: 'logon',
        'user.name': 'root',
        'src.ip': '192.0.2.1',
        'src.port': 7,
        'auth.method': 'password',
      },
    ],
    ['sshd', 'Invalid user  from 192.0.2.1', { outcome: 'failure', action: 'logon', 'src.ip': '192.0.2.1' }],
    [
      'sshd',
      'Connection closed by authenticating user root 192.0.2.1 port 4422 [preauth]',
      { 'user.name': 'root', 'src.ip': '192.0.2.1', 'src.port': 4422 },
    ],
    ['sshd', 'Connection closed by 192.0.2.1 port 4422', { 'src.ip': '192.0.2.1', 'src.port': 4422 }],
    ['sshd', 'Received disconnect from 192.0.2.1: 11: Bye Bye [preauth]', { 'src.ip': '192.0.2.1' }],
    ['sshd', 'Received disconnect from 192.0.2.1 port 22:11: disconnected by user', { 'src.ip': '192.0.2.1', 'src.port': 22 }],
    [
      'sshd',
      'reverse mapping checking getaddrinfo for a.example [192.0.2.1] failed - POSSIBLE BREAK-IN ATTEMPT!',
      { 'src.host': 'a.example', 'src.ip': '192.0.2.1' },
    ],
    [
      'sshd',
      'pam_unix(sshd:session): session opened for user kim(uid=1000) by (uid=0)',
      { outcome: 'success', action: 'session opened', 'user.name': 'kim' },
    ],
    ['su', 'FAILED SU (to root) kim on pts/0', { outcome: 'failure', action: 'su', 'target.user': 'root', 'user.name': 'kim' }],
    [
      'useradd',
      'new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/sh',
      { outcome: 'success', action: 'user added', 'target.user': 'eve' },
    ],
    [
      'kernel',
      'IN=eth0 OUT= MAC= SRC=2001:DB8::1 DST=2001:db8::2 LEN=60 PROTO=ICMPv6 TYPE=128',
      { 'src.ip': '2001:db8::1', 'dst.ip': '2001:db8::2', 'net.transport': 'icmpv6' },
    ],
    ['audit', 'type=EXECVE msg=audit(1767323045.155:92733): argc=1 a0="sh"', { 'audit.id': '92733' }],
    ['audispd', 'type=PROCTITLE msg=audit(1767323045.155:92733): proctitle=617270', { 'audit.id': '92733' }],
    ['kernel', '[   12.345678] audit: type=1400 audit(1767323045.155:92): apparmor="DENIED"', { 'audit.id': '92' }],
    ['sshd', 'Server listening on 0.0.0.0 port 22.', {}],
    ['constructor', 'x', {}],
  ])('%s: %s', (program, message, fields) => expect(said(program, message)).toEqual(fields))
})
