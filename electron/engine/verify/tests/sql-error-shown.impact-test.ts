import { defineImpactTest } from '../define.ts'
import { bytesOf, excerpt, shownIn } from '../reading/forms.ts'
import { DATABASE_ERRORS } from '../reading/known-content.ts'
import { ownRequests, pathOf } from '../reading/requests.ts'

/** Others get the same page: it is about such errors. */
const SAME = 0.03

export default defineImpactTest({
  id: 'sql-error-shown',
  family: 'answer',
  title: { en: 'The answer shows an error of the database', ko: '응답에 데이터베이스 오류 노출' },
  reasoning: {
    en: 'An error of the database in the answer to an injection shows that the injected text reached it; where the error tells a value that nobody sent, the database was read.',
    ko: '주입 요청의 응답에 데이터베이스 오류가 있으면 주입한 문자열이 데이터베이스에 도달한 것이며, 보낸 적 없는 값이 오류에 있으면 데이터가 읽힌 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/05-Testing_for_SQL_Injection',
  appliesTo: 'Answers to injections of SQL, whatever their status, with a body.',
  reads: ['exchanges', 'conversations', 'usual'],
  applies: ({ attackClass }) => attackClass === 'sql_injection',
  test(of) {
    let syntax = null
    for (const request of ownRequests(of)) {
      const { said, body, cites, url, length, status } = request
      const usual = of.usual.find(({ path, answers }) => path === pathOf(url) && answers >= 3)
      for (const { product, kind, pattern } of DATABASE_ERRORS) {
        const shown = shownIn(body, pattern)
        if (shown === null) continue
        const value = (shown.groups[0] ?? '').replace(/^\W{1,16}|\W{1,16}$/g, '')
        if (kind === 'value') {
          // What was sent and comes back as bad input tells nothing; neither does what the error adds around it.
          if (value.length < 2 || said.includes(value) || /[(]|select|concat/i.test(value)) continue
          return {
            result: 'succeeded',
            confidence: 0.96,
            reason: {
              en: `An error of ${product} tells a value that was read from the database: ${excerpt(value)}`,
              ko: `${product} 오류에 데이터베이스에서 읽은 값이 있습니다: ${excerpt(value)}`,
            },
            cites,
            bytes: bytesOf(shown),
          }
        }
        if (syntax !== null) continue
        if (usual !== undefined && length !== null && Math.abs(length - usual.median) <= usual.median * SAME) continue
        syntax = {
          result: 'likely' as const,
          // A long page may speak of errors; a short one is one.
          confidence: (body?.text.length ?? 0) > 65_536 ? 0.5 : 0.7,
          reason: {
            en: `The answer (HTTP ${status ?? '?'}) shows an error of ${product}: the injected text reached the database.`,
            ko: `응답(HTTP ${status ?? '?'})에 데이터베이스 오류가 있습니다. 주입한 문자열이 데이터베이스에 도달했습니다. 제품: ${product}`,
          },
          cites,
          bytes: bytesOf(shown),
        }
      }
    }
    return syntax
  },
  examples: [
    {
      name: 'MySQL, the version in an error of XPATH',
      of: {
        title: 'SQL injection, error-based',
        exchanges: [
          {
            url: "/item?id=1'%20AND%20extractvalue(1,concat(0x7e,version()))--%20-",
            status: 500,
            body: "<b>Error</b>: XPATH syntax error: '~10.11.6-MariaDB'",
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'SQL Server, a password that could not be made a number',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: '/item.aspx?id=1%20and%201=(select%20top%201%20password%20from%20users)',
            body: 'Conversion failed when converting the varchar value &#39;S3cret!Door&#39; to data type int.',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'MySQL complains of the syntax',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: "/item?id=1'%22",
            status: 500,
            body: "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '1''",
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'Oracle, in JSON',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: "/api?id='",
            contentType: 'application/json',
            body: '{"error":"ORA-01756: quoted string not properly terminated"}',
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'what was sent comes back as bad input',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: '/item.aspx?id=abcdef',
            body: "Conversion failed when converting the varchar value 'abcdef' to data type int.",
          },
        ],
      },
      expect: null,
    },
    {
      name: 'an article on errors that everybody gets',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: "/kb/42?x=1'or'1",
            length: 20_100,
            body: `<h1>ORA-00933: SQL command not properly ended</h1>${'x'.repeat(20_000)}`,
          },
        ],
        usual: [{ path: '/kb/42', answers: 50, median: 20_080, largest: 20_200 }],
      },
      expect: null,
    },
    {
      name: 'the database is down',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/item?id=1'", status: 500, body: "Can't connect to MySQL server on '10.0.0.3' (111)" }],
      },
      expect: null,
    },
    {
      name: 'a general page of errors',
      of: { title: 'SQL injection', exchanges: [{ url: "/item?id=1'", status: 500, body: '<p>Database error.</p>' }] },
      expect: null,
    },
  ],
})
