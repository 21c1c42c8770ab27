import type { CaseEvent } from '../case.ts'
import { defineImpactTest, type Finding } from '../define.ts'
import { effectOf } from '../reading/effects.ts'
import { loginOf } from '../reading/logins.ts'
import { execve, HOST, started, windows } from '../reading/made-records.ts'
import { programsOf, type ProgramStart } from '../reading/programs.ts'
import { citesOf, numberOf, textOf } from '../reading/values.ts'

/** STATUS_ACCESS_DENIED and kin (MS-ERREF 2.3.1). */
const DENIED = /^0x(?:c0000022|c000006d|c0000061|80070005|00000005|5)$/i
/** Tools whose exit code says whether they did what they were told. */
const HONEST =
  /^(?:vssadmin|wbadmin|bcdedit|net1?|sc|reg|schtasks|wevtutil|fsutil|netsh|auditpol|diskshadow|wmic|certutil|bitsadmin)\.exe$/
/** Where the records of a network or a device are meant, another test looks. */
const ofHost = ({ fields, format, type }: CaseEvent): boolean =>
  fields['win.event_id'] !== undefined ||
  format === 'auditd' ||
  /^(?:audit|useradd|usermod|crontab|sudo)$/.test(textOf(fields, 'log.program') || type) ||
  textOf(fields, 'process.parent.path') !== ''

const SAID: Readonly<Record<string, readonly [string, string]>> = {
  service_installed: ['the service was installed', '서비스 설치됨'],
  account_created: ['the account was created', '계정 생성됨'],
  group_joined: ['the account joined the group', '그룹 추가됨'],
  log_cleared: ['the log was cleared', '로그 삭제됨'],
  task_created: ['the task was created', '예약 작업 등록됨'],
  protection_stopped: ['protection was stopped', '보안 기능 중지됨'],
  memory_read: ['the memory of LSASS was opened for reading', 'LSASS 메모리 읽기 허용됨'],
  autostart_set: ['the program was set to start by itself', '자동 실행 등록됨'],
  value_set: ['the value was set in the registry', '레지스트리 값 설정됨'],
  consumer_created: ['the WMI consumer was registered', 'WMI 소비자 등록됨'],
  file_written: ['the file was written', '파일 기록됨'],
  account_renamed: ['the account was renamed', '계정 이름 변경됨'],
}

export default defineImpactTest({
  id: 'ran-on-host',
  family: 'next',
  title: { en: "The host's own record states it", ko: '호스트 기록에 결과 포함' },
  reasoning: {
    en: 'A host records what it did, not what was tried: a start that is recorded took place, and a record of an effect is the effect.',
    ko: '호스트는 시도가 아니라 수행한 일을 기록합니다. 기록된 실행은 실제로 일어났고, 결과 기록은 결과 그 자체입니다.',
  },
  spec: 'https://learn.microsoft.com/en-us/windows/security/threat-protection/auditing/audit-process-creation',
  appliesTo: "Rules over a host's own records of programs, services, accounts, tasks, logs and memory.",
  reads: ['own', 'after', 'attackClass'],
  applies: ({ alert, own, attackClass }) =>
    alert.kind === 'rule' && attackClass !== 'policy' && attackClass !== 'scan' && own.some(ofHost),
  test(of) {
    const records = of.own.filter((event) => ofHost(event) && !isLogin(event))
    if (records.length === 0) return null
    const effects = records.flatMap((event) => effectOf(event) ?? [])
    const done = effects.filter(({ refused, event }) => !refused && !isDenied(event))
    const [effect] = done
    if (effect !== undefined) {
      const [en, ko] = SAID[effect.kind] ?? ['it was done', '수행됨']
      const what = [effect.what, effect.runs].filter((text) => text !== '').join(', ').slice(0, 300) // prettier-ignore
      return {
        result: 'succeeded',
        confidence: 0.95,
        reason: {
          en: `The record states that ${en}${what === '' ? '' : `: ${what}`}.`,
          ko: `기록에 결과가 명시되어 있습니다: ${ko}${what === '' ? '' : ` (${what})`}`,
        },
        cites: citesOf(done.map(({ event }) => event.id)),
      }
    }
    const starts = programsOf(records)
    const exits = starts.map((start) => exitOf(start, of.after))
    const covered = new Set([...starts.flatMap(({ events }) => events), ...effects.map(({ event }) => event.id)])
    const others = records.filter(({ id }) => !covered.has(id))
    const failedStarts = starts.filter((start, i) => start.refused || (HONEST.test(start.name) && (exits[i]?.code ?? 0) !== 0))
    const stated = others.filter(isDenied)
    if (
      of.complete &&
      of.alert.count <= of.own.length &&
      records.length === of.own.length &&
      failedStarts.length === starts.length &&
      stated.length === others.length &&
      effects.every(({ refused, event }) => refused || isDenied(event))
    )
      return {
        result: 'failed',
        confidence: 0.85,
        reason: {
          en: 'The records state that it was refused or ended with an error.',
          ko: '기록에 거부 또는 오류 종료가 명시되어 있습니다.',
        },
        cites: citesOf([...records.map(({ id }) => id), ...exits.flatMap((exit) => (exit === null ? [] : [exit.event]))]),
      }
    const destroyed = starts.findIndex(({ command, refused }, i) => !refused && DESTROYS.test(command) && exits[i]?.code === 0)
    if (destroyed >= 0) {
      const { command, events } = starts[destroyed]!
      return {
        result: 'succeeded',
        confidence: 0.95,
        reason: {
          en: `The command ended without an error: ${command.slice(0, 300)}`,
          ko: `명령이 오류 없이 끝났습니다: ${command.slice(0, 300)}`,
        },
        cites: citesOf([...events, exits[destroyed]!.event]),
      }
    }
    const ran = starts.find((start) => !failedStarts.includes(start))
    if (ran === undefined) return null
    const whole = ran.command || ran.path || ran.name
    const said = whole.length > 300 ? `${whole.slice(0, 300)}…` : whole
    const finding: Finding = {
      result: 'likely',
      confidence: 0.8,
      reason: { en: `The host recorded that it ran: ${said}`, ko: `호스트 기록에 실행이 남아 있습니다: ${said}` },
      cites: citesOf(ran.events),
    }
    return finding
  },
  examples: [
    {
      name: 'a service was installed',
      of: {
        kind: 'rule',
        title: 'Service installed that runs a shell',
        own: [windows(0, 7045, 'System', { 'service.name': 'x', ImagePath: '%COMSPEC% /c a' })],
      },
      expect: 'succeeded',
    },
    {
      name: 'LSASS was opened for reading',
      of: {
        kind: 'rule',
        title: 'LSASS opened with full access',
        own: [
          windows(0, 10, 'Sysmon', {
            'process.path': 'C:\\Windows\\msupd.exe',
            TargetImage: 'C:\\Windows\\System32\\lsass.exe',
            GrantedAccess: '0x1410',
          }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'shadow copies were deleted, and the tool says so',
      of: {
        kind: 'rule',
        title: 'Recovery destroyed, ransomware',
        own: [
          started(0, 'C:\\Windows\\System32\\vssadmin.exe', 'vssadmin delete shadows /all /quiet', 'C:\\Windows\\cmd.exe', {
            'process.pid': 512,
          }),
        ],
        after: [windows(1, 4689, 'Security', { 'process.pid': 512, Status: '0x0' })],
      },
      expect: 'succeeded',
    },
    {
      name: 'a hidden PowerShell ran',
      of: {
        kind: 'rule',
        title: 'PowerShell with encoded command',
        attack: ['T1059.001'],
        own: [started(0, 'C:\\Windows\\System32\\powershell.exe', 'powershell -enc SQBFAFgA', 'C:\\Windows\\explorer.exe')],
      },
      expect: 'likely',
    },
    {
      name: 'the shell of the web server',
      of: { kind: 'rule', title: 'Web server account runs a shell', attack: ['T1505.003'], own: execve(0, 1, 'sh -c id') },
      expect: 'likely',
    },
    {
      name: 'a value that gives a program full rights was set',
      of: {
        kind: 'rule',
        title: 'Registry key set by which a program gets full rights unasked',
        attack: ['T1548.002'],
        own: [
          windows(0, 13, 'Sysmon', {
            EventType: 'SetValue',
            'registry.path': 'HKU\\S-1-5-21-1_CLASSES\\ms-settings\\shell\\open\\command\\(Default)',
            'registry.data': 'cmd.exe',
          }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a consumer of WMI was registered over the one that was there',
      of: {
        kind: 'rule',
        title: 'Lasting WMI event consumer',
        attack: ['T1546.003'],
        own: [windows(0, 20, 'Sysmon', { Operation: 'Modified', Name: ' "Probe"', Type: 'Script', Destination: ' "run()"' })],
      },
      expect: 'succeeded',
    },
    {
      name: 'a consumer of WMI was removed',
      of: {
        kind: 'rule',
        title: 'Lasting WMI event consumer',
        attack: ['T1546.003'],
        own: [windows(0, 20, 'Sysmon', { Operation: 'Deleted', Name: ' "Probe"', Type: 'Script', Destination: ' "run()"' })],
      },
      expect: null,
    },
    {
      name: 'the tool ended with an error',
      of: {
        kind: 'rule',
        title: 'Recovery destroyed, ransomware',
        own: [
          started(0, 'C:\\Windows\\System32\\vssadmin.exe', 'vssadmin delete shadows /all', 'C:\\Windows\\cmd.exe', {
            'process.pid': 512,
          }),
        ],
        after: [windows(1, 4689, 'Security', { 'process.pid': 512, Status: '0x1' })],
      },
      expect: 'failed',
    },
    {
      name: 'access was denied',
      of: {
        kind: 'rule',
        title: 'SAM hive opened, credential dump',
        own: [windows(0, 4656, 'Security', { outcome: 'failure', ObjectName: '\\SAM' })],
      },
      expect: 'failed',
    },
    {
      name: 'one of two was denied, of the other nobody knows',
      of: {
        kind: 'rule',
        title: 'SAM hive opened, credential dump',
        own: [windows(0, 4656, 'Security', { outcome: 'failure' }), windows(1, 4656, 'Security', { outcome: 'success' })],
      },
      expect: null,
    },
    {
      name: 'LSASS was asked for its state only, and read by the system itself',
      of: {
        kind: 'rule',
        title: 'LSASS opened',
        own: [
          windows(0, 10, 'Sysmon', {
            'process.path': 'C:\\a.exe',
            TargetImage: 'C:\\Windows\\System32\\lsass.exe',
            GrantedAccess: '0x1400',
          }),
          windows(1, 10, 'Sysmon', {
            'process.path': 'C:\\Windows\\System32\\csrss.exe',
            TargetImage: 'C:\\Windows\\System32\\lsass.exe',
            GrantedAccess: '0x1fffff',
          }),
        ],
      },
      expect: null,
    },
    {
      name: 'refused logins are read elsewhere',
      of: {
        kind: 'rule',
        title: 'Many failed logons',
        own: [windows(0, 4625, 'Security', { 'src.ip': '203.0.113.9', outcome: 'failure', 'host.name': HOST })],
      },
      expect: null,
    },
    {
      name: 'a signature of the network',
      of: { title: 'PowerShell download', own: [started(0, 'C:\\powershell.exe', 'powershell -enc AAAA', 'C:\\explorer.exe')] },
      expect: null,
    },
  ],
})

const DESTROYS =
  /vssadmin(?:\.exe)?"? .{0,40}delete shadows|wmic(?:\.exe)?"? .{0,40}shadowcopy.{0,40}delete|wbadmin(?:\.exe)?"? .{0,40}delete|bcdedit(?:\.exe)?"? .{0,80}(?:recoveryenabled no|ignoreallfailures)|wevtutil(?:\.exe)?"? (?:cl|clear-log) /i

const isLogin = (event: CaseEvent): boolean =>
  loginOf(event) !== null || /^(?:462[45]|4634|4647|4648|4768|4769|4771|4776|USER_LOGIN|USER_AUTH)$/.test(event.type)

/** Audit Failure, a status of denied access, a system call that failed. */
function isDenied({ fields }: CaseEvent): boolean {
  return (
    textOf(fields, 'outcome') === 'failure' ||
    textOf(fields, 'success') === 'no' ||
    DENIED.test(textOf(fields, 'Status')) ||
    DENIED.test(textOf(fields, 'ErrorCode'))
  )
}

/** Security 4689 of the same process on the same host. */
function exitOf(start: ProgramStart, after: readonly CaseEvent[]): { readonly code: number; readonly event: string } | null {
  if (start.pid === null) return null
  const exit = after.find(
    ({ fields, time }) =>
      numberOf(fields, 'win.event_id') === 4689 &&
      numberOf(fields, 'process.pid') === start.pid &&
      time >= start.time &&
      time - start.time < 3_600_000_000,
  )
  const code = exit === undefined ? null : numberOf(exit.fields, 'Status')
  return exit === undefined || code === null ? null : { code, event: exit.id }
}
