import { defineImpactTest } from '../define.ts'
import { figure } from '../reading/figures.ts'
import { endText, flowsOf } from '../reading/flows.ts'
import { alertedOut, conn, fileinfo, TARGET } from '../reading/made-records.ts'
import { transfersOf } from '../reading/transfers.ts'
import { citesOf, eventsOf } from '../reading/values.ts'

const SOME = 10_000

export default defineImpactTest({
  id: 'data-left',
  family: 'next',
  title: { en: 'The data has left', ko: '데이터 유출 완료' },
  reasoning: {
    en: 'What was sent whole and taken in order is outside; a refusal after the last byte takes nothing back.',
    ko: '끝까지 전송되어 정상 종료된 데이터는 외부로 나간 것입니다. 전송 뒤의 거부로는 되돌릴 수 없습니다.',
  },
  spec: 'https://attack.mitre.org/tactics/TA0010/',
  appliesTo:
    'Exfiltration: bytes of the target to the outside address of the alert, how the flow ended, what HTTP answered, files that were seen whole.',
  reads: ['own', 'flow', 'after', 'exchanges', 'target', 'attacker'],
  applies: ({ attackClass, target, attacker, isOurs }) =>
    attackClass === 'exfiltration' && target.ip !== null && attacker.ip !== null && !isOurs(attacker.ip),
  test(of) {
    const { target, attacker, own, flow, after, exchanges, complete } = of
    const events = eventsOf(own, flow, after)
    const calls = flowsOf(events).filter(
      ({ client, server, app }) => client.ip === target.ip && server.ip === attacker.ip && server.port !== 53 && app !== 'dns',
    )
    const sent = calls.filter(
      (call) => call.answered === true && (call.sent ?? 0) >= SOME && (call.sent ?? 0) > (call.received ?? 0),
    )
    const taken = exchanges.filter(
      ({ client, server, method, status }) =>
        client === target.ip && server === attacker.ip && /^(?:PUT|POST|PATCH)$/.test(method) && status !== null && status >= 200 && status < 300,
    ) // prettier-ignore
    const files = transfersOf(events).filter(
      (file) => file.from === target.ip && file.to === attacker.ip && file.whole === true && (file.size ?? 0) >= 1000,
    )
    const accepted = files.find(({ status }) => status !== null && status >= 200 && status < 300)
    const whole = sent.find(({ ended }) => ended === 'closed')
    const most = sent.toSorted((a, b) => (b.sent ?? 0) - (a.sent ?? 0))[0]
    if (
      accepted !== undefined ||
      (whole !== undefined && (taken.length > 0 || files.length > 0 || (whole.sent ?? 0) >= 10 * SOME))
    ) {
      const size = accepted?.size ?? whole?.sent ?? 0
      const name = accepted?.name ?? files[0]?.name ?? ''
      const answer = accepted?.status ?? taken[0]?.status ?? null
      return {
        result: 'succeeded',
        confidence: accepted !== undefined ? 0.95 : 0.92,
        reason: {
          en: `${figure(size)} bytes${name === '' ? '' : ` (${name.slice(0, 200)})`} went to ${attacker.ip} whole${answer === null ? '' : `, taken with HTTP ${answer}`}.`,
          ko: `데이터가 끝까지 전송되었습니다. 크기 ${figure(size)}바이트${name === '' ? '' : `, 이름 ${name.slice(0, 200)}`}, 받은 주소 ${attacker.ip}${answer === null ? '' : `, HTTP ${answer}`}`,
        },
        cites: [...citesOf([...(accepted?.events ?? files[0]?.events ?? []), ...(whole?.events ?? [])]), ...taken.flatMap(({ cites }) => cites).slice(0, 4)],
      } // prettier-ignore
    }
    if (whole !== undefined || (most !== undefined && (most.sent ?? 0) >= 10 * SOME))
      return {
        result: 'likely',
        confidence: whole !== undefined ? 0.75 : 0.65,
        reason: {
          en: `${target.ip} sent ${most?.sent ?? 0} bytes to ${endText(most!.server)}${most?.ended === 'reset' ? ' before the flow was reset' : ''}.`,
          ko: `표적이 외부로 ${most?.sent ?? 0}바이트를 보냈습니다${most?.ended === 'reset' ? '(이후 연결 재설정)' : ''}. ${target.ip} → ${endText(most!.server)}`,
        },
        cites: citesOf(most!.events),
      }
    if (
      calls.length > 0 &&
      calls.every(({ answered }) => answered === false) &&
      complete &&
      files.length === 0 &&
      exchanges.length === 0
    )
      return {
        result: 'failed',
        confidence: 0.85,
        reason: {
          en: `${attacker.ip} took none of the ${calls.length} connections: nothing could be sent.`,
          ko: `연결 ${calls.length}건이 모두 성립하지 않아 전송할 수 없었습니다. 주소 ${attacker.ip}`,
        },
        cites: citesOf(calls.flatMap(({ events: ids }) => ids)),
      }
    const little = calls[0]
    if (little === undefined) return null
    return {
      result: 'attempted',
      confidence: 0.5,
      reason: {
        en: `Little was sent, or the flow did not come to its end: ${little.sent ?? '?'} bytes to ${endText(little.server)}.`,
        ko: `전송량이 적거나 연결이 정상 종료되지 않았습니다. ${little.sent ?? '?'}바이트, ${endText(little.server)}`,
      },
      cites: citesOf(little.events),
    }
  },
  examples: [
    {
      name: 'an archive by PUT, taken with 201',
      of: {
        title: 'Archive sent out by HTTP PUT, exfiltration',
        own: [alertedOut(0, { 'dst.port': 8080 })],
        flow: [
          fileinfo(3, '/up/arc.zip', {
            'src.ip': TARGET,
            'src.port': 40_123,
            'dst.ip': '203.0.113.9',
            'dst.port': 8080,
            'http.status': 201,
            'file.size': 4_800_000,
          }),
          conn(0, { port: 8080, sent: 4_801_000, received: 220 }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'encrypted: megabytes out, closed in order',
      of: {
        title: 'Data exfiltration over HTTPS',
        own: [alertedOut(0)],
        flow: [conn(0, { port: 443, sent: 9_000_000, received: 6000 })],
      },
      expect: 'succeeded',
    },
    {
      name: 'reset in the middle',
      of: {
        title: 'Data exfiltration over HTTPS',
        own: [alertedOut(0)],
        flow: [conn(0, { port: 443, sent: 800_000, received: 6000, state: 'RSTR' })],
      },
      expect: 'likely',
    },
    {
      name: 'a few hundred bytes, reset',
      of: {
        title: 'Data exfiltration',
        own: [alertedOut(0)],
        flow: [conn(0, { port: 443, sent: 600, received: 300, state: 'RSTR' })],
      },
      expect: 'attempted',
    },
    {
      name: 'no connection came about',
      of: { title: 'Data exfiltration', own: [alertedOut(0)], flow: [conn(0, { port: 443, state: 'S0' })] },
      expect: 'failed',
    },
    {
      name: 'no flow was seen',
      of: { title: 'Data exfiltration', own: [alertedOut(0)] },
      expect: null,
    },
    {
      name: 'a tunnel through DNS is read elsewhere',
      of: {
        title: 'DNS tunnel',
        own: [alertedOut(0, { 'dst.port': 53, 'net.transport': 'udp' })],
        flow: [conn(0, { port: 53, transport: 'udp', app: 'dns', sent: 90_000 })],
      },
      expect: null,
    },
    {
      name: 'to a backup of ours',
      of: {
        title: 'Data exfiltration over HTTPS',
        attacker: '10.1.0.30',
        own: [alertedOut(0, { 'dst.ip': '10.1.0.30' })],
        flow: [conn(0, { to: '10.1.0.30', port: 443, sent: 9_000_000, received: 6000 })],
      },
      expect: null,
    },
  ],
})
