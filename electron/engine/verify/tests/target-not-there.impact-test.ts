import { defineImpactTest } from '../define.ts'
import { flowsOf } from '../reading/flows.ts'
import { alerted, ATTACKER, conn, eveFlow, TARGET } from '../reading/made-records.ts'
import { citesOf, eventsOf, isRecordOf, plainAddress, textOf } from '../reading/values.ts'

export default defineImpactTest({
  id: 'target-not-there',
  family: 'target',
  title: { en: 'Nobody has this address', ko: '존재하지 않는 표적' },
  reasoning: {
    en: 'An address that answers nothing, says nothing and is in no inventory has nobody behind it who could be attacked.',
    ko: '응답도 통신 기록도 없고 자산 목록에도 없는 주소에는 공격받을 호스트가 없습니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc1122#section-3.2.2.1',
  appliesTo: 'Attacks over TCP on an address of ours without a registered asset, where flow records were seen.',
  reads: ['own', 'flow', 'before', 'after', 'exchanges', 'conversations', 'asset', 'target'],
  applies: ({ target, asset, isOurs }) => target.ip !== null && isOurs(target.ip) && asset === null,
  test(of) {
    const { own, flow, before, after, target, attacker, exchanges, conversations, complete } = of
    if (exchanges.some(({ status }) => status !== null) || conversations.some(({ answered }) => answered.text.length > 0))
      return null
    const events = eventsOf(before, own, flow, after)
    const flows = flowsOf(events)
    const tried = flows.filter(({ client, server }) => client.ip === attacker.ip && server.ip === target.ip)
    if (tried.length === 0 || tried.some(({ transport, answered }) => transport !== 'tcp' || answered !== false)) return null
    // A reset, even a refusal, is a sign of life; data without a handshake means that only one side was seen.
    if (flows.some(({ server, packetsReceived }) => server.ip === target.ip && (packetsReceived ?? 0) > 0)) return null
    if (tried.some(({ sent, packetsSent }) => (sent ?? 0) > (packetsSent ?? 1) * 90)) return null
    const alive = events.some(
      (event) =>
        plainAddress(textOf(event.fields, 'src.ip')) === target.ip && textOf(event.fields, 'net.direction') !== 'to_server',
    )
    if (
      alive ||
      events.some((event) => textOf(event.fields, 'host.name') !== '' && isRecordOf(event, target) && target.name !== null)
    )
      return null
    const unreachable = events.find(
      ({ fields }) => /^(?:icmp|ipv6-icmp)/.test(textOf(fields, 'net.transport')) && textOf(fields, 'icmp_type') === '3' && textOf(fields, 'icmp_code') === '1',
    ) // prettier-ignore
    if (!complete) return null
    return {
      result: 'failed',
      confidence: unreachable !== undefined ? 0.85 : 0.65,
      reason: {
        en: `${target.ip} answered none of ${tried.length} connections and was not seen in this time; no asset has this address.`,
        ko: `연결 ${tried.length}건에 응답이 없고 통신 기록과 등록 자산도 없습니다. 주소 ${target.ip}`,
      },
      cites: citesOf([...tried.flatMap(({ events: ids }) => ids), ...(unreachable === undefined ? [] : [unreachable.id])]),
    }
  },
  examples: [
    {
      name: 'three connections into nothing',
      of: {
        title: 'SMB exploit',
        flow: [0, 1, 2].map((at) => conn(at, { from: ATTACKER, fromPort: 40_000 + at, to: TARGET, port: 445, state: 'S0' })),
      },
      expect: 'failed',
    },
    {
      name: 'as Suricata tells it',
      of: {
        title: 'SMB exploit',
        flow: [eveFlow(60, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445, state: 'new' })],
      },
      expect: 'failed',
    },
    {
      name: 'refused: somebody is there',
      of: { title: 'SMB exploit', flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445, state: 'REJ' })] },
      expect: null,
    },
    {
      name: 'silent here, but it talks to others',
      of: {
        title: 'SMB exploit',
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445, state: 'S0' })],
        after: [conn(9, { to: '10.1.0.53', port: 53, transport: 'udp' })],
      },
      expect: null,
    },
    {
      name: 'only one side is seen: the client sends on without a handshake',
      of: {
        title: 'SMB exploit',
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445, state: 'S0', sent: 4000 })],
      },
      expect: null,
    },
    {
      name: 'one packet of UDP is enough, answered or not',
      of: {
        title: 'Exploit over UDP',
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 161, transport: 'udp', state: 'S0' })],
      },
      expect: null,
    },
    {
      name: 'a registered asset',
      of: {
        title: 'SMB exploit',
        asset: { name: 'file-01' },
        own: [alerted(0)],
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 445, state: 'S0' })],
      },
      expect: null,
    },
  ],
})
