import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { endText, flowsOf, ownFlows, sidesOf, type FlowSeen } from '../reading/flows.ts'
import { citesOf, eventsOf, textOf } from '../reading/values.ts'

/** Judged elsewhere, or not by whether a connection came about. */
const OTHERS = new Set<ImpactCase['attackClass']>([
  'scan',
  'denial_of_service',
  'command_and_control',
  'exfiltration',
  'log_clearing',
])

/** Nobody answered, and the client sent nothing but its wish to connect. */
const cameToNothing = ({ transport, answered, sent, packetsSent }: FlowSeen): boolean =>
  transport === 'tcp' && answered === false && (sent === null || sent === 0 || (packetsSent !== null && sent <= packetsSent * 80))

export default defineImpactTest({
  id: 'connection-refused-or-silent',
  family: 'answer',
  title: { en: 'No connection came about', ko: '연결 미성립' },
  reasoning: {
    en: 'An attack over TCP needs the target to accept the connection: where it refuses or keeps silent, nothing reached a service.',
    ko: 'TCP를 이용한 공격은 대상이 연결을 수락해야 하므로 거부하거나 응답이 없으면 서비스에 도달하지 않은 것입니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5',
  appliesTo:
    'Attacks over TCP where a sensor tells how every flow of the alert went. Not scans, floods and calls out; not UDP, which needs no answer.',
  reads: ['own', 'flow', 'after', 'exchanges', 'conversations'],
  applies: ({ own, attackClass }) => own.length > 0 && !OTHERS.has(attackClass),
  test(of) {
    const { own, alert, target, attacker } = of
    if (of.exchanges.some(({ status }) => status !== null) || of.conversations.some(({ answered }) => answered.text !== ''))
      return null
    if (own.some(({ fields }) => textOf(fields, 'http.url') !== '' || textOf(fields, 'dst.ip') === '')) return null
    const flows = ownFlows(of)
    const keys = new Set(own.map((event) => JSON.stringify(sidesOf(event))))
    const seen = new Set(flows.map(({ client, server }) => JSON.stringify({ client, server })))
    if (flows.length === 0 || [...keys].some((key) => !seen.has(key)) || !flows.every(cameToNothing)) return null
    // Tried again, and accepted then.
    const again = flowsOf(eventsOf(of.before, of.after)).some(
      (flow) =>
        flow.answered !== false && flow.client.ip === attacker.ip && flow.server.ip === target.ip && flow.server.port === flows[0]?.server.port &&
        flow.end >= alert.first - 60e6 && flow.begin <= alert.last + 60e6,
    ) // prettier-ignore
    if (again) return null
    const refused = flows.filter(({ packetsReceived }) => (packetsReceived ?? 0) > 0)
    return {
      result: 'failed',
      confidence: refused.length === flows.length ? 0.9 : 0.82,
      reason: {
        en: `No connection came about: of ${flows.length}, ${refused.length} were refused and ${flows.length - refused.length} not answered, to ${endText(flows[0]!.server)}`,
        ko: `연결이 성립하지 않았습니다. ${flows.length}건 중 거부 ${refused.length}건, 무응답 ${flows.length - refused.length}건, 대상: ${endText(flows[0]!.server)}`,
      },
      cites: citesOf(flows.flatMap(({ events }) => events)),
    }
  },
  examples: [
    {
      name: 'refused, as Zeek tells',
      of: {
        title: 'SMB exploit attempt',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 445 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
              'flow.state': 'REJ',
              'src.bytes': 0,
              'dst.bytes': 0,
              'dst.packets': 1,
            },
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'silent, as Suricata tells',
      of: {
        title: 'Login to SSH from a bad neighbourhood',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 22 } }],
        flow: [
          {
            at: 60,
            type: 'flow',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 22,
              'net.transport': 'tcp',
              'flow.state': 'new',
              'src.packets': 3,
              'src.bytes': 222,
              'dst.packets': 0,
              'dst.bytes': 0,
            },
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'the connection came about and was reset then: what was sent may have worked',
      of: {
        title: 'SMB exploit attempt',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 445 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
              'flow.state': 'RSTR',
              'src.bytes': 900,
              'dst.bytes': 0,
              'dst.packets': 2,
            },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'a sensor that sees one direction only',
      of: {
        title: 'SMB exploit attempt',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 445 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
              'flow.state': 'S0',
              'src.bytes': 4100,
              'src.packets': 9,
              'dst.bytes': 0,
              'dst.packets': 0,
            },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'one packet of UDP needs no answer',
      of: {
        title: 'Exploit of an SQL server by one packet',
        own: [
          {
            type: 'alert',
            fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 1434, 'net.transport': 'udp' },
          },
        ],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 1434,
              'net.transport': 'udp',
              'flow.state': 'S0',
              'src.bytes': 404,
              'dst.bytes': 0,
              'dst.packets': 0,
            },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'refused, and accepted a second later',
      of: {
        title: 'SMB exploit attempt',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 445 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
              'flow.state': 'REJ',
              'dst.packets': 1,
            },
          },
        ],
        after: [
          {
            at: 1,
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4001,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
              'flow.state': 'SF',
              'dst.packets': 9,
              'dst.bytes': 800,
            },
          },
        ],
      },
      expect: null,
    },
  ],
})
