import type { CaseEvent, ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { decisionOf } from '../reading/device-decisions.ts'
import { ownFlows, sidesOf } from '../reading/flows.ts'
import { onceEach } from '../reading/once-each.ts'
import { citesOf, eventsOf, listOf, textOf } from '../reading/values.ts'

/** Microseconds between an alert and what the device says of the same packet. */
const NEAR = 5_000_000

/** The device says that it let this one not through. */
const isStopped = onceEach(saysStopped)

function saysStopped(event: CaseEvent): boolean {
  const { fields, format, type } = event
  if (format === 'eve') {
    if (type === 'drop') return true
    if (type !== 'alert') return false
    return (
      textOf(fields, 'action') === 'blocked' ||
      textOf(fields, 'verdict.action') === 'drop' ||
      listOf(fields, 'verdict.reject').length > 0
    )
  }
  return decisionOf(event)?.let === false
}

const keyOf = (event: CaseEvent): string => {
  const { client, server } = sidesOf(event)
  return `${client.ip} ${client.port} ${server.ip} ${server.port}`
}

/** Something of the target came back: then it was not stopped, whatever was written. */
function wasAnswered(of: ImpactCase): boolean {
  const own = of.exchanges.filter((exchange) => exchange.own)
  if (own.some(({ status }) => status !== null)) return true
  // Earlier requests of a flow may have been answered before the one that was stopped.
  if (of.exchanges.some((exchange) => !exchange.own && exchange.status !== null)) return false
  if (of.conversations.some(({ answered }) => answered.text !== '')) return true
  return ownFlows(of).some(
    ({ answered, received, packetsReceived }) => answered === true && (received ?? 0) > (packetsReceived ?? 0) * 74 + 40,
  )
}

export default defineImpactTest({
  id: 'denied-by-device',
  family: 'answer',
  title: { en: 'A device on the way stopped it', ko: '경로상 장비 차단' },
  reasoning: {
    en: 'Where an inline IDS or a firewall says that it dropped every packet of the alert, and nothing of the target came back, the target never had it.',
    ko: '인라인 IDS나 방화벽이 경보의 모든 패킷을 차단했다고 기록하고 대상의 응답이 없으면 대상에 도달하지 않은 것입니다.',
  },
  spec: 'https://docs.suricata.io/en/latest/output/eve/eve-json-format.html#event-type-alert',
  appliesTo:
    'Alerts between two hosts: EVE `blocked`, `drop` and verdicts, denials of firewalls for the same addresses, ports and time.',
  reads: ['own', 'flow', 'before', 'after', 'exchanges', 'conversations'],
  applies: ({ own }) => own.length > 0,
  test(of) {
    const denials = eventsOf(of.before, of.flow, of.after).filter(isStopped)
    const byKey = new Map<string, CaseEvent[]>()
    for (const denial of denials) byKey.set(keyOf(denial), [...(byKey.get(keyOf(denial)) ?? []), denial])
    const said: CaseEvent[] = []
    for (const event of of.own) {
      if (textOf(event.fields, 'dst.ip') === '') return null
      const stopped = isStopped(event) ? event : byKey.get(keyOf(event))?.find(({ time }) => Math.abs(time - event.time) <= NEAR)
      if (stopped === undefined) return null
      said.push(stopped)
    }
    if (wasAnswered(of)) return null
    const device = said.map((event) => decisionOf(event)?.device ?? '').find((name) => name !== '') ?? 'IDS'
    return {
      result: 'blocked',
      confidence: said.every(({ format }) => format === 'eve') ? 0.95 : 0.9,
      reason: {
        en: `All ${said.length} were stopped on the way, and the target answered nothing: ${device}`,
        ko: `${said.length}건이 모두 경로에서 차단되었고 대상의 응답이 없습니다. 장비: ${device}`,
      },
      cites: citesOf(said.map(({ id }) => id)),
    }
  },
  examples: [
    {
      name: 'an inline sensor blocked it, and nothing came back',
      of: {
        title: 'SMB probe from outside',
        own: [
          {
            type: 'alert',
            fields: {
              action: 'blocked',
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
            },
          },
        ],
        flow: [
          {
            at: 60,
            type: 'flow',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 445,
              'net.transport': 'tcp',
              'src.packets': 2,
              'dst.packets': 0,
              'dst.bytes': 0,
              'flow.state': 'new',
            },
          },
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'a firewall dropped the same packets',
      of: {
        title: 'Probe for telnet',
        own: [
          {
            type: 'alert',
            fields: { action: 'allowed', 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 23 },
          },
        ],
        after: [
          {
            at: 0.1,
            type: 'kernel',
            format: 'syslog-3164',
            fields: {
              'log.program': 'kernel',
              message: '[FW DROP] IN=igb0 OUT=igb2',
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 23,
            },
          },
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'said to be blocked, and answered all the same',
      of: {
        title: 'JNDI lookup in User-Agent header',
        own: [
          {
            type: 'alert',
            fields: { action: 'blocked', 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 80 },
          },
        ],
        exchanges: [{ url: '/', status: 404 }],
      },
      expect: null,
    },
    {
      name: 'one of two was let through',
      of: {
        title: 'SQL injection',
        own: [
          {
            type: 'alert',
            fields: { action: 'blocked', 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 80 },
          },
          {
            at: 1,
            type: 'alert',
            fields: { action: 'allowed', 'src.ip': '203.0.113.9', 'src.port': 4001, 'dst.ip': '10.1.2.3', 'dst.port': 80 },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'a firewall dropped another flow',
      of: {
        title: 'Probe for telnet',
        own: [
          {
            type: 'alert',
            fields: { action: 'allowed', 'src.ip': '203.0.113.9', 'src.port': 4000, 'dst.ip': '10.1.2.3', 'dst.port': 80 },
          },
        ],
        after: [
          {
            at: 0.1,
            type: 'deny',
            format: 'cef',
            fields: { action: 'deny', 'src.ip': '203.0.113.9', 'src.port': 4001, 'dst.ip': '10.1.2.3', 'dst.port': 23 },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'the flow carried an answer behind it',
      of: {
        title: 'Exploit of a web server',
        own: [
          {
            type: 'alert',
            fields: {
              action: 'blocked',
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 80,
              'net.transport': 'tcp',
            },
          },
        ],
        flow: [
          {
            at: 9,
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 4000,
              'dst.ip': '10.1.2.3',
              'dst.port': 80,
              'net.transport': 'tcp',
              'flow.state': 'SF',
              'dst.bytes': 5120,
              'dst.packets': 6,
            },
          },
        ],
      },
      expect: null,
    },
  ],
})
