import { defineImpactTest } from '../define.ts'
import { endText, flowsOf } from '../reading/flows.ts'
import { alertedOut, conn, eveFlow, TARGET } from '../reading/made-records.ts'
import { citesOf, eventsOf } from '../reading/values.ts'

/** Payload that says more than that somebody is there. */
const SAYS_SOMETHING = 64

export default defineImpactTest({
  id: 'beacon-is-answered',
  family: 'next',
  title: { en: 'Its control server answers', ko: '명령 서버의 응답' },
  reasoning: {
    en: 'A host under control calls its server again and again and is answered; where nobody answers, it gets no orders.',
    ko: '장악된 호스트는 명령 서버에 반복해서 연결하고 응답을 받습니다. 응답이 없으면 명령도 받지 못합니다.',
  },
  spec: 'https://attack.mitre.org/tactics/TA0011/',
  appliesTo: 'Command and control: flows of the target to the outside address of the alert. Names and times are read elsewhere.',
  reads: ['own', 'flow', 'before', 'after', 'exchanges', 'target', 'attacker'],
  applies: ({ attackClass, target, attacker }) =>
    attackClass === 'command_and_control' && target.ip !== null && attacker.ip !== null,
  test(of) {
    const { target, attacker, own, flow, before, after, isOurs, exchanges, complete } = of
    // A resolver or a proxy of ours answers whatever is behind it.
    if (attacker.ip === null || isOurs(attacker.ip)) return null
    const calls = flowsOf(eventsOf(before, own, flow, after)).filter(
      ({ client, server, app }) => client.ip === target.ip && server.ip === attacker.ip && server.port !== 53 && app !== 'dns',
    )
    const requested = exchanges.filter(({ server, status }) => server === attacker.ip && status !== null && status < 400)
    const answered = calls.filter(
      ({ answered: is, sent, received }) => is === true && (sent ?? 0) >= SAYS_SOMETHING && (received ?? 0) >= SAYS_SOMETHING,
    )
    const refused = calls.filter((call) => call.answered === false)
    const to = attacker.ip
    if (answered.length >= 3 || (answered.length >= 2 && requested.length >= 2))
      return {
        result: 'succeeded',
        confidence: 0.92,
        reason: {
          en: `${target.ip} called ${endText(answered[0]!.server)} ${calls.length} times and was answered with data ${answered.length} times.`,
          ko: `표적이 ${calls.length}회 연결했고 데이터가 있는 응답을 ${answered.length}회 받았습니다. ${target.ip} → ${endText(answered[0]!.server)}`,
        },
        cites: citesOf(answered.flatMap(({ events }) => events.slice(0, 2))),
      }
    const long = answered.find(({ begin, end, packetsReceived }) => end - begin >= 60_000_000 && (packetsReceived ?? 0) >= 8)
    if (answered.length > 0)
      return {
        result: 'likely',
        confidence: long !== undefined ? 0.8 : 0.65,
        reason: {
          en: `${to} answered ${target.ip} with data${long === undefined ? '' : ' over a long flow'}.`,
          ko: `외부 서버가 데이터로 응답했습니다${long === undefined ? '' : '(장시간 연결)'}. ${target.ip} → ${to}`,
        },
        cites: citesOf(answered.flatMap(({ events }) => events)),
      }
    if (calls.length > 0 && refused.length === calls.length && complete && requested.length === 0)
      return {
        result: 'failed',
        confidence: 0.85,
        reason: {
          en: `Nobody answered any of the ${calls.length} calls of ${target.ip} to ${to}.`,
          ko: `표적의 연결 ${calls.length}건에 모두 응답이 없습니다. ${target.ip} → ${to}`,
        },
        cites: citesOf(refused.flatMap(({ events }) => events)),
      }
    return null
  },
  examples: [
    {
      name: 'every minute, with an answer',
      of: {
        title: 'JA3 fingerprint of a known implant, C2',
        own: [alertedOut(0)],
        after: [0, 60, 120, 180].map((at, i) => conn(at, { port: 443, fromPort: 40_123 + i })),
      },
      expect: 'succeeded',
    },
    {
      name: 'one flow that lasts',
      of: {
        title: 'C2 beacon',
        own: [alertedOut(0)],
        after: [conn(0, { port: 443, seconds: 900, sent: 90_000, received: 40_000 })],
      },
      expect: 'likely',
    },
    {
      name: 'resolved, and refused',
      of: {
        title: 'C2 beacon',
        own: [alertedOut(0)],
        after: [0, 60, 120].map((at, i) => eveFlow(at, { port: 443, fromPort: 40_123 + i, state: 'new' })),
      },
      expect: 'failed',
    },
    {
      name: 'one refused and one that no sensor saw to its end',
      of: {
        title: 'C2 beacon',
        own: [alertedOut(0)],
        after: [
          conn(0, { port: 443, state: 'REJ' }),
          { at: 60, type: 'tls', fields: { 'src.ip': TARGET, 'src.port': 50_000, 'dst.ip': '203.0.113.9', 'dst.port': 443 } },
        ],
      },
      expect: null,
    },
    {
      name: 'a name is asked for: the resolver of ours answers',
      of: {
        title: 'DNS query for dynamic-DNS domain, C2',
        attacker: '10.1.0.53',
        own: [alertedOut(0, { 'dst.ip': '10.1.0.53', 'dst.port': 53, 'net.transport': 'udp' })],
        after: [0, 1, 2, 3].map((at) => conn(at, { to: '10.1.0.53', port: 53, transport: 'udp', fromPort: 41_000 + at })),
      },
      expect: null,
    },
    {
      name: 'answered without a word',
      of: {
        title: 'C2 beacon',
        own: [alertedOut(0)],
        after: [0, 60, 120, 180].map((at, i) => conn(at, { port: 443, fromPort: 40_123 + i, sent: 0, received: 0 })),
      },
      expect: null,
    },
  ],
})
