import { defineImpactTest } from '../define.ts'
import { decisionsOn } from '../reading/device-decisions.ts'
import { alerted, firewall, syslog } from '../reading/made-records.ts'
import { citesOf } from '../reading/values.ts'

export default defineImpactTest({
  id: 'firewall-let-through',
  family: 'others',
  title: { en: 'The firewall let it through', ko: '방화벽 통과' },
  reasoning: {
    en: 'What a firewall let through has reached the target; what it did there, others must show.',
    ko: '방화벽이 허용한 연결은 표적에 도달한 것입니다. 그 뒤의 결과는 다른 증거로 확인해야 합니다.',
  },
  spec: 'https://doi.org/10.6028/NIST.SP.800-41r1',
  appliesTo: 'Alerts of a flow for which a firewall wrote an entry: the same addresses, ports and time.',
  reads: ['own', 'flow', 'before', 'after'],
  applies: ({ own }) => own.length > 0,
  test(of) {
    const decisions = decisionsOn(of)
    const through = decisions.filter((decision) => decision.let)
    const [first] = through
    // Both: another test names the contradiction.
    if (first === undefined || through.length < decisions.length) return null
    return {
      result: 'attempted',
      confidence: 0.5,
      reason: {
        en: `${first.device} let the flow through (${first.action}).`,
        ko: `방화벽이 연결을 허용했습니다. 장비 ${first.device}, 동작 ${first.action}`,
      },
      cites: citesOf(through.map(({ event }) => event.id)),
    }
  },
  examples: [
    { name: 'allowed', of: { title: 'SQL injection', own: [alerted(0)], flow: [firewall(0, 'allow')] }, expect: 'attempted' },
    {
      name: 'accepted by the packet filter',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        flow: [
          syslog(0, 'kernel', '[FW ACCEPT] IN=eth0 OUT=eth1 SRC=203.0.113.9 DST=10.1.2.3 PROTO=TCP SPT=40000 DPT=80', {
            'src.ip': '203.0.113.9', 'src.port': 40_000, 'dst.ip': '10.1.2.3', 'dst.port': 80,
          }),
        ],
      },
      expect: 'attempted',
    },
    { name: 'dropped', of: { title: 'SQL injection', own: [alerted(0)], flow: [firewall(0, 'deny')] }, expect: null },
    {
      name: 'another port, and another time',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        after: [firewall(0, 'allow', { 'dst.port': 443 }), firewall(900, 'allow')],
      },
      expect: null,
    },
    {
      name: 'the IDS itself allows everything: it only watches',
      of: { title: 'SQL injection', own: [alerted(0, { action: 'allowed' })] },
      expect: null,
    },
  ],
}) // prettier-ignore
