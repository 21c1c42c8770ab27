import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { ownFlows } from '../reading/flows.ts'
import { loginOf } from '../reading/logins.ts'
import { citesOf, eventsOf, textOf } from '../reading/values.ts'

const CLASSES = new Set<ImpactCase['attackClass']>([
  'lateral_movement',
  'policy',
  'login',
  'credential_attack',
  'command_and_control',
  null,
])
/** Seconds and bytes of a session in which somebody sees a screen. */
const LONG = 120
const MUCH = 250_000
/** What a login that fails takes. */
const SHORT = 15
const LITTLE = 12_000

export default defineImpactTest({
  id: 'rdp-session-made',
  family: 'answer',
  title: { en: 'A remote desktop was opened', ko: '원격 데스크톱 세션 성립' },
  reasoning: {
    en: 'Windows records each desktop that it opens, and from where; where it records none, a long flow with pictures tells, and a short one does not.',
    ko: 'Windows는 원격 데스크톱 세션과 접속 주소를 기록하며, 기록이 없으면 길고 큰 흐름이 세션을 나타냅니다.',
  },
  spec: 'https://learn.microsoft.com/en-us/windows-server/remote/remote-desktop-services/',
  appliesTo: 'Alerts on remote desktop (port 3389 or RDP in words or records).',
  reads: ['own', 'flow', 'after'],
  applies: ({ attackClass, target, alert, own }) =>
    CLASSES.has(attackClass) &&
    (target.port === 3389 ||
      /\brdp\b|remote desktop/i.test(alert.title) ||
      own.some(({ type, fields }) => type === 'rdp' || fields['net.app'] === 'rdp')),
  test(of) {
    const { own, flow, after, attacker, attackClass, alert } = of
    if (attacker.ip === null) return null
    const logins = eventsOf(own, flow, after).flatMap((event) => {
      const login = loginOf(event)
      return login !== null && login.from === attacker.ip && event.time <= alert.last + 900e6 ? [{ ...login, event }] : []
    })
    const opened = logins.find(({ accepted, service }) => accepted && service === 'rdp')
    if (opened !== undefined)
      return {
        // Of guessing it is said elsewhere whether somebody was let in because of it.
        result: attackClass === 'credential_attack' || attackClass === 'login' ? 'likely' : 'succeeded',
        confidence: attackClass === 'credential_attack' || attackClass === 'login' ? 0.6 : 0.93,
        reason: {
          en: `The host records a remote desktop from ${attacker.ip}: ${opened.user || '?'}`,
          ko: `호스트에 원격 데스크톱 세션 기록이 있습니다. 주소: ${attacker.ip}, 계정: ${opened.user || '?'}`,
        },
        cites: citesOf([opened.event.id]),
      }
    const flows = ownFlows(of).filter(({ transport }) => transport === 'tcp')
    const session = flows.find(({ begin, end, received }) => end - begin >= LONG * 1e6 && (received ?? 0) >= MUCH)
    const refusals = logins.filter(({ accepted, service }) => !accepted && (service === 'windows' || service === 'rdp'))
    if (session !== undefined && refusals.length === 0)
      return {
        result: 'likely',
        confidence: 0.7,
        reason: {
          en: `The flow lasted ${Math.round((session.end - session.begin) / 1e6)} s and carried ${session.received ?? 0} bytes back, as a desktop does.`,
          ko: `흐름이 ${Math.round((session.end - session.begin) / 1e6)}초 동안 이어졌고 응답이 ${session.received ?? 0}바이트로, 데스크톱 세션과 같습니다.`,
        },
        cites: citesOf(session.events),
      }
    const told = own.filter(({ fields }) => textOf(fields, 'dst.ip') !== '').length
    if (
      refusals.length === 0 || flows.length === 0 || flows.length < told || attackClass === 'credential_attack' ||
      !flows.every(({ begin, end, received }) => end - begin <= SHORT * 1e6 && (received ?? LITTLE + 1) <= LITTLE)
    ) return null // prettier-ignore
    return {
      result: 'failed',
      confidence: 0.8,
      reason: {
        en: `The host refused the login, and the flow ended at once (${refusals.length} refusals from ${attacker.ip}).`,
        ko: `호스트가 로그인을 거부했고 흐름이 바로 끝났습니다. 거부 ${refusals.length}건, 주소: ${attacker.ip}`,
      },
      cites: citesOf([...refusals.map(({ event }) => event.id), ...flows.flatMap(({ events }) => events)]),
    }
  },
  examples: [
    {
      name: 'Windows records the session',
      of: {
        title: 'RDP from outside',
        port: 3389,
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 5000, 'dst.ip': '10.1.2.3', 'dst.port': 3389 } }],
        after: [
          {
            at: 20,
            type: '21',
            format: 'windows-json',
            fields: {
              'win.event_id': 21,
              'win.channel': 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
              User: 'CORP\\kim',
              Address: '203.0.113.9',
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a flow of ten minutes with pictures',
      of: {
        title: 'RDP from outside',
        port: 3389,
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 5000, 'dst.ip': '10.1.2.3', 'dst.port': 3389 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 5000,
              'dst.ip': '10.1.2.3',
              'dst.port': 3389,
              'net.transport': 'tcp',
              'flow.state': 'SF',
              'flow.duration': 600,
              'dst.bytes': 4_000_000,
            },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'refused, and over at once',
      of: {
        title: 'RDP from outside',
        port: 3389,
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 5000, 'dst.ip': '10.1.2.3', 'dst.port': 3389 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 5000,
              'dst.ip': '10.1.2.3',
              'dst.port': 3389,
              'net.transport': 'tcp',
              'flow.state': 'SF',
              'flow.duration': 3,
              'dst.bytes': 1800,
            },
          },
        ],
        after: [
          {
            at: 2,
            type: '4625',
            format: 'windows-json',
            fields: { 'win.event_id': 4625, 'src.ip': '203.0.113.9', 'target.user': 'kim', LogonType: 3 },
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'short, and nothing recorded',
      of: {
        title: 'RDP from outside',
        port: 3389,
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 5000, 'dst.ip': '10.1.2.3', 'dst.port': 3389 } }],
        flow: [
          {
            type: 'conn',
            format: 'zeek-json',
            fields: {
              'src.ip': '203.0.113.9',
              'src.port': 5000,
              'dst.ip': '10.1.2.3',
              'dst.port': 3389,
              'net.transport': 'tcp',
              'flow.state': 'SF',
              'flow.duration': 3,
              'dst.bytes': 1800,
            },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'the session of somebody else',
      of: {
        title: 'RDP from outside',
        port: 3389,
        own: [{ type: 'alert', fields: { 'src.ip': '203.0.113.9', 'src.port': 5000, 'dst.ip': '10.1.2.3', 'dst.port': 3389 } }],
        after: [
          {
            at: 20,
            type: '4624',
            format: 'windows-json',
            fields: { 'win.event_id': 4624, LogonType: 10, 'src.ip': '10.9.9.9', 'target.user': 'kim' },
          },
        ],
      },
      expect: null,
    },
  ],
})
