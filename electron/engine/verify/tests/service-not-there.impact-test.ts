import { defineImpactTest } from '../define.ts'
import { flowsOf, sidesOf, targetCalled } from '../reading/flows.ts'
import { alerted, ATTACKER, conn, TARGET } from '../reading/made-records.ts'
import { eventsOf } from '../reading/values.ts'

const service = (port: number, observed = false): { port: number; transport: string; name: string; product: string; version: string; row: string; observed: boolean } =>
  ({ port, transport: 'tcp', name: '', product: 'nginx', version: '1.26', row: 'services[0]', observed }) // prettier-ignore

export default defineImpactTest({
  id: 'service-not-there',
  family: 'target',
  title: { en: 'The target has no such service', ko: '해당 서비스 없음' },
  reasoning: {
    en: 'What an asset does not offer cannot be attacked on it; an inventory that names its services says what it offers.',
    ko: '자산이 제공하지 않는 서비스는 공격할 수 없습니다. 등록된 서비스 목록이 제공 여부를 알려 줍니다.',
  },
  spec: 'https://doi.org/10.6028/NIST.SP.800-94',
  appliesTo: 'Attacks on a port of a registered asset whose services are registered, not only observed.',
  reads: ['own', 'flow', 'before', 'after', 'exchanges', 'conversations', 'asset', 'target'],
  applies: (of) =>
    of.asset !== null && of.asset.registered && of.asset.services.some(({ observed }) => !observed) && !targetCalled(of),
  test(of) {
    const { asset, own, flow, before, after, target, exchanges, conversations, attackClass } = of
    if (asset === null || attackClass === 'scan' || attackClass === 'denial_of_service') return null
    const sides = own.map((event) => sidesOf(event).server)
    const asked = new Set(
      [...sides.map(({ port }) => port), ...(sides.length === 0 ? [target.port] : [])].filter((port) => port !== null),
    )
    if (asked.size === 0) return null
    const offered = new Set(asset.services.map(({ port }) => port))
    // A service without a port may be on any.
    if (offered.has(null) || [...asked].some((port) => offered.has(port))) return null
    if (exchanges.some(({ status, body }) => status !== null || body !== null)) return null
    if (conversations.some(({ answered }) => answered.text.length > 0)) return null
    // An inventory is behind the times where the port answers.
    const answers = flowsOf(eventsOf(before, own, flow, after)).some(
      ({ server, answered }) => server.ip === target.ip && server.port !== null && asked.has(server.port) && answered !== false,
    )
    if (answers) return null
    const ports = [...asked].slice(0, 8).join(', ')
    return {
      result: 'failed',
      confidence: 0.7,
      reason: {
        en: `${asset.name} has no service on port ${ports}, by its registered services.`,
        ko: `등록된 서비스 목록에 해당 포트가 없습니다. 자산 ${asset.name}, 포트 ${ports}`,
      },
      cites: [{ kind: 'asset', asset: asset.id, row: 'services' }],
    }
  },
  examples: [
    {
      name: 'SMB to a web server',
      of: { title: 'SMB exploit', asset: { services: [service(443)] }, own: [alerted(0, { 'dst.port': 445 })] },
      expect: 'failed',
    },
    {
      name: 'refused too',
      of: {
        title: 'SMB exploit',
        asset: { services: [service(443)] },
        own: [alerted(0, { 'dst.port': 445 })],
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445, state: 'REJ' })],
      },
      expect: 'failed',
    },
    {
      name: 'the inventory is old: the port answers',
      of: {
        title: 'SMB exploit',
        asset: { services: [service(443)] },
        own: [alerted(0, { 'dst.port': 445 })],
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445 })],
      },
      expect: null,
    },
    {
      name: 'the service is there',
      of: { title: 'SQL injection', asset: { services: [service(80)] }, own: [alerted(0)] },
      expect: null,
    },
    {
      name: 'services that were only observed',
      of: { title: 'SMB exploit', asset: { services: [service(443, true)] }, own: [alerted(0, { 'dst.port': 445 })] },
      expect: null,
    },
    {
      name: 'the alert is on what the server sent: the port of the target is the source',
      of: {
        title: 'Command output in a reply, code execution',
        asset: { services: [service(80)] },
        own: [
          alerted(0, { 'src.ip': TARGET, 'src.port': 80, 'dst.ip': ATTACKER, 'dst.port': 40_000, 'net.direction': 'to_client' }),
        ],
      },
      expect: null,
    },
  ],
})
