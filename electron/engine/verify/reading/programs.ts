/**
 * Starts of programs, as Windows (Sysmon 1, Security 4688), the Linux audit (execve, in audit.log or through syslog), and others tell of
 * them. One start that several records tell of is one.
 */
import type { CaseEvent, ImpactCase } from '../case.ts'
import { onceEach } from './once-each.ts'
import { baseName, numberOf, recordsAfter, textOf } from './values.ts'

export interface ProgramStart {
  /** Microseconds. */
  readonly time: number
  /** Last part of the path, in lower case: `cmd.exe`, `dash`. */
  readonly name: string
  readonly path: string
  readonly command: string
  /** As `name`; '' where not known. */
  readonly parent: string
  readonly parentCommand: string
  readonly user: string
  readonly pid: number | null
  readonly parentPid: number | null
  /** Logon session on Windows; '' where not known. */
  readonly session: string
  /** Lower case. */
  readonly hashes: readonly string[]
  /** The record says that it did not start. */
  readonly refused: boolean
  readonly events: readonly string[]
}

const isSysmon = (event: CaseEvent): boolean =>
  /Sysmon/.test(textOf(event.fields, 'win.provider') || textOf(event.fields, 'win.channel'))

function windows(event: CaseEvent): ProgramStart | null {
  const { fields } = event
  const id = numberOf(fields, 'win.event_id')
  if (!(id === 4688 || (id === 1 && isSysmon(event)))) return null
  const path = textOf(fields, 'process.path')
  return {
    time: event.time,
    name: baseName(path),
    path,
    command: textOf(fields, 'process.command'),
    parent: baseName(textOf(fields, 'process.parent.path')),
    parentCommand: textOf(fields, 'process.parent.command'),
    user: textOf(fields, 'user.name'),
    pid: numberOf(fields, 'process.pid'),
    parentPid: numberOf(fields, 'process.parent.pid'),
    session: textOf(fields, 'LogonId') || textOf(fields, 'SubjectLogonId'),
    hashes: hashesOf(fields),
    refused: textOf(fields, 'outcome') === 'failure',
    events: [event.id],
  }
}

const hashesOf = (fields: CaseEvent['fields']): string[] =>
  ['file.sha256', 'file.sha1', 'file.md5'].map((name) => textOf(fields, name).toLowerCase()).filter((hash) => hash !== '')

/** Of ARCH x86_64, i386, aarch64: execve and execveat. */
const EXECVE = new Set(['execve', 'execveat', '59', '322', '11', '221', '281'])
const AUDIT_PAIR = /\b(comm|exe|ppid|pid|success|uid|UID|syscall|SYSCALL|a\d{1,3})=(?:"([^"]{0,4096})"|([^\s"]{1,4096}))/g
const MOST_PAIRS = 256

interface AuditRecord {
  readonly event: CaseEvent
  readonly kind: string
  readonly values: Readonly<Record<string, string>>
}

/** A record of the Linux audit, parsed or as a line of syslog. */
function auditRecord(event: CaseEvent): AuditRecord | null {
  const { fields, type } = event
  if (event.format === 'auditd') {
    if (!/^(?:SYSCALL|EXECVE|PROCTITLE)$/.test(type)) return null
    const values: Record<string, string> = Object.create(null) as Record<string, string>
    for (const [name, field] of [
      ['comm', 'process.name'], ['exe', 'process.path'], ['ppid', 'process.parent.pid'], ['pid', 'process.pid'], ['uid', 'user.id'],
      ['UID', 'user.name'], ['success', 'success'], ['syscall', 'syscall'], ['SYSCALL', 'SYSCALL'], ['command', 'process.command'],
    ] as const) values[name] = textOf(fields, field) // prettier-ignore
    return { event, kind: type, values }
  }
  const message = textOf(fields, 'message')
  const kind = /\btype=(SYSCALL|EXECVE|PROCTITLE) (?:msg=)?audit\(/.exec(message.slice(0, 256))?.[1]
  if (kind === undefined) return null
  const values: Record<string, string> = Object.create(null) as Record<string, string>
  const args: string[] = []
  let pairs = 0
  for (const [, name, quoted, bare] of message.slice(0, 16_384).matchAll(AUDIT_PAIR)) {
    if (++pairs > MOST_PAIRS) break
    const value = quoted ?? bare ?? ''
    if (kind === 'EXECVE' && /^a\d/.test(name!)) args.push(quoted === undefined ? decoded(value) : value)
    else values[name!] ??= value
  }
  values['command'] = args.join(' ')
  return { event, kind, values }
}

/** Arguments with blanks or quotes are written in hexadecimal. */
const decoded = (value: string): string =>
  value.length >= 2 && value.length % 2 === 0 && /^[0-9A-F]{2,4096}$/.test(value)
    ? Buffer.from(value, 'hex').toString('latin1')
    : value

function audited(events: readonly CaseEvent[]): ProgramStart[] {
  const groups = new Map<string, AuditRecord[]>()
  for (const event of events) {
    const record = auditRecord(event)
    if (record === null) continue
    const serial = textOf(event.fields, 'audit.id') || event.id
    const key = `${event.source} ${textOf(event.fields, 'host.name')} ${serial}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [record])
    else if (group.length < 16) group.push(record)
  }
  return [...groups.values()].flatMap((records) => {
    const call = records.find(({ kind }) => kind === 'SYSCALL')
    const started = records.find(({ kind }) => kind === 'EXECVE')
    const number = call?.values['SYSCALL'] || call?.values['syscall'] || ''
    if (started === undefined && !EXECVE.has(number)) return []
    const title = records.find(({ kind }) => kind === 'PROCTITLE')
    const first = records[0]!.event
    const path = call?.values['exe'] ?? ''
    const command = started?.values['command'] || title?.values['command'] || ''
    return [
      {
        time: first.time,
        // The shell that ran is `dash`, what was called is `sh`: the call says.
        name: baseName(call?.values['comm'] || path || (command.split(' ', 1)[0] ?? '')),
        path, command, parent: '', parentCommand: '',
        user: call?.values['UID'] || call?.values['uid'] || '',
        pid: Number(call?.values['pid'] || NaN) || null,
        parentPid: Number(call?.values['ppid'] || NaN) || null,
        session: '',
        hashes: [],
        refused: call?.values['success'] === 'no',
        events: records.map(({ event }) => event.id),
      },
    ] // prettier-ignore
  })
}

/** Records with ECS names: agents of other makers. */
function other(event: CaseEvent): ProgramStart | null {
  const { fields, format, type } = event
  if (format === 'auditd' || fields['win.event_id'] !== undefined) return null
  const parentPath = textOf(fields, 'process.parent.path') || textOf(fields, 'process.parent.name')
  const path = textOf(fields, 'process.path') || textOf(fields, 'process.name')
  if (parentPath === '' || path === '' || !/process|exec|start/i.test(`${type} ${textOf(fields, 'action')}`)) return null
  return {
    time: event.time, name: baseName(path), path,
    command: textOf(fields, 'process.command'),
    parent: baseName(parentPath),
    parentCommand: textOf(fields, 'process.parent.command'),
    user: textOf(fields, 'user.name'),
    pid: numberOf(fields, 'process.pid'),
    parentPid: numberOf(fields, 'process.parent.pid'),
    session: '',
    hashes: hashesOf(fields),
    refused: textOf(fields, 'outcome') === 'failure',
    events: [event.id],
  } // prettier-ignore
}

/** In order of time. A parent that is known by its number only gets its name from its own start. */
export function programsOf(events: readonly CaseEvent[]): ProgramStart[] {
  const found: ProgramStart[] = audited(events)
  for (const event of events) {
    const start = windows(event) ?? other(event)
    if (start === null) continue
    // Sysmon and the Security log tell of the same start.
    const at = found.findIndex(
      ({ pid, name, time }) => pid !== null && pid === start.pid && name === start.name && Math.abs(time - start.time) < 5e6,
    )
    if (at < 0) found.push(start)
    else {
      const known = found[at]!
      found[at] = { ...known, command: known.command || start.command, parent: known.parent || start.parent,
        hashes: [...known.hashes, ...start.hashes], events: [...known.events, ...start.events] } // prettier-ignore
    }
  }
  found.sort((a, b) => a.time - b.time)
  const names = new Map<number, string>()
  return found.map((start) => {
    const parent = start.parent || (start.parentPid === null ? '' : (names.get(start.parentPid) ?? ''))
    if (start.pid !== null) names.set(start.pid, start.name)
    return parent === start.parent ? start : { ...start, parent }
  })
}

/** Programs that the target's own records say were started since the alert began. */
export const startsAfter = onceEach((of: ImpactCase): readonly ProgramStart[] => programsOf(recordsAfter(of)))

/** Programs that answer requests from outside. Agents and schedulers are none: they start programs all day. */
const SERVERS =
  /^(?:php-fpm[\d.]{0,6}|php-cgi(?:\.exe)?|php[\d.]{0,4}|apache2|httpd(?:\.exe)?|nginx(?:\.exe)?|lighttpd|caddy|litespeed|w3wp\.exe|umworkerprocess\.exe|java(?:\.exe)?|tomcat\d{0,2}(?:\.exe)?|sqlservr\.exe|mysqld(?:\.exe)?|mariadbd|postgres(?:\.exe)?|oracle(?:\.exe)?|gunicorn|uwsgi|puma|node(?:\.exe)?|beam\.smp|redis-server|smbd|exim4?|vsftpd|proftpd|named|spoolsv\.exe|dns\.exe|ws_tomcatservice\.exe)$/
/** These start helpers of their own in ordinary life: what they start must speak for itself. */
const BUSY = /^(?:java|node|postgres|php|gunicorn|uwsgi|puma|beam\.smp|oracle)/
/** Numbers are those of Debian (www-data) and Red Hat (apache). */
const ACCOUNTS =
  /^(?:33|48|www-data|apache|nginx|http|httpd|tomcat\d{0,2}|jboss|wildfly|mysql|postgres|mssql\$?.{0,32}|mssqlserver|network service|iusr|iis apppool.{0,64}|defaultapppool|nobody|solr|jenkins|confluence\d?)$/i

export const isServerProgram = (name: string): boolean => SERVERS.test(name)
export const isServerAccount = (user: string): boolean => ACCOUNTS.test(user.slice(user.lastIndexOf('\\') + 1))
export const isBusyServer = (name: string): boolean => BUSY.test(name)

const SHELLS =
  /^(?:sh|bash|dash|ash|zsh|ksh|busybox|cmd\.exe|powershell\.exe|pwsh(?:\.exe)?|wscript\.exe|cscript\.exe|mshta\.exe)$/
export const isShell = (name: string): boolean => SHELLS.test(name)

const LOOKS_AROUND =
  /(?:^|[\s;&|/\\"'(])(?:whoami|id|uname|hostname|ifconfig|ipconfig|systeminfo|tasklist|quser|nltest|netstat|getent|lsb_release|net1?(?:\.exe)? (?:user|group|localgroup|view|accounts)|arp -a|ip (?:a|addr|route)|cat \S{0,200}(?:\/etc\/(?:passwd|shadow|issue|os-release)|config\S{0,40}|\.env)|ls -la?|dir [a-z]:\\)(?:\.exe)?(?=$|[\s;&|"')])/i
const FETCHES =
  /(?:^|[\s;&|/\\"'(])(?:curl|wget|certutil|bitsadmin|tftp|ncat?|socat|telnet)(?:\.exe)?\s|\/dev\/(?:tcp|udp)\/|DownloadString|DownloadFile|Invoke-WebRequest|\biwr\b|-urlcache|base64 (?:-d|--decode)|FromBase64String|\s-e(?:nc|ncodedcommand|c)?\s+[A-Za-z0-9+/=]{24}|python\d? -c|perl -e|php -r|nohup |chmod \+x|chmod 7\d\d|mkfifo/i
/** Health checks of the host itself. */
const OWN_CHECK = /\b(?:curl|wget)(?:\.exe)?\b[^;&|]{0,300}https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])/i
/** What sites call through a shell every day, where the command begins with it. */
const ORDINARY =
  /^(?:\S{0,64}(?:sh|cmd(?:\.exe)?) [-/]c ["']{0,2})?(?:\S{0,128}[/\\])?(?:sendmail|convert|identify|mogrify|magick|gs|ffmpeg|ffprobe|wkhtmltopdf|pdftotext|pdftoppm|exiftool|tesseract|soffice|git|composer|npm|rotatelogs|logrotate|gzip|tar|mysqldump|pg_dump|pg_basebackup|rsync|cp|test|locale|stty|tput|csc|cvtres|conhost|werfault)(?:\.exe)?\b/i

/** What a command is for, as far as the command itself tells. */
export function purposeOf(command: string): 'looks_around' | 'fetches' | 'ordinary' | 'unknown' {
  const text = command.slice(0, 4096)
  if (OWN_CHECK.test(text)) return 'ordinary'
  if (FETCHES.test(text)) return 'fetches'
  // One command behind an ordinary one may be anything.
  if (ORDINARY.test(text) && !/[;|&`]/.test(text)) return 'ordinary'
  return LOOKS_AROUND.test(text) ? 'looks_around' : 'unknown'
}
