import { defineImpactTest } from '../define.ts'
import { fileinfo, HOST, started, windows } from '../reading/made-records.ts'
import { startsAfter } from '../reading/programs.ts'
import { removalOf } from '../reading/removals.ts'
import { transfersOf } from '../reading/transfers.ts'
import { baseName, citesOf, eventsOf, isRecordOf, textOf } from '../reading/values.ts'

export default defineImpactTest({
  id: 'antivirus-removed',
  family: 'next',
  title: { en: 'Protection removed the file', ko: '백신이 파일 제거' },
  reasoning: {
    en: 'A file that protection took away before it was started has done nothing.',
    ko: '실행되기 전에 보안 프로그램이 제거한 파일은 아무 일도 하지 못합니다.',
  },
  spec: 'https://learn.microsoft.com/en-us/defender-endpoint/troubleshoot-microsoft-defender-antivirus',
  appliesTo:
    'Files that arrive or were found, where protection of the host says what it did with them: Defender 1116 to 1119, CEF, LEEF and JSON of others.',
  reads: ['own', 'flow', 'after', 'target', 'asset'],
  applies: ({ own, after }) => own.length > 0 && [...own, ...after].some((event) => removalOf(event) !== null),
  test(of) {
    const { own, flow, after, target, alert } = of
    const removals = eventsOf(own, after).flatMap((event) => {
      const removal = removalOf(event)
      return removal !== null && event.time >= alert.first && isRecordOf(event, target, of.asset?.name) ? [removal] : []
    })
    // Paths that the alert is about: found by protection, or transferred.
    const about = new Set<string>()
    for (const event of own) for (const path of removalOf(event)?.paths ?? []) about.add(baseName(path))
    for (const { name, to } of transfersOf(eventsOf(own, flow)))
      if (to === target.ip) about.add(baseName(name.split('?', 1)[0] ?? ''))
    for (const { fields } of own) about.add(baseName(textOf(fields, 'file.path') || textOf(fields, 'file.name')))
    about.delete('')
    if (about.size === 0 || removals.some(({ running }) => running)) return null
    const starts = startsAfter(of)
    const cites: string[] = []
    for (const name of about) {
      const done = removals.find(({ done: isDone, paths }) => isDone === true && paths.some((path) => baseName(path) === name))
      if (done === undefined) return null
      if (removals.some(({ done: isDone, paths }) => isDone === false && paths.some((path) => baseName(path) === name)))
        return null
      // It was faster than its guard.
      if (starts.some((start) => start.name === name || start.command.toLowerCase().includes(name))) return null
      cites.push(done.event)
    }
    const [first] = removals.filter(({ event }) => event === cites[0])
    return {
      result: 'blocked',
      confidence: 0.85,
      reason: {
        en: `Protection of the host removed ${[...about].slice(0, 4).join(', ')}${first?.threat ? ` (${first.threat.slice(0, 120)})` : ''}; no start of it is recorded.`,
        ko: `호스트의 보안 프로그램이 파일을 제거했고 실행 기록이 없습니다. 파일: ${[...about].slice(0, 4).join(', ')}${first?.threat ? `, 진단명: ${first.threat.slice(0, 120)}` : ''}`,
      },
      cites: citesOf([...cites, ...own.map(({ id }) => id)]),
    }
  },
  examples: [
    {
      name: 'quarantined after the download',
      of: {
        title: 'Malware downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/get/agent.exe')],
        after: [
          windows(3, 1117, 'Defender', {
            ThreatName: 'Trojan:Win32/X',
            Path: 'file:_C:\\Users\\kim\\Downloads\\agent.exe',
            ActionName: 'Quarantine',
            ErrorCode: '0x00000000',
          }),
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'found and removed, by its own rule',
      of: {
        kind: 'rule',
        title: 'Malware found',
        targetName: HOST,
        own: [windows(0, 1116, 'Defender', { ThreatName: 'Trojan:Win32/X', Path: 'file:_C:\\a\\b.exe' })],
        after: [
          windows(5, 1117, 'Defender', {
            ThreatName: 'Trojan:Win32/X',
            Path: 'file:_C:\\a\\b.exe',
            ActionName: 'Remove',
            ErrorCode: '0x00000000',
          }),
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'it had been started before',
      of: {
        title: 'Malware downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/get/agent.exe')],
        after: [
          started(2, 'C:\\Users\\kim\\Downloads\\agent.exe', 'agent.exe', 'C:\\Windows\\explorer.exe'),
          windows(30, 1117, 'Defender', {
            Path: 'file:_C:\\Users\\kim\\Downloads\\agent.exe',
            ActionName: 'Quarantine',
            ErrorCode: '0x00000000',
          }),
        ],
      },
      expect: null,
    },
    {
      name: 'found, and removal failed',
      of: {
        kind: 'rule',
        title: 'Malware found',
        targetName: HOST,
        own: [windows(0, 1116, 'Defender', { Path: 'file:_C:\\a\\b.exe' })],
        after: [windows(5, 1119, 'Defender', { Path: 'file:_C:\\a\\b.exe', ActionName: 'Quarantine', ErrorCode: '0x80070005' })],
      },
      expect: null,
    },
    {
      name: 'a behaviour was seen: it ran',
      of: {
        kind: 'rule',
        title: 'Malware found',
        targetName: HOST,
        own: [windows(0, 1116, 'Defender', { ThreatName: 'Behavior:Win32/Y', Path: 'behavior:_pid:4412' })],
        after: [
          windows(5, 1117, 'Defender', {
            ThreatName: 'Behavior:Win32/Y',
            Path: 'behavior:_pid:4412',
            ActionName: 'Remove',
            ErrorCode: '0x0',
          }),
        ],
      },
      expect: null,
    },
    {
      name: 'another file was removed, and a user allowed one',
      of: {
        title: 'Malware downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/get/agent.exe')],
        after: [
          windows(3, 1117, 'Defender', { Path: 'file:_C:\\old\\tool.exe', ActionName: 'Quarantine', ErrorCode: '0x0' }),
          windows(4, 1117, 'Defender', {
            Path: 'file:_C:\\Users\\kim\\Downloads\\agent.exe',
            ActionName: 'Allow',
            ErrorCode: '0x0',
          }),
        ],
      },
      expect: null,
    },
  ],
})
