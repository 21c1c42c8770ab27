/** What a host's own records say was done to it: services, accounts, logs, tasks, protection, memory. */
import type { CaseEvent, ImpactCase } from '../case.ts'
import { laterThan } from './attribution.ts'
import { onceEach } from './once-each.ts'
import { isServerAccount } from './programs.ts'
import { sessionsOf } from './sessions.ts'
import { baseName, numberOf, recordsAfter, textOf } from './values.ts'

export type EffectKind =
  | 'service_installed'
  | 'account_created'
  | 'group_joined'
  | 'log_cleared'
  | 'task_created'
  | 'protection_stopped'
  | 'memory_read'
  | 'autostart_set'
  | 'value_set'
  | 'consumer_created'
  | 'file_written'
  | 'account_renamed'

export interface Effect {
  readonly kind: EffectKind
  /** Name of the service, account, group, log, task … */
  readonly what: string
  /** Program or command that it will run; '' where it has none. */
  readonly runs: string
  /** Account that did it; '' where not said. */
  readonly by: string
  /** Its logon id, in lower case; '' where not said. */
  readonly session: string
  readonly event: CaseEvent
  /** The record says that it was refused. */
  readonly refused: boolean
}

const PROTECTION =
  /\b(?:windefend|windows defender|microsoft defender|sense|sysmon(?:64)?|falcon(?:-sensor)?|csagent|csfalcon|carbonblack|cb ?defense|sentinel(?:agent|one|d)?|sophos|mcafee|trellix|eset|ekrn|kaspersky|avp|symantec|bitdefender|trend micro|wazuh(?:-agent)?|ossec|auditd|osqueryd?|clamav(?:-daemon)?|clamd|fail2ban|rsyslogd?|syslog-ng|ufw|firewalld|mpssvc|windows (?:defender )?firewall|eventlog|windows event log)\b/i
const ADMINISTRATORS =
  /admin|^(?:sudo|wheel|root|docker|adm|lxd|shadow)$|backup operators|account operators|remote desktop users|S-1-5-32-54[4-9]|S-1-5-32-555/i

/** Null where the record tells of none. */
export const effectOf = onceEach(readEffect)

function readEffect(event: CaseEvent): Effect | null {
  const { fields, type } = event
  const said = (kind: EffectKind, what: string, runs = ''): Effect => ({
    kind, what, runs,
    by: textOf(fields, 'user.name'),
    session: (textOf(fields, 'SubjectLogonId') || textOf(fields, 'LogonId')).toLowerCase(),
    event,
    refused: textOf(fields, 'outcome') === 'failure',
  }) // prettier-ignore
  const id = numberOf(fields, 'win.event_id')
  return id === null ? linuxEffect(event, said) : windowsEffect(id, fields, type, said)
}

type Said = (kind: EffectKind, what: string, runs?: string) => Effect

function windowsEffect(id: number, fields: CaseEvent['fields'], _type: string, said: Said): Effect | null {
  const from = `${textOf(fields, 'win.provider')} ${textOf(fields, 'win.channel')}`
  switch (id) {
    case 7045:
      return said('service_installed', textOf(fields, 'service.name'), textOf(fields, 'ImagePath'))
    case 4697:
      return said('service_installed', textOf(fields, 'service.name'), textOf(fields, 'ServiceFileName'))
    case 4720:
      return said('account_created', textOf(fields, 'target.user'))
    case 4728:
    case 4732:
    case 4756: {
      const group = textOf(fields, 'target.user')
      return ADMINISTRATORS.test(`${group} ${textOf(fields, 'TargetSid')}`) ? said('group_joined', group) : null
    }
    case 1102:
      return /Eventlog|Security/i.test(from) ? said('log_cleared', 'Security') : null
    case 104:
      return /Eventlog/i.test(from) ? said('log_cleared', textOf(fields, 'Channel') || textOf(fields, 'win.channel')) : null
    case 4698:
      return said('task_created', textOf(fields, 'TaskName'), taskCommand(textOf(fields, 'TaskContent')))
    case 106:
      return /TaskScheduler/i.test(from) ? said('task_created', textOf(fields, 'TaskName')) : null
    case 5001:
    case 5010:
    case 5012:
      return /Defender/i.test(from) ? said('protection_stopped', 'Microsoft Defender') : null
    case 4719:
      return /Security/i.test(from) && /%%8448|%%8450|removed/i.test(textOf(fields, 'AuditPolicyChanges'))
        ? said('protection_stopped', 'audit policy')
        : null
    case 4:
      return /Sysmon/i.test(from) && /stopped/i.test(textOf(fields, 'State')) ? said('protection_stopped', 'Sysmon') : null
    case 7036:
      return /^stopped$/i.test(textOf(fields, 'param2')) && PROTECTION.test(textOf(fields, 'param1'))
        ? said('protection_stopped', textOf(fields, 'param1'))
        : null
    case 7040:
      return PROTECTION.test(textOf(fields, 'param1')) && /disabled/i.test(textOf(fields, 'param3') || textOf(fields, 'param2'))
        ? said('protection_stopped', textOf(fields, 'param1'))
        : null
    case 10:
      return /Sysmon/i.test(from) && readsMemory(fields) ? said('memory_read', 'lsass.exe', textOf(fields, 'process.path')) : null
    case 13:
      if (!/Sysmon/i.test(from) || !/^SetValue$/i.test(textOf(fields, 'EventType') || 'SetValue')) return null
      return said(
        /\\CurrentVersion\\(?:Run|RunOnce)\\/i.test(textOf(fields, 'registry.path')) ? 'autostart_set' : 'value_set',
        textOf(fields, 'registry.path'),
        textOf(fields, 'registry.data'),
      )
    case 11:
      return /Sysmon/i.test(from) ? said('file_written', textOf(fields, 'file.path') || textOf(fields, 'TargetFilename')) : null
    case 20:
      return /Sysmon/i.test(from) && /^(?:Created|Modified)$/i.test(textOf(fields, 'Operation'))
        ? said('consumer_created', textOf(fields, 'Name').trim(), textOf(fields, 'Destination').trim())
        : null
    case 4781:
      return said('account_renamed', `${textOf(fields, 'OldTargetUserName')} → ${textOf(fields, 'NewTargetUserName')}`)
    default:
      return null
  }
}

/** PROCESS_VM_READ (0x10) on LSASS, by what is no part of Windows that does so by itself. */
function readsMemory(fields: CaseEvent['fields']): boolean {
  const access = numberOf(fields, 'GrantedAccess') ?? 0
  const from = textOf(fields, 'process.path').toLowerCase()
  return (
    baseName(textOf(fields, 'TargetImage')) === 'lsass.exe' &&
    (access & 0x10) !== 0 &&
    !/^c:\\windows\\system32\\(?:wininit|csrss|services|svchost|lsm|lsass|wbem\\wmiprvse|werfault|smss|winlogon)\.exe$/.test(
      from,
    ) &&
    !/^c:\\program files(?: \(x86\))?\\|\\windows defender\\/.test(from)
  )
}

function taskCommand(content: string): string {
  const text = content.slice(0, 16_384)
  const command = /<Command>([^<]{1,1024})<\/Command>/i.exec(text)?.[1] ?? ''
  const given = /<Arguments>([^<]{1,4096})<\/Arguments>/i.exec(text)?.[1] ?? ''
  return `${command} ${given}`.trim()
}

function linuxEffect({ fields, type, format }: CaseEvent, said: Said): Effect | null {
  if (format === 'auditd') {
    if (type === 'ADD_USER') return said('account_created', textOf(fields, 'target.user') || textOf(fields, 'id'))
    return null
  }
  const program = textOf(fields, 'log.program').toLowerCase()
  const message = textOf(fields, 'message').slice(0, 2048)
  if (program === 'useradd') {
    const name = /^new user: name=([^\s,]{1,256})/.exec(message)?.[1]
    return name === undefined ? null : said('account_created', name)
  }
  if (program === 'usermod' || program === 'gpasswd') {
    const group = /^add '[^\s']{1,256}' to (?:shadow )?group '([^\s']{1,256})'/.exec(message)?.[1]
    return group !== undefined && ADMINISTRATORS.test(group) ? said('group_joined', group) : null
  }
  if (program === 'crontab') {
    const cron = /^\(([^\s)]{1,256})\) REPLACE \(([^\s)]{1,256})\)/.exec(message)
    return cron === null ? null : { ...said('task_created', `crontab ${cron[2]}`), by: cron[1]! }
  }
  if (program === 'systemd') {
    const unit = /^(?:Stopped|Stopping) (.{1,200})$/.exec(message)?.[1]
    return unit !== undefined && PROTECTION.test(unit) ? said('protection_stopped', unit.replace(/\.$/, '')) : null
  }
  return null
}

/** A program where programs do not belong, a command instead of one, or a share of the host itself. */
export const isOddProgram = (runs: string): boolean =>
  /\\(?:temp|tmp|users\\(?:public|[^\\]{1,64}\\(?:appdata|downloads|desktop))|programdata|perflogs|\$recycle\.bin)\\|^"?(?:%systemroot%|%windir%|c:\\windows|\\\\127\.0\.0\.1\\admin\$|\\\\localhost\\admin\$)\\[^\\]{1,64}\.(?:exe|dll|bat)\b|%comspec%|\bcmd(?:\.exe)?\b|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript|certutil|bitsadmin|\\\\[^\\\s]{1,128}\\(?:admin|c|ipc)\$|\/tmp\/|\/dev\/shm\/|\/var\/tmp\/|\bcurl\b|\bwget\b|base64|psexesvc/i.test(
    runs.slice(0, 4096),
  )

export interface LinkedEffect extends Effect {
  /**
   * What binds it to the attack: `session` done in a session that the attacker opened · `server` by the account of a server, which does no
   * such thing · null nothing but the time.
   */
  readonly link: 'session' | 'server' | null
  /** Of what binds it. */
  readonly linkEvents: readonly string[]
  /** Microseconds since the last event of the alert that came before it. */
  readonly later: number
}

/** Effects on the target since the alert began, by its own records; those of the alert itself too. */
export function effectsAfter(of: ImpactCase, kinds: readonly EffectKind[]): LinkedEffect[] {
  const sessions = sessionsOf(of)
  return recordsAfter(of).flatMap((event) => {
    const effect = effectOf(event)
    if (effect === null || !kinds.includes(effect.kind) || effect.refused) return []
    const by = effect.by.toLowerCase()
    const key = sessions.ids.has(effect.session) ? effect.session : effect.session === '' && sessions.users.has(by) ? by : null
    const login = key === null ? undefined : sessions.events.get(key)
    const link = key !== null ? 'session' : isServerAccount(effect.by) ? 'server' : null
    return [{ ...effect, link, linkEvents: login === undefined ? [] : [login], later: laterThan(of, event.time) }]
  })
}
