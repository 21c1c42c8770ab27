import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { callsOut, endText, isHousekeeping, type FlowSeen } from '../reading/flows.ts'
import { alerted, conn } from '../reading/made-records.ts'
import { citesOf } from '../reading/values.ts'

const MUCH = 10_000_000
const MUCH_TO_ATTACKER = 1_000_000

export default defineImpactTest({
  id: 'unusual-volume-out',
  family: 'next',
  title: { en: 'Much data goes to a new place', ko: '새 주소로 대량 전송' },
  reasoning: {
    en: 'Servers send much to those who ask and little to those they call; megabytes to a new address after an attack are what it came for.',
    ko: '서버가 먼저 연결한 곳으로 보내는 데이터는 적습니다. 공격 뒤 새 주소로 대량의 데이터가 나가면 공격의 목적일 가능성이 큽니다.',
  },
  spec: 'https://attack.mitre.org/tactics/TA0010/',
  appliesTo: 'Attacks that, if they work, give power over the host: bytes that it sent to outside addresses that are new.',
  reads: ['own', 'flow', 'after', 'knownPeers', 'attacker', 'target'],
  applies: (of) => of.target.ip !== null && mayFollow(of),
  test(of) {
    const { isOurs, knownPeers, attacker, target } = of
    const sums = new Map<string, { sent: number; received: number; calls: FlowSeen[] }>()
    for (const call of callsOut(of)) {
      const { server, sent, received } = call
      if (isOurs(server.ip) || knownPeers.has(server.ip) || isHousekeeping(call) || server.port === 25 || server.port === 587)
        continue
      if (call.answered === false) continue
      const sum = sums.get(server.ip) ?? { sent: 0, received: 0, calls: [] }
      sum.sent += sent ?? 0
      sum.received += received ?? 0
      sum.calls.push(call)
      sums.set(server.ip, sum)
    }
    for (const [ip, { sent, received, calls }] of [...sums].sort((a, b) => b[1].sent - a[1].sent)) {
      const attackers = ip === attacker.ip
      if (sent < (attackers ? MUCH_TO_ATTACKER : MUCH) || sent < 3 * received) continue
      const megabytes = Math.round(sent / 100_000) / 10
      return {
        result: 'likely',
        confidence: attackers ? 0.85 : 0.65,
        reason: {
          en: `${target.ip} sent ${megabytes} MB to ${endText(calls[0]!.server)}, where it had never called before.`,
          ko: `표적이 처음 보는 주소로 ${megabytes} MB를 보냈습니다. ${target.ip} → ${endText(calls[0]!.server)}`,
        },
        cites: citesOf(calls.flatMap(({ events }) => events)),
      }
    }
    return null
  },
  examples: [
    {
      name: 'forty megabytes to somewhere new',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [conn(600, { to: '198.51.100.7', port: 8080, sent: 40_000_000 })],
      },
      expect: 'likely',
    },
    {
      name: 'in pieces, to the attacker',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [1, 2, 3].map((n) => conn(n * 100, { port: 443, sent: 500_000, fromPort: 50_000 + n })),
      },
      expect: 'likely',
    },
    {
      name: 'the nightly backup to where it always goes',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [conn(600, { to: '198.51.100.7', port: 443, sent: 900_000_000 })],
        knownPeers: ['198.51.100.7'],
      },
      expect: null,
    },
    {
      name: 'an update: much comes, little goes',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [conn(600, { to: '198.51.100.7', port: 443, sent: 12_000_000, received: 300_000_000 })],
      },
      expect: null,
    },
    {
      name: 'a visitor fetches a film',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        after: [conn(60, { from: '203.0.113.80', fromPort: 51_000, to: '10.1.2.3', port: 443, received: 700_000_000 })],
      },
      expect: null,
    },
    {
      name: 'mail, and the backup inside',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [
          conn(60, { to: '198.51.100.25', port: 25, sent: 30_000_000 }),
          conn(90, { to: '10.1.0.30', port: 873, sent: 800_000_000 }),
        ],
      },
      expect: null,
    },
  ],
})
