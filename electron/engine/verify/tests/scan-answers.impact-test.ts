import { defineImpactTest } from '../define.ts'
import { flowsOf, sidesOf, type FlowSeen } from '../reading/flows.ts'
import { isRefusal } from '../reading/refusals.ts'
import { citesOfAll, ownRequests } from '../reading/requests.ts'
import { citesOf, eventsOf, textOf } from '../reading/values.ts'

/** Microseconds that a scan goes on around what an alert was raised on. */
const AROUND = 600_000_000
/** As many events between the two as are gathered: with that many there were more. */
const MANY = 200

export default defineImpactTest({
  id: 'scan-answers',
  family: 'answer',
  title: { en: 'What the scan was answered', ko: '스캔에 대한 응답' },
  reasoning: {
    en: 'A scan learns what answers it: where everything refuses or keeps silent it learnt nothing. What it learns is no intrusion.',
    ko: '스캔은 응답을 통해 정보를 얻으며, 모두 거부하거나 응답하지 않으면 얻은 것이 없습니다. 얻은 정보가 있어도 침입은 아닙니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1046/',
  appliesTo: 'Scans of ports, hosts and paths.',
  reads: ['own', 'flow', 'before', 'after', 'exchanges'],
  applies: ({ attackClass }) => attackClass === 'scan',
  test(of) {
    const { alert, attacker, own } = of
    const found = ownRequests(of).filter(({ status }) => status !== null && status < 400)
    const [path] = found
    if (path !== undefined)
      return {
        result: 'attempted',
        confidence: 0.6,
        reason: {
          en: `The scan found something: ${new Set(found.map((one) => one.path)).size} paths, among them ${path.path} (HTTP ${path.status ?? '?'}).`,
          ko: `스캔이 찾은 경로가 있습니다: ${new Set(found.map((one) => one.path)).size}개, 예: ${path.path} (HTTP ${path.status ?? '?'})`,
        },
        cites: citesOfAll(found),
      }
    if (attacker.ip === null || of.exchanges.some(({ own: isOwn, status }) => isOwn && !isRefusal(status))) return null
    const flows = flowsOf(eventsOf(of.before, own, of.flow, of.after)).filter(
      ({ client, begin }) => client.ip === attacker.ip && begin >= alert.first - AROUND && begin <= alert.last + AROUND,
    )
    const open = flows.filter(({ answered }) => answered === true)
    if (open.length > 0) {
      const places = [...new Set(open.map(placeOf))]
      return {
        result: 'attempted',
        confidence: 0.6,
        reason: {
          en: `${places.length} of ${new Set(flows.map(placeOf)).size} places that were tried answered: ${places.slice(0, 8).join(', ')}`,
          ko: `시도한 ${new Set(flows.map(placeOf)).size}곳 중 ${places.length}곳이 응답했습니다: ${places.slice(0, 8).join(', ')}`,
        },
        cites: citesOf(open.flatMap(({ events }) => events)),
      }
    }
    // By exchanges it is judged elsewhere; and all of it must have been seen.
    if (
      flows.length === 0 ||
      of.exchanges.length > 0 ||
      flows.some(({ answered }) => answered === null) ||
      of.before.length >= MANY
    )
      return null
    const seen = new Set(flows.map(({ client, server }) => JSON.stringify({ client, server })))
    if (
      own.some(
        (event) =>
          textOf(event.fields, 'dst.ip') === '' ||
          !(seen.has(JSON.stringify(sidesOf(event))) || sidesOf(event).client.port === null),
      )
    )
      return null
    return {
      result: 'failed',
      confidence: 0.82,
      reason: {
        en: `Nothing answered the scan: ${flows.length} of ${flows.length} were refused or not answered.`,
        ko: `스캔에 응답한 곳이 없습니다. ${flows.length}건이 모두 거부되었거나 응답이 없습니다.`,
      },
      cites: citesOf(flows.flatMap(({ events }) => events)),
    }
  },
  examples: [
    {
      name: 'ports, all refused',
      of: {
        title: 'Vertical port scan',
        own: [conn(0, 22, 'REJ'), conn(1, 23, 'REJ')],
        after: [conn(2, 25, 'S0'), conn(3, 3389, 'REJ')],
      },
      expect: 'failed',
    },
    {
      name: 'two of four answered',
      of: {
        title: 'Vertical port scan',
        own: [conn(0, 22, 'REJ'), conn(1, 80, 'RSTO')],
        after: [conn(2, 443, 'SF'), conn(3, 3389, 'S0')],
      },
      expect: 'attempted',
    },
    {
      name: 'a path was found among others that are not there',
      of: {
        title: 'Directory brute force scan',
        exchanges: [
          { url: '/old', status: 404 },
          { url: '/admin', status: 200 },
          { url: '/x', status: 404 },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'only an alert, no flow',
      of: {
        title: 'Port scan',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 22 } }],
      },
      expect: null,
    },
    {
      name: 'one flow went unseen',
      of: {
        title: 'Port scan',
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 8080 } }],
        flow: [conn(0, 22, 'REJ')],
      },
      expect: null,
    },
  ],
})

function placeOf({ server, transport }: FlowSeen): string {
  return server.port === null || transport === 'icmp' ? server.ip : String(server.port)
}

function conn(at: number, port: number, state: string) {
  return {
    at,
    type: 'conn',
    format: 'zeek-json',
    fields: {
      'src.ip': '203.0.113.9',
      'src.port': 40_000 + port,
      'dst.ip': '10.1.2.3',
      'dst.port': port,
      'net.transport': 'tcp',
      'flow.state': state,
    },
  }
}
