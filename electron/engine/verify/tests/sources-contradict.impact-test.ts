import { defineImpactTest } from '../define.ts'
import { decisionsOn } from '../reading/device-decisions.ts'
import { ownFlows } from '../reading/flows.ts'
import { loginOf } from '../reading/logins.ts'
import { alerted, ATTACKER, conn, firewall, HOST, TARGET } from '../reading/made-records.ts'
import { citesOf, eventsOf, numberOf, plainAddress, textOf } from '../reading/values.ts'

const AROUND = 60_000_000

export default defineImpactTest({
  id: 'sources-contradict',
  family: 'others',
  title: { en: 'Sources contradict each other', ko: '출처 간 불일치' },
  reasoning: {
    en: 'A device that says it stopped a flow, and a target that says it answered, cannot both be right: somebody has to look.',
    ko: '차단했다는 장비 기록과 응답했다는 표적 기록은 함께 참일 수 없으므로 확인이 필요합니다.',
  },
  spec: 'https://doi.org/10.6028/NIST.SP.800-92',
  appliesTo:
    'Alerts of a flow that a device says it stopped, where the target, a sensor behind it or another device tells of an answer.',
  reads: ['own', 'flow', 'before', 'after', 'exchanges', 'attacker', 'target'],
  applies: ({ own }) => own.length > 0,
  test(of) {
    const { attacker, target, own, exchanges } = of
    const decisions = decisionsOn(of)
    const stoppedBySensor = own.filter(
      ({ type, fields }) => type === 'drop' || /^(?:blocked|drop|reject)/i.test(textOf(fields, 'action')),
    )
    const stopped = [...decisions.filter((one) => !one.let).map(({ event }) => event.id), ...stoppedBySensor.map(({ id }) => id)]
    if (stopped.length === 0) return null
    const near = (time: number): boolean => own.some((event) => Math.abs(event.time - time) <= AROUND)
    const logs = eventsOf(of.flow, of.after).filter((event) => {
      if (!near(event.time) || plainAddress(textOf(event.fields, 'src.ip')) !== attacker.ip || attacker.ip === null) return false
      // The target's own log of what it answered.
      if (event.type === 'access') return (numberOf(event.fields, 'http.status') ?? 500) < 400
      return textOf(event.fields, 'host.name') !== '' && loginOf(event)?.accepted === true
    })
    const flows = ownFlows(of).filter(
      ({ server, answered, received }) => server.ip === target.ip && answered === true && (received ?? 0) > 200,
    )
    const replies = exchanges.filter((one) => one.own && one.server === target.ip && one.status !== null && one.status < 400)
    const through = decisions.filter((one) => one.let)
    const says = [...logs.map(({ id }) => id), ...flows.flatMap(({ events }) => events), ...through.map(({ event }) => event.id)]
    if (says.length === 0 && replies.length === 0) return null
    const who = logs.length > 0 ? 'log' : replies.length > 0 || flows.length > 0 ? 'sensor' : 'device'
    return {
      result: 'attempted',
      confidence: 0.5,
      reason: {
        en: `One source says it was stopped, ${who === 'log' ? "the target's own log says it was answered" : who === 'sensor' ? 'a sensor saw an answer of the target' : 'another device says it was let through'}.`,
        ko: `한 출처는 차단을, ${who === 'log' ? '표적의 자체 기록은 응답을' : who === 'sensor' ? '센서 기록은 표적의 응답을' : '다른 장비는 허용을'} 나타냅니다. 확인이 필요합니다.`,
      },
      cites: [...citesOf([...stopped.slice(0, 4), ...says]), ...replies.flatMap(({ cites }) => cites).slice(0, 4)],
    }
  },
  examples: [
    {
      name: 'dropped by the firewall, and in the access log with 200',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        flow: [firewall(0, 'deny')],
        after: [
          {
            at: 1,
            type: 'access',
            format: 'text',
            source: 'nginx',
            fields: { 'src.ip': ATTACKER, 'http.url': '/a?id=1', 'http.status': 200 },
          },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'blocked by the sensor, and the flow was answered',
      of: {
        title: 'JNDI lookup',
        own: [alerted(0, { action: 'blocked' })],
        flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 80, received: 5000 })],
      },
      expect: 'attempted',
    },
    {
      name: 'dropped, and nothing else',
      of: { title: 'SQL injection', own: [alerted(0)], flow: [firewall(0, 'deny')] },
      expect: null,
    },
    {
      name: 'dropped, and the visit of somebody else is in the log',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        flow: [firewall(0, 'deny')],
        after: [
          {
            at: 1,
            type: 'access',
            format: 'text',
            fields: { 'src.ip': '192.0.2.77', 'host.name': HOST, 'http.status': 200 },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'let through and answered: they agree',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        flow: [firewall(0, 'allow'), conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 80, received: 5000 })],
      },
      expect: null,
    },
  ],
})
