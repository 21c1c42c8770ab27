import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../../../../shared/model/event.ts'
import { loginInMessage } from './login-messages.ts'
import { loginOf, type Login } from './logins.ts'

const read = (type: string, format: string, fields: Record<string, FieldValue>): Login | null =>
  loginOf({ id: '1', time: 0, source: 's', type, format, fields })
const said = (program: string, message: string): Login | null => read(program, 'syslog-3164', { 'log.program': program, message })
const windows = (id: number, fields: Record<string, FieldValue>): Login | null =>
  read(String(id), 'windows-json', {
    'win.event_id': id,
    'win.channel': 'Security',
    'src.ip': '192.0.2.9',
    'target.user': 'kim',
    ...fields,
  })
const brief = (login: Login | null): string =>
  login === null
    ? 'none'
    : `${login.service} ${login.accepted ? 'in' : 'out'} ${login.user}@${login.from}${login.times === undefined ? '' : ` x${login.times}`}`

describe('logins in messages', () => {
  it.each([
    ['sshd', 'Accepted password for alice from 192.0.2.9 port 50022 ssh2', 'ssh in alice@192.0.2.9'],
    [
      'sshd-session',
      'Failed password for invalid user x from 9.9.9.9 port 1 from 192.0.2.9 port 40113 ssh2',
      'ssh out x from 9.9.9.9 port 1@192.0.2.9',
    ],
    ['sshd', 'message repeated 4 times: [ Failed password for root from 192.0.2.9 port 51 ssh2]', 'ssh out root@192.0.2.9 x4'],
    ['sshd', 'Failed publickey for alice from 192.0.2.9 port 1 ssh2: RSA SHA256:x', 'none'],
    ['sshd', 'Failed none for invalid user a from 192.0.2.9 port 1 ssh2', 'none'],
    [
      'sshd',
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=root',
      'none',
    ],
    ['dropbear', "Bad password attempt for 'root' from 192.0.2.9:4000", 'ssh out root@192.0.2.9'],
    [
      'dovecot',
      'imap-login: Disconnected (auth failed, 3 attempts in 6 secs): user=<bob>, method=PLAIN, rip=192.0.2.9, lip=10.0.0.1',
      'mail out bob@192.0.2.9 x3',
    ],
    ['dovecot', 'imap-login: Login: user=<bob>, method=PLAIN, rip=2001:db8::9, lip=::1, mpid=3', 'mail in bob@2001:db8::9'],
    ['dovecot', 'imap(bob)<3><x>: Disconnected: Logged out in=5 out=6', 'none'],
    ['postfix/smtpd', 'warning: unknown[192.0.2.9]: SASL LOGIN authentication failed: UGFzc3dvcmQ6', 'mail out @192.0.2.9'],
    [
      'postfix/submission/smtpd',
      '4F2A91C0: client=host.example[192.0.2.9], sasl_method=PLAIN, sasl_username=bob@example.com',
      'mail in bob@example.com@192.0.2.9',
    ],
    ['vsftpd', '[pid 2] [bob] FAIL LOGIN: Client "::ffff:192.0.2.9"', 'ftp out bob@192.0.2.9'],
    [
      'vsftpd',
      'pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=bob rhost=192.0.2.9  user=bob',
      'other out bob@192.0.2.9',
    ],
    ['proftpd', 'srv (192.0.2.9[192.0.2.9]) - USER bob: Login successful.', 'ftp in bob@192.0.2.9'],
    ['pure-ftpd', '(?@192.0.2.9) [WARNING] Authentication failed for user [bob]', 'ftp out bob@192.0.2.9'],
    ['openvpn', "192.0.2.9:5000 TLS: Username/Password authentication succeeded for username 'bob'", 'vpn in bob@192.0.2.9'],
    [
      '%ASA-6-716039',
      'Group <g> User <bob> IP <192.0.2.9> Authentication: rejected, Session Type: WebVPN.',
      'vpn out bob@192.0.2.9',
    ],
    ['nginx', 'Accepted password for alice from 192.0.2.9 port 1 ssh2', 'none'],
  ])('%s: %s', (program, message, expected) => {
    expect(brief(said(program, message))).toBe(expected)
  })

  it('takes anything', () => {
    const programs = fc.constantFrom('sshd', 'dovecot', 'postfix/smtpd', 'vsftpd', 'openvpn', '%ASA-1', 'x')
    const parts = fc.array(
      fc.constantFrom(
        'Failed ',
        'Accepted ',
        'password for ',
        ' from ',
        '192.0.2.9',
        ' port ',
        'user=<',
        '>',
        'rip=',
        '[',
        ']',
        ' ',
        'a',
        ':',
      ),
      { maxLength: 80 },
    )
    fc.assert(fc.property(programs, parts, (program, texts) => void loginInMessage(program, texts.join(''))))
    for (const piece of ['Failed password for a from ', 'user=<', 'x[1.1.1.1]', 'rhost=1 '])
      expect(loginInMessage('sshd', piece.repeat(300_000))).toBeNull()
  })
})

describe('logins of Windows', () => {
  it('tells them by their numbers', () => {
    expect(brief(windows(4624, { LogonType: 10 }))).toBe('rdp in kim@192.0.2.9')
    expect(brief(windows(4625, { LogonType: '3' }))).toBe('windows out kim@192.0.2.9')
    expect(brief(windows(4768, { Status: '0x0', PreAuthType: '2' }))).toBe('kerberos in kim@192.0.2.9')
    expect(brief(windows(4771, { Status: '0x18', 'src.ip': '::ffff:192.0.2.9' }))).toBe('kerberos out kim@192.0.2.9')
    expect(windows(4776, { Status: '0xc000006a', Workstation: '\\\\PC-7', 'src.ip': '' })).toMatchObject({
      accepted: false,
      fromHost: 'PC-7',
    })
    expect(brief(windows(4769, { Status: '0x12' }))).toBe('kerberos out kim@192.0.2.9')
  })
  it('leaves what is none', () => {
    expect(windows(4624, { 'target.user': 'ANONYMOUS LOGON' })).toBeNull()
    expect(windows(4624, { 'target.user': 'PC-7$' })).toBeNull()
    expect(windows(4768, { Status: '0x0', PreAuthType: '0' })).toBeNull()
    expect(windows(4769, { Status: '0x0' })).toBeNull()
    expect(windows(4624, { 'win.channel': 'Microsoft-Windows-Sysmon/Operational' })).toBeNull()
    expect(windows(4672, {})).toBeNull()
  })
})

describe('logins that sensors see', () => {
  it.each<[string, string, Record<string, FieldValue>, string]>([
    ['ssh', 'zeek-json', { auth_success: false, 'src.ip': '192.0.2.9' }, 'ssh out @192.0.2.9'],
    ['ftp', 'zeek-tsv', { command: 'RETR', reply_code: 226, 'user.name': 'bob', 'src.ip': '192.0.2.9' }, 'ftp in bob@192.0.2.9'],
    ['ftp', 'zeek-tsv', { command: 'RETR', reply_code: 226, 'user.name': 'anonymous', 'src.ip': '192.0.2.9' }, 'none'],
    ['ftp', 'capture', { command: 'PASS', reply_code: 530, 'user.name': 'bob', 'src.ip': '192.0.2.9' }, 'ftp out bob@192.0.2.9'],
    ['ntlm', 'zeek-json', { success: true, 'user.name': '', 'src.ip': '192.0.2.9' }, 'none'],
    [
      'kerberos',
      'zeek-json',
      { request_type: 'AS', success: false, error_msg: 'KDC_ERR_PREAUTH_REQUIRED', 'user.name': 'a/B' },
      'none',
    ],
    [
      'kerberos',
      'zeek-json',
      { request_type: 'AS', success: false, error_msg: 'KDC_ERR_PREAUTH_FAILED', 'user.name': 'a/B', 'src.ip': '192.0.2.9' },
      'kerberos out a@192.0.2.9',
    ],
    [
      'ldap',
      'zeek-json',
      { opcode: 'bind simple', result: 'invalid credentials', object: 'cn=a', 'src.ip': '192.0.2.9' },
      'ldap out cn=a@192.0.2.9',
    ],
    ['smtp', 'zeek-json', { last_reply: '535 5.7.8 Error', 'src.ip': '192.0.2.9' }, 'mail out @192.0.2.9'],
    ['http', 'zeek-json', { 'user.name': 'bob', 'http.status': 401, 'src.ip': '192.0.2.9' }, 'web out bob@192.0.2.9'],
    ['ftp', 'eve', { 'ftp.command': 'PASS', 'ftp.completion_code': ['530'], 'src.ip': '192.0.2.9' }, 'ftp out @192.0.2.9'],
    [
      'smb',
      'eve',
      {
        'smb.command': 'SMB2_COMMAND_SESSION_SETUP',
        'smb.status': 'STATUS_LOGON_FAILURE',
        'src.ip': '192.0.2.9',
        'smb.ntlmssp.user': 'kim',
      },
      'smb out kim@192.0.2.9',
    ],
    [
      'smb',
      'eve',
      { 'smb.command': 'SMB2_COMMAND_SESSION_SETUP', 'smb.status': 'STATUS_MORE_PROCESSING_REQUIRED', 'smb.ntlmssp.user': 'kim' },
      'none',
    ],
    [
      'krb5',
      'eve',
      {
        'krb5.msg_type': 'KRB_ERROR',
        'krb5.error_code': 'KDC_ERR_PREAUTH_FAILED',
        'user.name': 'kim',
        'src.ip': '10.0.0.1',
        'src.port': 88,
        'dst.ip': '192.0.2.9',
        'dst.port': 50000,
      },
      'kerberos out kim@192.0.2.9',
    ],
    [
      'ldap',
      'eve',
      {
        'ldap.request.operation': 'bind_request',
        'ldap.request.bind_request.name': 'cn=a',
        'ldap.responses.bind_response.result_code': ['InvalidCredentials'],
        'src.ip': '192.0.2.9',
      },
      'ldap out cn=a@192.0.2.9',
    ],
    [
      'login:7',
      'cef',
      { outcome: 'Success', 'target.user': 'bob', 'src.ip': '192.0.2.9', name: 'login' },
      'other in bob@192.0.2.9',
    ],
    ['USER_LOGIN', 'auditd', { outcome: 'failure', 'target.user': 'bob', 'src.ip': '192.0.2.9' }, 'other out bob@192.0.2.9'],
    ['su', 'syslog-3164', { outcome: 'failure', action: 'su', 'target.user': 'root' }, 'other out root@'],
    ['blog', 'jsonl', { outcome: 'failure', action: 'author saved' }, 'none'],
  ])('%s of %s', (type, format, fields, expected) => {
    expect(brief(read(type, format, fields))).toBe(expected)
  })
})
