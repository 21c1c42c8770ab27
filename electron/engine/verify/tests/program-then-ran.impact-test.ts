import { defineImpactTest } from '../define.ts'
import { givesPower } from '../reading/attribution.ts'
import { execve, fileinfo, HOST, started, TARGET } from '../reading/made-records.ts'
import { startsAfter } from '../reading/programs.ts'
import { kindOfFile, transfersOf } from '../reading/transfers.ts'
import { baseName, citesOf, eventsOf } from '../reading/values.ts'

/** Many files have these names: only the hash tells whether it is the same. */
const COMMON =
  /^(?:setup|install(?:er)?|update[r]?|index|main|run|start|test|a|file|download|sh|bash|python3?|svchost|cmd|powershell|explorer|java)(?:\.[a-z0-9]{1,4})?$/

export default defineImpactTest({
  id: 'program-then-ran',
  family: 'next',
  title: { en: 'What was transferred is started', ko: '전송된 파일 실행' },
  reasoning: {
    en: 'A file that came over the network and is then started, by its hash or its own name, has been run.',
    ko: '네트워크로 받은 파일과 같은 해시 또는 이름의 프로그램이 이후 실행되면 그 파일이 실행된 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1204/002/',
  appliesTo: 'Attacks with a file to the target, where sensors saw the file and the host records starts of programs.',
  reads: ['own', 'flow', 'after', 'target', 'asset'],
  applies: (of) => of.target.ip !== null && givesPower(of),
  test(of) {
    const files = transfersOf(eventsOf(of.own, of.flow, of.after)).filter(
      (file) => file.to === of.target.ip && file.whole !== false && file.time >= of.alert.first - 60_000_000,
    )
    if (files.length === 0) return null
    const own = new Set([...of.own, ...of.flow].map(({ id }) => id))
    let named: { readonly name: string; readonly events: readonly string[]; readonly own: boolean } | null = null
    for (const start of startsAfter(of)) {
      if (start.refused) continue
      for (const file of files) {
        if (file.time > start.time + 1_000_000) continue
        const isOwn = file.events.some((id) => own.has(id))
        const name = baseName((file.name || file.url).split(/[?#]/, 1)[0] ?? '')
        if (file.hashes.some((hash) => hash.length >= 32 && start.hashes.includes(hash)))
          // A program that came by another way than this alert's is no proof of this one.
          return {
            result: isOwn ? 'succeeded' : 'likely',
            confidence: isOwn ? 0.97 : 0.7,
            reason: {
              en: `${start.name} was started, and its hash is that of the file that came from ${file.from}.`,
              ko: `전송된 파일과 해시가 같은 프로그램이 실행되었습니다. 프로그램: ${start.name}, 보낸 주소: ${file.from}`,
            },
            cites: citesOf([...start.events, ...file.events]),
          }
        if (name.length < 4 || COMMON.test(name) || kindOfFile({ type: file.type, name }) === 'other') continue
        const called =
          start.name === name || start.command.toLowerCase().split(/[\s"';&|]/).some((word) => baseName(word) === name) // prettier-ignore
        const elsewhere = start.hashes.some((hash) => file.hashes.some((other) => other.length === hash.length && other !== hash))
        if (called && !(start.name === name && elsewhere))
          named ??= { name, events: [...start.events, ...file.events], own: isOwn }
      }
    }
    if (named === null) return null
    return {
      result: named.own ? 'succeeded' : 'likely',
      confidence: named.own ? 0.93 : 0.6,
      reason: {
        en: `${named.name}, which had come over the network, was started afterwards.`,
        ko: `네트워크로 받은 파일이 이후 실행되었습니다. 파일: ${named.name}`,
      },
      cites: citesOf(named.events),
    }
  },
  examples: [
    {
      name: 'by its hash, under another name',
      of: {
        title: 'Trojan downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/get/agent.exe', { 'file.sha256': 'ab'.repeat(32) })],
        after: [
          started(9, 'C:\\Windows\\msupd.exe', 'msupd.exe', 'C:\\Windows\\services.exe', { 'file.sha256': 'ab'.repeat(32) }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a script by its name',
      of: {
        title: 'Malware dropper fetched',
        targetName: HOST,
        own: [fileinfo(0, '/kinsing.sh', { 'file.type': 'text/x-shellscript' })],
        after: execve(3, 1, 'sh /tmp/kinsing.sh'),
      },
      expect: 'succeeded',
    },
    {
      name: 'setup.exe of another hash',
      of: {
        title: 'Trojan downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/setup.exe', { 'file.sha256': 'ab'.repeat(32) })],
        after: [started(9, 'C:\\Temp\\setup.exe', 'setup.exe', 'C:\\Windows\\explorer.exe', { 'file.sha256': 'cd'.repeat(32) })],
      },
      expect: null,
    },
    {
      name: 'started before it came',
      of: {
        title: 'Trojan downloaded',
        targetName: HOST,
        own: [fileinfo(60, '/agent7.exe')],
        after: [started(9, 'C:\\Tools\\agent7.exe', 'agent7.exe', 'C:\\Windows\\explorer.exe')],
      },
      expect: null,
    },
    {
      name: 'it came to somebody else',
      of: {
        title: 'Trojan downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/agent7.exe', { 'src.ip': TARGET, 'dst.ip': '10.1.2.99' })],
        after: [started(9, 'C:\\Tools\\agent7.exe', 'agent7.exe', 'C:\\Windows\\explorer.exe')],
      },
      expect: null,
    },
    {
      name: 'a page that is called like a program',
      of: {
        title: 'Trojan downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/reader.exe', { 'file.type': 'text/html', 'http.status': 200 })],
        after: [started(9, 'C:\\Program Files\\reader.exe', 'reader.exe', 'C:\\Windows\\explorer.exe')],
      },
      expect: null,
    },
  ],
})
