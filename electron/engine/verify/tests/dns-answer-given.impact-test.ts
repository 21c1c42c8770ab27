import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { excerpt } from '../reading/forms.ts'
import { citesOf, eventsOf, listOf, textOf } from '../reading/values.ts'

const CLASSES = new Set<ImpactCase['attackClass']>(['command_and_control', 'exfiltration', 'malware', 'policy', null])
/** Addresses that resolvers answer with in place of names they block (RFC 6761 and custom). */
const NOWHERE = /^(?:0\.0\.0\.0|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1?|::ffff:0\.0\.0\.0)$/
/** Characters that a tunnel's answer carries. */
const LONG = 60

const nameOf = (fields: Readonly<Record<string, unknown>>): string => {
  const value = fields['dns.query']
  return (typeof value === 'string' ? value : Array.isArray(value) ? String(value[0] ?? '') : '').toLowerCase().replace(/\.$/, '')
}

export default defineImpactTest({
  id: 'dns-answer-given',
  family: 'answer',
  title: { en: 'What the name was answered with', ko: 'DNS 응답 내용' },
  reasoning: {
    en: 'A bad name that does not exist, or that the resolver answers with nowhere, leads to nobody. A tunnel needs answers with data; its questions go out whatever the answer is.',
    ko: '존재하지 않거나 리졸버가 차단 주소로 응답한 이름으로는 연결할 수 없습니다. 터널은 데이터가 담긴 응답이 필요하며 질의 자체는 응답과 관계없이 나갑니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1',
  appliesTo: 'Alerts on questions to DNS, where answers to all of the names are known.',
  reads: ['own', 'flow', 'after'],
  applies: ({ attackClass, own }) => CLASSES.has(attackClass) && own.some(({ fields }) => nameOf(fields) !== ''),
  test(of) {
    const { own, flow, after, alert } = of
    const names = new Set(own.map(({ fields }) => nameOf(fields)).filter((name) => name !== ''))
    const answers = eventsOf(own, flow, after).filter(
      ({ type, fields, time }) =>
        type === 'dns' && names.has(nameOf(fields)) && textOf(fields, 'dns.rcode') !== '' && time <= alert.last + 300e6,
    )
    if (answers.length === 0) return null
    const tunnel = of.attackClass === 'exfiltration' || /tunnel/i.test(alert.title)
    const given = answers.filter(
      ({ fields }) => /^NOERROR$/i.test(textOf(fields, 'dns.rcode')) && listOf(fields, 'dns.answers').length > 0,
    )
    const cites = (events: readonly { readonly id: string }[]) => citesOf(events.map(({ id }) => id))
    if (tunnel) {
      const carrying = given.filter(
        ({ fields }) =>
          /^(?:TXT|NULL|CNAME|MX|\*)$/i.test(textOf(fields, 'dns.type')) &&
          listOf(fields, 'dns.answers').some((answer) => answer.length >= LONG),
      )
      const [first] = carrying
      if (first === undefined || carrying.length < 3) return null
      return {
        result: 'likely',
        confidence: carrying.length >= 10 ? 0.8 : 0.65,
        reason: {
          en: `${carrying.length} answers carry long data: ${excerpt(textOf(first.fields, 'dns.answers'))}`,
          ko: `긴 데이터를 담은 응답이 ${carrying.length}건 있습니다: ${excerpt(textOf(first.fields, 'dns.answers'))}`,
        },
        cites: cites(carrying),
      }
    }
    const answered = new Set(answers.map(({ fields }) => nameOf(fields)))
    if (given.length > 0) {
      const addresses = given.flatMap(({ fields }) => listOf(fields, 'dns.answers'))
      const [address = ''] = addresses
      if (addresses.every((one) => NOWHERE.test(one)) && answered.size === names.size)
        return {
          result: 'blocked',
          confidence: 0.85,
          reason: { en: `The resolver answered with nowhere: ${address}`, ko: `리졸버가 차단 주소로 응답했습니다: ${address}` },
          cites: cites(given),
        }
      return {
        result: 'attempted',
        confidence: 0.5,
        reason: {
          en: `The name was resolved: ${excerpt(address)}. Whether anybody went there is another question.`,
          ko: `이름이 확인되었습니다: ${excerpt(address)}. 그 주소에 접속했는지는 따로 확인해야 합니다.`,
        },
        cites: cites(given),
      }
    }
    if (answered.size < names.size || !answers.every(({ fields }) => /^(?:NXDOMAIN|REFUSED)$/i.test(textOf(fields, 'dns.rcode'))))
      return null
    const [first] = answers
    return {
      result: 'failed',
      confidence: 0.86,
      reason: {
        en: `The name leads nowhere (${textOf(first?.fields ?? {}, 'dns.rcode')}): ${excerpt([...names].join(', '))}`,
        ko: `이름이 확인되지 않았습니다(${textOf(first?.fields ?? {}, 'dns.rcode')}): ${excerpt([...names].join(', '))}`,
      },
      cites: cites(answers),
    }
  },
  examples: [
    {
      name: 'the name does not exist',
      of: {
        title: 'DNS query for a C2 domain',
        own: [{ type: 'alert', fields: { 'dns.query': 'gone.bad.test' } }],
        flow: [{ at: 0.1, type: 'dns', fields: { 'dns.query': 'gone.bad.test', 'dns.rcode': 'NXDOMAIN' } }],
      },
      expect: 'failed',
    },
    {
      name: 'answered with nowhere',
      of: {
        title: 'DNS query for a C2 domain',
        own: [
          {
            type: 'dns',
            format: 'zeek-json',
            fields: { 'dns.query': 'c2.bad.test', 'dns.rcode': 'NOERROR', 'dns.answers': ['0.0.0.0'] },
          },
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'a tunnel whose answers carry data',
      of: {
        title: 'DNS tunnel',
        own: Array.from({ length: 4 }, (_, i) => ({
          at: i,
          type: 'dns',
          format: 'zeek-json',
          fields: {
            'dns.query': `${i}.t.bad.test`,
            'dns.type': 'TXT',
            'dns.rcode': 'NOERROR',
            'dns.answers': [`TXT 80 ${'q'.repeat(80)}`],
          },
        })),
      },
      expect: 'likely',
    },
    {
      name: 'resolved, which is not yet a call',
      of: {
        title: 'DNS query for a C2 domain',
        own: [
          {
            type: 'dns',
            format: 'zeek-json',
            fields: { 'dns.query': 'c2.bad.test', 'dns.rcode': 'NOERROR', 'dns.answers': ['192.0.2.7'] },
          },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'data leaves in questions, whatever the answer is',
      of: {
        title: 'Exfiltration by DNS tunnel',
        own: [{ type: 'dns', format: 'zeek-json', fields: { 'dns.query': 'c2VjcmV0.t.bad.test', 'dns.rcode': 'NXDOMAIN' } }],
      },
      expect: null,
    },
    {
      name: 'one of two names has no known answer',
      of: {
        title: 'DNS query for a C2 domain',
        own: [
          { type: 'alert', fields: { 'dns.query': 'a.bad.test' } },
          { type: 'alert', fields: { 'dns.query': 'b.bad.test' } },
        ],
        flow: [{ type: 'dns', fields: { 'dns.query': 'a.bad.test', 'dns.rcode': 'NXDOMAIN' } }],
      },
      expect: null,
    },
    {
      name: 'the resolver failed, and would be asked again',
      of: {
        title: 'DNS query for a C2 domain',
        own: [{ type: 'dns', format: 'zeek-json', fields: { 'dns.query': 'a.bad.test', 'dns.rcode': 'SERVFAIL' } }],
      },
      expect: null,
    },
  ],
})
