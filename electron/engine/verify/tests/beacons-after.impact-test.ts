import { defineImpactTest } from '../define.ts'
import { AT_ONCE, laterThan, mayFollow } from '../reading/attribution.ts'
import { callsOut, endText, isHousekeeping, targetCalled, type FlowSeen } from '../reading/flows.ts'
import { alerted, conn } from '../reading/made-records.ts'
import { citesOf, secondsText } from '../reading/values.ts'

const LEAST_CALLS = 5
const SHORTEST = 2_000_000
/** Mean distance from the middle period, as a part of it. */
const MOST_JITTER = 0.25

export default defineImpactTest({
  id: 'beacons-after',
  family: 'next',
  title: { en: 'Regular calls to a new place', ko: '새 주소로 주기적 연결' },
  reasoning: {
    en: 'Implants ask for orders in a steady rhythm; a rhythm that begins after the attack, to a place that is new, is theirs.',
    ko: '악성 코드는 일정한 주기로 명령을 요청합니다. 공격 뒤 새 주소로 시작된 주기적 연결은 악성 코드의 것으로 봅니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1071/',
  appliesTo: 'Attacks that, if they work, run something: five calls and more of the target to one new outside address and port.',
  reads: ['own', 'flow', 'after', 'knownPeers', 'attacker', 'target'],
  applies: (of) => of.target.ip !== null && mayFollow(of),
  test(of) {
    const { knownPeers, isOurs, attacker, target } = of
    const groups = new Map<string, FlowSeen[]>()
    for (const call of callsOut(of)) {
      if (isOurs(call.server.ip) || knownPeers.has(call.server.ip) || isHousekeeping(call) || call.answered === false) continue
      const key = endText(call.server)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [call])
      else group.push(call)
    }
    for (const [to, calls] of groups) {
      const rhythm = rhythmOf(calls)
      if (rhythm === null) continue
      const attackers = calls[0]!.server.ip === attacker.ip && !targetCalled(of) && laterThan(of, calls[0]!.begin) <= AT_ONCE
      return {
        result: attackers ? 'succeeded' : 'likely',
        confidence: attackers ? 0.93 : 0.8,
        reason: {
          en: `${target.ip} called ${to} ${calls.length} times, every ${secondsText(rhythm.period)} s (±${Math.round(rhythm.jitter * 100)} %).`,
          ko: `표적이 같은 주소로 ${calls.length}회 연결했습니다. 주기 ${secondsText(rhythm.period)}초(±${Math.round(rhythm.jitter * 100)} %), ${target.ip} → ${to}`,
        },
        cites: citesOf(calls.flatMap(({ events }) => events.slice(0, 1))),
      }
    }
    return null
  },
  examples: [
    {
      name: 'a minute, give or take a little',
      of: {
        title: 'PHP file uploaded through a web form',
        own: [alerted(0)],
        after: [20, 80, 143, 201, 262, 320].map((at, i) => conn(at, { to: '198.51.100.7', port: 443, fromPort: 50_000 + i })),
      },
      expect: 'likely',
    },
    {
      name: 'to the attacker',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [10, 20, 30, 40, 50].map((at, i) => conn(at, { port: 8080, fromPort: 50_000 + i })),
      },
      expect: 'succeeded',
    },
    {
      name: 'an agent that has always reported',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [20, 80, 140, 200, 260, 320].map((at, i) => conn(at, { to: '198.51.100.7', port: 443, fromPort: 50_000 + i })),
        knownPeers: ['198.51.100.7'],
      },
      expect: null,
    },
    {
      name: 'no rhythm',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [3, 4, 90, 91, 400, 1200].map((at, i) => conn(at, { to: '198.51.100.7', port: 443, fromPort: 50_000 + i })),
      },
      expect: null,
    },
    {
      name: 'four calls are too few, and one flow seen by two sensors is one',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [20, 80, 140, 200].flatMap((at, i) => [
          conn(at, { to: '198.51.100.7', port: 443, fromPort: 50_000 + i }),
          { ...conn(at, { to: '198.51.100.7', port: 443, fromPort: 50_000 + i }), source: 'second' },
        ]),
      },
      expect: null,
    },
    {
      name: 'time and names',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [20, 84, 148, 212, 276].map((at) =>
          conn(at, { to: '198.51.100.123', port: 123, transport: 'udp', fromPort: 123 }),
        ),
      },
      expect: null,
    },
    {
      name: 'calls that nobody answers: the block holds',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [20, 80, 140, 200, 260].map((at, i) =>
          conn(at, { to: '198.51.100.7', port: 443, state: 'S0', fromPort: 50_000 + i }),
        ),
      },
      expect: null,
    },
  ],
})

/** Null where there are too few or no rhythm. */
function rhythmOf(calls: readonly FlowSeen[]): { readonly period: number; readonly jitter: number } | null {
  if (calls.length < LEAST_CALLS) return null
  const gaps = calls.slice(1).map(({ begin }, i) => begin - calls[i]!.begin)
  const period = gaps.toSorted((a, b) => a - b)[gaps.length >> 1]!
  if (period < SHORTEST) return null
  const jitter = gaps.reduce((sum, gap) => sum + Math.abs(gap - period), 0) / gaps.length / period
  return jitter <= MOST_JITTER ? { period, jitter } : null
}
