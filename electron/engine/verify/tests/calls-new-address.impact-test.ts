import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { callsOut, endText, isHousekeeping, targetCalled } from '../reading/flows.ts'
import { alerted, alertedOut, conn } from '../reading/made-records.ts'
import { citesOf, eventsOf, listOf, secondsText, textOf } from '../reading/values.ts'

const SOON = 600_000_000
/** A host that calls more new addresses than these calls new addresses all day. */
const MOST = 4

export default defineImpactTest({
  id: 'calls-new-address',
  family: 'next',
  title: { en: 'The target calls where it never did', ko: '처음 보는 주소로 연결' },
  reasoning: {
    en: 'A server calls few places and always the same; a new one soon after an attack is often where the attacker waits.',
    ko: '서버가 연결하는 곳은 적고 늘 같습니다. 공격 직후의 새 주소는 공격자가 기다리는 곳인 경우가 많습니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1105/',
  appliesTo: 'Attacks on a service that, if they work, run something, where flows of the target were seen.',
  reads: ['own', 'flow', 'after', 'knownPeers', 'attackClass', 'target'],
  applies: (of) => of.target.ip !== null && mayFollow(of) && !targetCalled(of),
  test(of) {
    const { alert, knownPeers, isOurs, attacker, target } = of
    const calls = callsOut(of).filter(
      (call) =>
        !isOurs(call.server.ip) &&
        call.server.ip !== attacker.ip &&
        !knownPeers.has(call.server.ip) &&
        !isHousekeeping(call) &&
        call.server.port !== 25 &&
        call.answered !== false &&
        call.begin <= alert.last + SOON,
    )
    if (calls.length === 0 || new Set(calls.map(({ server }) => server.ip)).size > MOST) return null
    const lookups = eventsOf(of.after).filter(({ type, fields }) => type === 'dns' && textOf(fields, 'dns.query') !== '')
    const nameOf = (ip: string): string | null => {
      const found = lookups.find(({ fields }) => listOf(fields, 'dns.answers').includes(ip))
      return found === undefined ? null : textOf(found.fields, 'dns.query')
    }
    const [first] = calls.filter(({ server }) => {
      const name = nameOf(server.ip)
      return name === null || !knownPeers.has(name)
    })
    if (first === undefined) return null
    const name = nameOf(first.server.ip)
    // An address that no name led to, where names of others were looked up.
    const bare = name === null && lookups.length > 0
    const oddPort = first.server.port !== 443 && first.server.port !== 80
    const soon = first.begin - alert.first < 60_000_000 || first.begin - alert.last < 60_000_000
    return {
      result: 'likely',
      confidence: 0.35 + (bare ? 0.15 : 0) + (oddPort ? 0.15 : 0) + (soon ? 0.1 : 0),
      reason: {
        en: `${secondsText(first.begin - alert.first)} s after the attack ${target.ip} called ${endText(first.server)}${name === null ? '' : ` (${name})`}, where it had never called before.`,
        ko: `공격 후 ${secondsText(first.begin - alert.first)}초 뒤 표적이 처음 보는 주소로 연결했습니다. ${target.ip} → ${endText(first.server)}${name === null ? '' : ` (${name})`}`,
      },
      cites: citesOf(calls.flatMap(({ events }) => events)),
    }
  },
  examples: [
    {
      name: 'an odd port of an address nobody asked a name for',
      of: { title: 'Remote code execution', own: [alerted(0)], after: [conn(12, { to: '198.51.100.7', port: 8443 })] },
      expect: 'likely',
    },
    {
      name: 'a name that is new too',
      of: {
        title: 'PHP file uploaded',
        own: [alerted(0)],
        after: [
          {
            at: 9,
            type: 'dns',
            fields: { 'src.ip': '10.1.2.3', 'dns.query': 'cdn-sync.example.net', 'dns.answers': ['198.51.100.7'] },
          },
          conn(10, { to: '198.51.100.7', port: 443 }),
        ],
      },
      expect: 'likely',
    },
    {
      name: 'updates, time and names: places it knows',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [
          conn(5, { to: '198.51.100.20', port: 443 }),
          conn(6, { to: '198.51.100.21', port: 123, transport: 'udp' }),
          conn(7, { to: '198.51.100.53', port: 53, transport: 'udp' }),
        ],
        knownPeers: ['198.51.100.20'],
      },
      expect: null,
    },
    {
      name: 'a known name with a new address',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [
          {
            at: 4,
            type: 'dns',
            fields: { 'src.ip': '10.1.2.3', 'dns.query': 'update.system.example', 'dns.answers': ['198.51.100.77'] },
          },
          conn(5, { to: '198.51.100.77', port: 443 }),
        ],
        knownPeers: ['update.system.example'],
      },
      expect: null,
    },
    {
      name: 'a host that calls new places all day',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [1, 2, 3, 4, 5, 6].map((n) => conn(n, { to: `198.51.100.${n}`, port: 443, fromPort: 50_000 + n })),
      },
      expect: null,
    },
    {
      name: 'after a scan',
      of: { title: 'Port scan', own: [alerted(0)], after: [conn(12, { to: '198.51.100.7', port: 8443 })] },
      expect: null,
    },
    {
      name: 'the host was the caller all along',
      of: { title: 'Trojan checkin', own: [alertedOut(0)], after: [conn(12, { to: '198.51.100.7', port: 8443 })] },
      expect: null,
    },
  ],
})
