/** Logins, hosts, calls out and what firewalls say, laid by hand. */
import { other, type MadeCase } from './define.ts'
import type { Scene } from './scene.ts'

const ADMIN = 'Attempted Administrator Privilege Gain'
const TROJAN = 'A Network Trojan was detected'
const SCAN = 'Attempted Information Leak'
const LEAK = 'Potential Corporate Privacy Violation'

function sshTries(s: Scene, tries: number, user = 'root', alerts = true): Scene {
  for (let i = 0; i < tries; i++) {
    const clientPort = s.port()
    s.talk([[1, 'SSH-2.0-OpenSSH_9.2p1\r\n'], [0, 'SSH-2.0-libssh2_1.10.0\r\n']], { clientPort, serverPort: 22 }, { app: 'ssh', own: alerts && i % 3 === 2 })
    s.says('sshd', `Failed password for ${user === '' ? `invalid user u${i}` : user} from ${s.attacker} port ${clientPort} ssh2`).wait(2)
  }
  return s
} // prettier-ignore
const ssh = (id: string, label: MadeCase['label'], why: string, play: MadeCase['play']): MadeCase =>
  other(id, label, why, 'SSH brute force', ADMIN, 'T1110', play)
const windowsLogin = (s: Scene, accepted: boolean, user: string, from = s.attacker): Scene =>
  s.win('Security', accepted ? 4624 : 4625, {
    SubjectUserName: '-', TargetUserName: user, TargetDomainName: 'EXAMPLE', LogonType: '3', AuthenticationPackageName: 'NTLM',
    LogonProcessName: 'NtLmSsp ', WorkstationName: 'KALI', IpAddress: from, IpPort: '50123', TargetLogonId: '0x51234',
    ...(accepted ? {} : { Status: '0xc000006d', SubStatus: '0xc000006a', FailureReason: '%%2313' }),
  }) // prettier-ignore
const smbAlert = (s: Scene): Scene =>
  s.talk(
    [
      [0, '\0\0\0\x55\xfeSMB'],
      [1, '\0\0\0\x55\xfeSMB'],
    ],
    { serverPort: 445 },
    { app: 'smb', own: true },
  )
const login = (s: Scene, url: string, answer: { status: number; location?: string; text?: string; cookie?: string }, body: string): Scene =>
  s.http({
    url, body, status: answer.status, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, answer: answer.text ?? '',
    answerHeaders: { ...(answer.location === undefined ? {} : { Location: answer.location }), ...(answer.cookie === undefined ? {} : { 'Set-Cookie': answer.cookie }) },
  }) // prettier-ignore
const FORM =
  '<html><body><form action="/login" method="post"><p>Wrong user or password.</p><input name="user"><input type="password" name="password"></form></body></html>'
const beacon = (s: Scene, answered: boolean): Scene => {
  for (let i = 0; i < 4; i++) {
    const ends = { client: s.target, server: s.attacker, serverPort: 8443, clientPort: s.port() }
    if (answered)
      s.talk(
        [
          [0, `hello ${'x'.repeat(200)}`],
          [1, `order ${'y'.repeat(120)}`],
        ],
        ends,
        { own: true },
      )
    else s.knock(ends, 'none', { own: true })
    s.wait(60)
  }
  return s
}
const firewall = (s: Scene, port: number, clientPort: number): Scene =>
  s.says(
    'kernel',
    `[FW DROP] IN=eth0 OUT=eth1 SRC=${s.attacker} DST=${s.target} LEN=60 TTL=52 PROTO=TCP SPT=${clientPort} DPT=${port} WINDOW=64240 SYN`,
    'fw-9',
  )

export const OTHERS: readonly MadeCase[] = [
  ssh('ssh-let-in', 'succeeded', 'Nine guesses fail, then the same address is let in with a password.', (s) =>
    sshTries(s, 9).says('sshd', `Accepted password for root from ${s.attacker} port 41000 ssh2`)),
  ssh('ssh-let-in-other-name', 'succeeded', 'Many names fail and one of another name is let in from the same address.', (s) =>
    sshTries(s, 9, '').says('sshd', `Accepted password for backup from ${s.attacker} port 41000 ssh2`)),
  ssh('ssh-all-refused', 'failed', 'Every guess is refused and nobody is let in.', (s) => sshTries(s, 9)),
  ssh('ssh-other-let-in', 'failed', 'A colleague is let in from another address; every guess is refused.', (s) =>
    sshTries(s, 9).says('sshd', 'Accepted password for kim from 10.9.9.9 port 41000 ssh2')),
  ssh('ssh-key-let-in', 'unknown', 'Somebody is let in from that address by a key, which nobody guesses.', (s) =>
    sshTries(s, 6, 'deploy').says('sshd', `Accepted publickey for deploy from ${s.attacker} port 41000 ssh2: ED25519 SHA256:abcdef`)),
  ssh('ssh-no-records', 'unknown', 'The host tells nothing of its logins, and SSH is encrypted.', (s) => {
    for (let i = 0; i < 6; i++)
      s.talk([[1, 'SSH-2.0-OpenSSH_9.2p1\r\n'], [0, 'SSH-2.0-libssh2_1.10.0\r\n']], { serverPort: 22 }, { app: 'ssh', own: true }).wait(2)
  }),
  ssh('ssh-message-in-name', 'failed', 'A user name that looks like an accepted login is still a refused one.', (s) => {
    sshTries(s, 8).says('sshd', `Failed password for invalid user Accepted password for root from 1.2.3.4 from ${s.attacker} port 41000 ssh2`)
  }),
  other('windows-guess-let-in', 'succeeded', 'Eight logins over the network are refused, the ninth is let in.', 'Brute force, many failed logins over SMB', ADMIN, 'T1110', (s) => {
    smbAlert(s)
    for (let i = 0; i < 8; i++) windowsLogin(s, false, 'administrator').wait(1)
    windowsLogin(s, true, 'administrator')
  }),
  other('windows-guess-refused', 'failed', 'All logins over the network are refused.', 'Brute force, many failed logins over SMB', ADMIN, 'T1110', (s) => {
    smbAlert(s)
    for (let i = 0; i < 9; i++) windowsLogin(s, false, 'administrator').wait(1)
  }),
  other('windows-guess-two', 'unknown', 'Two failures and a login of the same name: somebody may have mistyped.', 'Brute force, many failed logins over SMB', ADMIN, 'T1110', (s) => {
    smbAlert(s)
    for (let i = 0; i < 2; i++) windowsLogin(s, false, 'm.costa').wait(4)
    windowsLogin(s, true, 'm.costa')
  }),
  other('ftp-guess-let-in', 'succeeded', 'The server of FTP refuses seven guesses and accepts the eighth.', 'FTP brute force', ADMIN, 'T1110', (s) => {
    for (let i = 0; i < 7; i++) {
      s.talk([[1, '220 ready\r\n'], [0, 'USER web\r\n'], [1, '331 password\r\n'], [0, `PASS guess${i}\r\n`], [1, '530 Login incorrect.\r\n']], { serverPort: 21 }, { app: 'ftp', own: true })
      s.says('vsftpd', `[web] FAIL LOGIN: Client "${s.attacker}"`).wait(2)
    }
    s.talk([[1, '220 ready\r\n'], [0, 'USER web\r\n'], [1, '331 password\r\n'], [0, 'PASS bread\r\n'], [1, '230 Login successful.\r\n']], { serverPort: 21 }, { app: 'ftp', own: true })
    s.says('vsftpd', `[web] OK LOGIN: Client "${s.attacker}"`)
  }),
  other('ftp-guess-refused', 'failed', 'The server of FTP refuses all guesses.', 'FTP brute force', ADMIN, 'T1110', (s) => {
    for (let i = 0; i < 7; i++) {
      s.talk([[1, '220 ready\r\n'], [0, 'USER web\r\n'], [1, '331 password\r\n'], [0, `PASS guess${i}\r\n`], [1, '530 Login incorrect.\r\n']], { serverPort: 21 }, { app: 'ftp', own: true })
      s.says('vsftpd', `[web] FAIL LOGIN: Client "${s.attacker}"`).wait(2)
    }
  }),
  other('mail-guess-refused', 'failed', 'The mail server refuses all guesses.', 'IMAP brute force, authentication failures', ADMIN, 'T1110', (s) => {
    for (let i = 0; i < 6; i++) {
      s.talk([[1, '* OK ready\r\n'], [0, `a LOGIN kim guess${i}\r\n`], [1, 'a NO [AUTHENTICATIONFAILED]\r\n']], { serverPort: 143 }, { app: 'imap', own: true })
      s.says('dovecot', `imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<kim>, method=PLAIN, rip=${s.attacker}, lip=${s.target}`).wait(2)
    }
  }),
  other('form-guess-let-in', 'succeeded', 'Six guesses are led back to the form; the seventh gets a session and is led to the account.', 'Web login brute force', ADMIN, 'T1110', (s) => {
    for (let i = 0; i < 6; i++) login(s, '/login', { status: 200, text: FORM }, `user=admin&password=guess${i}`).wait(1)
    login(s, '/login', { status: 302, location: '/account', cookie: 'session=8f1e2d3c4b5a; HttpOnly' }, 'user=admin&password=bread2026').wait(1)
  }),
  other('form-guess-refused', 'failed', 'All guesses get the form again.', 'Web login brute force', ADMIN, 'T1110', (s) => {
    for (let i = 0; i < 7; i++) login(s, '/login', { status: 401, text: FORM }, `user=admin&password=guess${i}`).wait(1)
  }),
  other('form-second-factor', 'unknown', 'The password is right, and a second factor is asked for: nobody is in, but the password is known.', 'Web login brute force', ADMIN, 'T1110', (s) => {
    for (let i = 0; i < 6; i++) login(s, '/login', { status: 200, text: FORM }, `user=admin&password=guess${i}`).wait(1)
    login(s, '/login', { status: 302, location: '/login/otp' }, 'user=admin&password=bread2026')
  }),
  // Calls out.
  other('beacon-answered', 'succeeded', 'Four calls, a minute apart, each answered with data.', 'Known implant, C2 beacon', TROJAN, 'T1071', (s) => beacon(s, true)),
  other('beacon-silent', 'failed', 'Nobody answers any of the calls.', 'Known implant, C2 beacon', TROJAN, 'T1071', (s) => beacon(s, false)),
  other('beacon-name-only', 'unknown', 'Only a name was asked for; what followed is not known.', 'Known implant, C2 domain in DNS', TROJAN, 'T1071', (s) => {
    const ends = { client: s.target, clientPort: s.port(), server: '10.99.0.53', serverPort: 53 }
    s.record('dns', ends, { proto: 'UDP', dns: { type: 'query', id: 5, rrname: 'cdn-sync.example.net', rrtype: 'A' } })
    s.alert(ends, { proto: 'UDP' })
  }),
  other('exfiltration-taken', 'succeeded', 'Half a megabyte is sent whole and taken with 201.', 'Data exfiltration, archive sent out', LEAK, 'T1048', (s) =>
    s.http({ method: 'PUT', url: '/up/a.zip', body: 'PK'.repeat(260_000), status: 201, answer: 'stored', ends: { client: s.target, server: s.attacker, serverPort: 8080 } })),
  other('exfiltration-refused', 'failed', 'No connection came about.', 'Data exfiltration, archive sent out', LEAK, 'T1048', (s) =>
    s.knock({ client: s.target, server: s.attacker, serverPort: 8080 }, 'refused', { own: true })),
  other('exfiltration-cut', 'unknown', 'A few hundred bytes went before the reset.', 'Data exfiltration, archive sent out', LEAK, 'T1048', (s) =>
    s.talk([[0, 'x'.repeat(400)]], { client: s.target, server: s.attacker, serverPort: 8080 }, { end: 'reset', own: true })),
  other('download-whole', 'succeeded', 'The program arrives whole on the host that asked for it.', 'Trojan download, executable', TROJAN, 'T1105', (s) => {
    const ends = { client: s.target, clientPort: s.port(), server: s.attacker, serverPort: 80 }
    const bytes = Buffer.concat([Buffer.from('4d5a90000300000004000000ffff0000b8', 'hex'), Buffer.alloc(4000, 7)])
    s.http({ url: '/setup.exe', ends, type: 'application/x-dosexec', answer: bytes })
    s.record('fileinfo', { client: s.attacker, clientPort: 80, server: s.target, serverPort: ends.clientPort }, { app_proto: 'http', http: { hostname: 'dl.example.org', url: '/setup.exe', http_method: 'GET', protocol: 'HTTP/1.1', status: 200, length: bytes.length }, fileinfo: { filename: '/setup.exe', magic: 'PE32 executable (GUI) Intel 80386, for MS Windows', gaps: false, state: 'CLOSED', stored: false, size: bytes.length, tx_id: 0 } })
  }),
  other('download-404', 'failed', 'The program is not there any more.', 'Trojan download, executable', TROJAN, 'T1105', (s) =>
    s.http({ url: '/setup.exe', ends: { client: s.target, server: s.attacker }, status: 404, answer: 'gone' })),
  // Scans.
  other('scan-refused', 'unknown', 'Ports are found closed: what a scan wants is known to it, and nothing was entered.', 'Vertical port scan, many ports of one host', SCAN, 'T1595', (s) => {
    for (let port = 1; port <= 20; port++) s.knock({ serverPort: port }, 'refused', { own: port % 10 === 0 })
  }),
  other('probe-404', 'failed', 'Nothing of what was looked for is there.', 'Directory brute force, run of 404 replies', SCAN, 'T1595', (s) => {
    for (const path of ['/admin', '/backup', '/old', '/test', '/dev', '/pma']) s.http({ url: path, status: 404, answer: 'Not found' })
  }),
  // Devices.
  other('firewall-dropped', 'blocked', 'The firewall dropped the packet that the sensor outside saw; nothing was answered.', 'SMB exploit attempt from outside', ADMIN, 'T1210', (s) => {
    const clientPort = s.port()
    s.knock({ clientPort, serverPort: 445 }, 'none', { own: true })
    firewall(s, 445, clientPort)
  }),
  other('firewall-dropped-rdp', 'blocked', 'The firewall dropped both tries; nothing was answered.', 'RDP exploit attempt from outside', ADMIN, 'T1210', (s) => {
    for (let i = 0; i < 2; i++) {
      const clientPort = s.port()
      s.knock({ clientPort, serverPort: 3389 }, 'none', { own: true })
      firewall(s, 3389, clientPort).wait(3)
    }
  }),
  other('exploit-refused', 'failed', 'The port is closed: the server resets the first packet.', 'Exploit attempt, buffer overflow in FTP server', ADMIN, 'T1190', (s) =>
    s.knock({ serverPort: 21 }, 'refused', { own: true })),
  // What hosts record.
  other('host-service-installed', 'succeeded', 'The host records that a service with a program of nobody was installed out of the session of the attacker.', 'Lateral movement, service created over SMB', 'A suspicious filename was detected', 'T1021.002', (s) => {
    smbAlert(s)
    windowsLogin(s, true, 'adm.lee').wait(1)
    s.win('System', 7045, { ServiceName: 'updsvc', ImagePath: '%SystemRoot%\\updsvc.exe', ServiceType: 'user mode service', StartType: 'demand start', AccountName: 'LocalSystem' })
  }),
  other('host-service-ordinary', 'unknown', 'Nothing on the host followed but a login, as on every day.', 'Lateral movement, service created over SMB', 'A suspicious filename was detected', 'T1021.002', (s) => {
    smbAlert(s)
  }),
  other('rce-account-created', 'succeeded', 'The account of the database makes an account right after the exploit.', 'Remote code execution attempt against database', ADMIN, 'T1190', (s) => {
    s.talk([[0, `exec ${'A'.repeat(300)}`], [1, 'done']], { serverPort: 1433 }, { app: 'failed', own: true }).wait(1)
    s.win('Microsoft-Windows-Sysmon/Operational', 1, { UtcTime: '2026-11-18 08:00:00.000', ProcessId: '4100', Image: 'C:\\Windows\\System32\\cmd.exe', CommandLine: 'cmd.exe /c net user hax P@ss1234 /add', ParentImage: 'C:\\Program Files\\Microsoft SQL Server\\MSSQL15\\MSSQL\\Binn\\sqlservr.exe', ParentCommandLine: 'sqlservr.exe -sMSSQLSERVER', User: 'NT SERVICE\\MSSQLSERVER' })
    s.win('Security', 4720, { TargetUserName: 'hax', TargetDomainName: 'SRV', SubjectUserName: 'MSSQLSERVER', SubjectDomainName: 'NT SERVICE', SubjectLogonId: '0x3e7' })
  }),
  other('rce-nothing-follows', 'unknown', 'The service answers something, and nothing on the host tells more.', 'Remote code execution attempt against database', ADMIN, 'T1190', (s) =>
    s.talk([[0, `exec ${'A'.repeat(300)}`], [1, 'error']], { serverPort: 1433 }, { app: 'failed', own: true })),
  other('rce-admin-at-work', 'unknown', 'Half an hour later an administrator makes an account from inside; it has nothing to do with the attempt.', 'Remote code execution attempt against database', ADMIN, 'T1190', (s) => {
    s.talk([[0, `exec ${'A'.repeat(300)}`], [1, 'error']], { serverPort: 1433 }, { app: 'failed', own: true }).wait(300)
    s.win('Security', 4720, { TargetUserName: 'new.colleague', TargetDomainName: 'EXAMPLE', SubjectUserName: 'adm.lee', SubjectDomainName: 'EXAMPLE', SubjectLogonId: '0x99887' })
  }),
] // prettier-ignore
