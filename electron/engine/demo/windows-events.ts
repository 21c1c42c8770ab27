/** Windows events as the machines of Example Foods write them: Security, System, PowerShell, Sysmon. */
import { createHash } from 'node:crypto'
import type { Micros } from '../../../shared/model/time.ts'
import type { WindowsFact } from './facts.ts'
import type { Scene } from './scene.ts'
import { fqdn, type Host, type User } from './world.ts'

const SYSMON = { channel: 'Microsoft-Windows-Sysmon/Operational', provider: 'Microsoft-Windows-Sysmon' }
const SECURITY = { channel: 'Security', provider: 'Microsoft-Windows-Security-Auditing' }
const TASKS: Readonly<Record<number, string>> = {
  1: 'Process Create (rule: ProcessCreate)', 3: 'Network connection detected (rule: NetworkConnect)', 7: 'Image loaded (rule: ImageLoad)', 10: 'Process accessed (rule: ProcessAccess)',
  11: 'File created (rule: FileCreate)', 13: 'Registry value set (rule: RegistryEvent)', 22: 'Dns query (rule: DnsQuery)',
  4624: 'Logon', 4625: 'Logon', 4634: 'Logoff', 4672: 'Special Logon', 4688: 'Process Creation', 4697: 'Security System Extension',
  4720: 'User Account Management', 4768: 'Kerberos Authentication Service', 4769: 'Kerberos Service Ticket Operations', 4771: 'Kerberos Authentication Service', 6416: 'Plug and Play Events',
} // prettier-ignore

export const SYSTEM_USER: User = { name: 'SYSTEM', full: 'SYSTEM', sid: 'S-1-5-18' }
const stamp = (at: Micros): string => new Date(Math.floor(at / 1000)).toISOString().replace('T', ' ').replace('Z', '')
const hex = (value: number): string => `0x${value.toString(16)}`

function emit(
  scene: Scene,
  from: { channel: string; provider: string },
  host: Host,
  at: Micros,
  eventId: number,
  data: Record<string, string>,
  more: Partial<WindowsFact> = {},
): void {
  scene.emit({
    kind: 'windows',
    at: Math.round(at),
    host,
    ...from,
    eventId,
    task: TASKS[eventId] ?? 'None',
    level: 'information',
    data,
    ...more,
  })
}

const account = (scene: Scene, user: User): string =>
  user === SYSTEM_USER ? 'NT AUTHORITY\\SYSTEM' : `${scene.world.netbios}\\${user.name}`
const domainOf = (scene: Scene, user: User): string => (user === SYSTEM_USER ? 'NT AUTHORITY' : scene.world.netbios)

export interface Process {
  readonly pid: number
  readonly guid: string
  readonly image: string
  readonly command: string
  readonly user: User
  readonly host: Host
}

/** A process that runs already, for parents. */
export function runningProcess(scene: Scene, host: Host, image: string, command: string, user: User): Process {
  return { pid: scene.random.int(150, 4000) * 4, guid: scene.random.guid(), image, command, user, host }
}

const originalNames: Readonly<Record<string, string>> = {
  'powershell.exe': 'PowerShell.EXE', 'cmd.exe': 'Cmd.Exe', 'rundll32.exe': 'RUNDLL32.EXE', 'net.exe': 'net.exe', 'whoami.exe': 'whoami.exe', 'schtasks.exe': 'schtasks.exe',
  'curl.exe': 'curl.exe', 'WINWORD.EXE': 'WinWord.exe', 'EXCEL.EXE': 'Excel.exe', 'chrome.exe': 'chrome.exe', 'svchost.exe': 'svchost.exe', 'nltest.exe': 'nltestrk.exe',
} // prettier-ignore

/** Sysmon 1 and, where the host audits it, Security 4688. */
export function startProcess(
  scene: Scene,
  parent: Process,
  at: Micros,
  image: string,
  command: string,
  user: User = parent.user,
  file?: { description: string; company: string; bytes?: Uint8Array },
): Process {
  const { random, world } = scene
  const child: Process = { pid: random.int(150, 4000) * 4, guid: random.guid(), image, command, user, host: parent.host }
  const name = image.slice(image.lastIndexOf('\\') + 1)
  const hash = (algorithm: string): string =>
    createHash(algorithm)
      .update(file?.bytes ?? image.toLowerCase())
      .digest('hex')
      .toUpperCase()
  const logon = user === SYSTEM_USER ? '0x3e7' : hex(0x30000 + (parent.pid % 9973) * 97)
  emit(scene, SYSMON, parent.host, at, 1, {
    RuleName: '-',
    UtcTime: stamp(at),
    ProcessGuid: child.guid,
    ProcessId: String(child.pid),
    Image: image,
    FileVersion: file === undefined ? '10.0.17763.1 (WinBuild.160101.0800)' : '-',
    Description: file?.description ?? 'Windows component',
    Product: file === undefined ? 'Microsoft® Windows® Operating System' : file.description,
    Company: file?.company ?? 'Microsoft Corporation',
    OriginalFileName: originalNames[name] ?? (file?.description === '-' ? '-' : name),
    CommandLine: command,
    CurrentDirectory: user === SYSTEM_USER ? 'C:\\Windows\\system32\\' : `C:\\Users\\${user.name}\\`,
    User: account(scene, user),
    LogonGuid: random.guid(),
    LogonId: logon,
    TerminalSessionId: user === SYSTEM_USER ? '0' : '1',
    IntegrityLevel: user === SYSTEM_USER ? 'System' : 'Medium',
    Hashes: `MD5=${hash('md5')},SHA256=${hash('sha256')},IMPHASH=${hash('md5').slice(0, 30)}00`,
    ParentProcessGuid: parent.guid,
    ParentProcessId: String(parent.pid),
    ParentImage: parent.image,
    ParentCommandLine: parent.command,
    ParentUser: account(scene, parent.user),
  })
  if (parent.host.zone === 'servers') {
    emit(scene, SECURITY, parent.host, at + 300, 4688, {
      SubjectUserSid: user.sid, SubjectUserName: user === SYSTEM_USER ? `${parent.host.name.toUpperCase()}$` : user.name, SubjectDomainName: world.netbios, SubjectLogonId: logon,
      NewProcessId: hex(child.pid), NewProcessName: image, TokenElevationType: '%%1936', ProcessId: hex(parent.pid), CommandLine: command, TargetUserSid: 'S-1-0-0', TargetUserName: '-',
      TargetDomainName: '-', TargetLogonId: '0x0', ParentProcessName: parent.image, MandatoryLabel: user === SYSTEM_USER ? 'S-1-16-16384' : 'S-1-16-8192',
    }) // prettier-ignore
  }
  return child
}

const actor = (scene: Scene, process: Process, at: Micros): Record<string, string> => ({
  RuleName: '-', UtcTime: stamp(at), ProcessGuid: process.guid, ProcessId: String(process.pid), Image: process.image, User: account(scene, process.user),
}) // prettier-ignore

export function networkConnection(
  scene: Scene,
  process: Process,
  at: Micros,
  local: { ip: string; port: number },
  remote: { ip: string; port: number; name?: string },
): void {
  const { RuleName, UtcTime, ProcessGuid, ProcessId, Image, User } = actor(scene, process, at)
  emit(scene, SYSMON, process.host, at + 1_200, 3, {
    RuleName: RuleName!, UtcTime: UtcTime!, ProcessGuid: ProcessGuid!, ProcessId: ProcessId!, Image: Image!, User: User!, Protocol: 'tcp', Initiated: 'true', SourceIsIpv6: 'false',
    SourceIp: local.ip, SourceHostname: fqdn(scene.world, process.host), SourcePort: String(local.port), SourcePortName: '-', DestinationIsIpv6: 'false', DestinationIp: remote.ip,
    DestinationHostname: remote.name ?? '-', DestinationPort: String(remote.port), DestinationPortName: remote.port === 443 ? 'https' : remote.port === 80 ? 'http' : '-',
  }) // prettier-ignore
}

export function dnsQueried(scene: Scene, process: Process, at: Micros, name: string, results: string): void {
  const { RuleName, UtcTime, ProcessGuid, ProcessId, Image, User } = actor(scene, process, at)
  emit(scene, SYSMON, process.host, at + 900, 22, {
    RuleName: RuleName!, UtcTime: UtcTime!, ProcessGuid: ProcessGuid!, ProcessId: ProcessId!, QueryName: name, QueryStatus: results === '' ? '9003' : '0', QueryResults: results, Image: Image!, User: User!,
  }) // prettier-ignore
}

export function fileCreated(scene: Scene, process: Process, at: Micros, path: string): void {
  emit(scene, SYSMON, process.host, at, 11, { ...actor(scene, process, at), TargetFilename: path, CreationUtcTime: stamp(at) })
}

export function registrySet(scene: Scene, process: Process, at: Micros, target: string, details: string): void {
  emit(scene, SYSMON, process.host, at, 13, {
    ...actor(scene, process, at),
    EventType: 'SetValue',
    TargetObject: target,
    Details: details,
  })
}

export function imageLoaded(scene: Scene, process: Process, at: Micros, path: string, description: string): void {
  emit(scene, SYSMON, process.host, at, 7, {
    ...actor(scene, process, at), ImageLoaded: path, FileVersion: '10.0.17763.1 (WinBuild.160101.0800)', Description: description, Product: 'Microsoft® Windows® Operating System',
    Company: 'Microsoft Corporation', OriginalFileName: path.slice(path.lastIndexOf('\\') + 1), Hashes: `SHA256=${createHash('sha256').update(path).digest('hex').toUpperCase()}`,
    Signed: 'true', Signature: 'Microsoft Windows', SignatureStatus: 'Valid',
  }) // prettier-ignore
}

export function processAccessed(scene: Scene, process: Process, at: Micros, target: string, access: string, trace: string): void {
  emit(scene, SYSMON, process.host, at, 10, {
    RuleName: '-', UtcTime: stamp(at), SourceProcessGUID: process.guid, SourceProcessId: String(process.pid), SourceThreadId: String(scene.random.int(1000, 9999)), SourceImage: process.image,
    TargetProcessGUID: scene.random.guid(), TargetProcessId: '648', TargetImage: target, GrantedAccess: access, CallTrace: trace, SourceUser: account(scene, process.user),
    TargetUser: 'NT AUTHORITY\\SYSTEM',
  }) // prettier-ignore
}

export interface Logon {
  readonly user: User
  readonly type: 2 | 3 | 5 | 7 | 10
  readonly from?: { readonly host: string; readonly ip: string; readonly port: number }
  readonly package: 'Kerberos' | 'NTLM' | 'Negotiate'
  readonly admin?: boolean
}

/** 4624, and 4672 for those with special rights. Gives the logon id. */
export function loggedOn(scene: Scene, host: Host, at: Micros, logon: Logon): string {
  const { world, random } = scene
  const id = hex(random.int(0x40000, 0xffffff))
  const local = logon.from === undefined
  emit(scene, SECURITY, host, at, 4624, {
    SubjectUserSid: local ? 'S-1-5-18' : 'S-1-0-0', SubjectUserName: local ? `${host.name.toUpperCase()}$` : '-', SubjectDomainName: local ? world.netbios : '-', SubjectLogonId: local ? '0x3e7' : '0x0',
    TargetUserSid: logon.user.sid, TargetUserName: logon.user.name, TargetDomainName: domainOf(scene, logon.user), TargetLogonId: id, LogonType: String(logon.type),
    LogonProcessName: logon.package === 'NTLM' ? 'NtLmSsp ' : logon.package === 'Kerberos' ? 'Kerberos' : 'User32 ', AuthenticationPackageName: logon.package,
    WorkstationName: logon.package === 'Kerberos' ? '-' : (logon.from?.host ?? host.name).toUpperCase(), LogonGuid: random.guid(), TransmittedServices: '-',
    LmPackageName: logon.package === 'NTLM' ? 'NTLM V2' : '-', KeyLength: logon.package === 'NTLM' ? '128' : '0', ProcessId: local ? '0x2e4' : '0x0',
    ProcessName: local ? 'C:\\Windows\\System32\\svchost.exe' : '-', IpAddress: logon.from?.ip ?? '127.0.0.1', IpPort: String(logon.from?.port ?? 0), ImpersonationLevel: '%%1833',
    RestrictedAdminMode: '-', ElevatedToken: logon.admin ? '%%1842' : '%%1843',
  }) // prettier-ignore
  if (logon.admin) {
    emit(scene, SECURITY, host, at + 200, 4672, {
      SubjectUserSid: logon.user.sid, SubjectUserName: logon.user.name, SubjectDomainName: domainOf(scene, logon.user), SubjectLogonId: id,
      PrivilegeList: 'SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege\n\t\t\tSeTakeOwnershipPrivilege\n\t\t\tSeDebugPrivilege\n\t\t\tSeSystemEnvironmentPrivilege\n\t\t\tSeLoadDriverPrivilege\n\t\t\tSeImpersonatePrivilege',
    }) // prettier-ignore
  }
  return id
}

export function loggedOff(scene: Scene, host: Host, at: Micros, user: User, logonId: string, type: number): void {
  emit(scene, SECURITY, host, at, 4634, {
    TargetUserSid: user.sid,
    TargetUserName: user.name,
    TargetDomainName: domainOf(scene, user),
    TargetLogonId: logonId,
    LogonType: String(type),
  })
}

export function logonFailed(
  scene: Scene,
  host: Host,
  at: Micros,
  user: string,
  type: number,
  from: { host: string; ip: string; port: number },
  unknown = false,
): void {
  emit(
    scene, SECURITY, host, at, 4625,
    {
      SubjectUserSid: 'S-1-0-0', SubjectUserName: '-', SubjectDomainName: '-', SubjectLogonId: '0x0', TargetUserSid: 'S-1-0-0', TargetUserName: user, TargetDomainName: scene.world.netbios,
      Status: '0xc000006d', FailureReason: '%%2313', SubStatus: unknown ? '0xc0000064' : '0xc000006a', LogonType: String(type), LogonProcessName: type === 3 ? 'NtLmSsp ' : 'User32 ',
      AuthenticationPackageName: type === 3 ? 'NTLM' : 'Negotiate', WorkstationName: from.host.toUpperCase(), TransmittedServices: '-', LmPackageName: '-', KeyLength: '0', ProcessId: '0x0',
      ProcessName: '-', IpAddress: from.ip, IpPort: String(from.port),
    },
    { keywords: 'Audit Failure' },
  ) // prettier-ignore
}

export function ticketIssued(
  scene: Scene,
  at: Micros,
  kind: 'AS' | 'TGS',
  user: User,
  service: string,
  from: { ip: string; port: number },
): void {
  const { world } = scene
  emit(scene, SECURITY, world.host('dc-01'), at, kind === 'AS' ? 4768 : 4769, {
    TargetUserName: kind === 'AS' ? user.name : `${user.name}@${world.domain.toUpperCase()}`, TargetDomainName: kind === 'AS' ? world.domain.toUpperCase() : world.domain.toUpperCase(),
    ...(kind === 'AS' ? { TargetSid: user.sid } : {}), ServiceName: kind === 'AS' ? 'krbtgt' : service, ServiceSid: `${user.sid.slice(0, user.sid.lastIndexOf('-'))}-${kind === 'AS' ? 502 : 1012}`,
    TicketOptions: '0x40810010', ...(kind === 'AS' ? { PreAuthType: '2' } : { LogonGuid: scene.random.guid(), TransmittedServices: '-' }), Status: '0x0', TicketEncryptionType: '0x12',
    IpAddress: `::ffff:${from.ip}`, IpPort: String(from.port),
  }) // prettier-ignore
}

export function ticketRefused(scene: Scene, at: Micros, user: User, from: { ip: string; port: number }): void {
  emit(
    scene, SECURITY, scene.world.host('dc-01'), at, 4771,
    { TargetUserName: user.name, TargetSid: user.sid, ServiceName: `krbtgt/${scene.world.netbios}`, TicketOptions: '0x40810010', Status: '0x18', PreAuthType: '2', IpAddress: `::ffff:${from.ip}`, IpPort: String(from.port) },
    { keywords: 'Audit Failure' },
  ) // prettier-ignore
}

/** System 7045 and Security 4697. */
export function serviceInstalled(
  scene: Scene,
  host: Host,
  at: Micros,
  name: string,
  image: string,
  by: User,
  logonId: string,
): void {
  emit(scene, { channel: 'System', provider: 'Service Control Manager' }, host, at, 7045, {
    ServiceName: name, ImagePath: image, ServiceType: 'user mode service', StartType: 'demand start', AccountName: 'LocalSystem',
  }, { message: `A service was installed in the system.\n\nService Name:  ${name}\nService File Name:  ${image}` }) // prettier-ignore
  emit(scene, SECURITY, host, at + 250, 4697, {
    SubjectUserSid: by.sid, SubjectUserName: by.name, SubjectDomainName: domainOf(scene, by), SubjectLogonId: logonId, ServiceName: name, ServiceFileName: image, ServiceType: '0x10',
    ServiceStartType: '3', ServiceAccount: 'LocalSystem',
  }) // prettier-ignore
}

/** System 7036: a service has stopped or runs. */
export function serviceChanged(scene: Scene, host: Host, at: Micros, name: string, state: 'running' | 'stopped'): void {
  emit(
    scene,
    { channel: 'System', provider: 'Service Control Manager' },
    host,
    at,
    7036,
    { param1: name, param2: state },
    {
      message: `The ${name} service entered the ${state} state.`,
    },
  )
}

export function userCreated(scene: Scene, at: Micros, by: User, name: string, sid: string): void {
  emit(scene, SECURITY, scene.world.host('dc-01'), at, 4720, {
    TargetUserName: name, TargetDomainName: scene.world.netbios, TargetSid: sid, SubjectUserSid: by.sid, SubjectUserName: by.name, SubjectDomainName: scene.world.netbios,
    SubjectLogonId: hex(scene.random.int(0x40000, 0xfffff)), PrivilegeList: '-', SamAccountName: name, DisplayName: name, UserPrincipalName: `${name}@${scene.world.domain}`,
  }) // prettier-ignore
}

export function deviceAttached(scene: Scene, host: Host, at: Micros, user: User, name: string, id: string): void {
  emit(scene, SECURITY, host, at, 6416, {
    SubjectUserSid: user.sid, SubjectUserName: user.name, SubjectDomainName: domainOf(scene, user), SubjectLogonId: '0x3e7', DeviceId: id, DeviceDescription: name,
    ClassId: '{4d36e967-e325-11ce-bfc1-08002be10318}', ClassName: 'DiskDrive', VendorIds: 'USBSTOR\\Disk', CompatibleIds: 'USBSTOR\\Disk USBSTOR\\RAW GenDisk', LocationInformation: '-',
  }) // prettier-ignore
}

/** PowerShell 4104: the text of a script block. */
export function scriptBlock(scene: Scene, host: Host, at: Micros, script: string, path = ''): void {
  emit(
    scene, { channel: 'Microsoft-Windows-PowerShell/Operational', provider: 'Microsoft-Windows-PowerShell' }, host, at, 4104,
    { MessageNumber: '1', MessageTotal: '1', ScriptBlockText: script, ScriptBlockId: scene.random.guid().slice(1, -1).toLowerCase(), Path: path },
    { task: 'Execute a Remote Command' },
  ) // prettier-ignore
}
