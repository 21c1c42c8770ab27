import { defineImpactTest } from '../define.ts'
import { bytesOf, excerpt, shownIn, textIn, type Shown } from '../reading/forms.ts'
import { ownRequests, type Request } from '../reading/requests.ts'
import { asksForRows, computedIn, hiddenTexts } from '../reading/sql.ts'

/** What databases say of themselves, by what asks for it. */
const TOLD: readonly { readonly asked: RegExp; readonly told: RegExp }[] = [
  {
    asked: /@@version|version\s?\(\)|v\$version|banner/i,
    told: /\b\d{1,2}\.\d{1,2}\.\d{1,3}-(?:MariaDB|log|\d?ubuntu|debian|enterprise|community)[\w.~+:-]{0,40}|\bPostgreSQL \d{1,2}(?:\.\d{1,2}){1,2}[^<\r\n]{0,40} on |\bMicrosoft SQL Server 20\d\d [^<\r\n]{0,40} - \d|\bOracle Database \d{1,2}[cgi] /i,
  },
  {
    asked: /\b(?:current_user|session_user|system_user|user)\b/i,
    told: /\b[\w-]{1,32}@(?:localhost|%|\d{1,3}(?:\.\d{1,3}){3})(?![\w.])/,
  },
  {
    asked: /information_schema|sqlite_master|all_tables|sys\.?objects|pg_tables|pg_catalog/i,
    told: /\b(?:CHARACTER_SETS|COLLATION_CHARACTER_SET_APPLICABILITY|INNODB_TRX|pg_statistic|sql_features|SYSCATALOG)\b|\bCREATE TABLE ["`[]?\w{1,64}["`\]]? ?\(/,
  },
]
/** Hashes of passwords, as they are stored. */
const HASH =
  /[\w.@+-]{1,64}[:|,~ ]{1,3}(?:\$2[abxy]\$\d\d\$[./0-9A-Za-z]{4,60}|\$(?:1|5|6|P|H|S|argon2id?)\$[./0-9A-Za-z$=,]{8,120}|\*[0-9A-F]{40}\b|(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b)/

function rowsIn({ said, body }: Request): Shown | null {
  for (const text of hiddenTexts(said)) {
    const shown = textIn(body, text)
    if (shown !== null) return shown
  }
  for (const { result } of computedIn(said)) {
    const shown = shownIn(body, new RegExp(`(?<![\\w.])${result.replace(/[^\w]/g, '\\$&')}(?![\\w.])`))
    if (shown !== null) return shown
  }
  for (const { asked, told } of TOLD) {
    if (!asked.test(said)) continue
    const shown = shownIn(body, told)
    if (shown !== null && !said.includes(shown.text)) return shown
  }
  if (/pass|pwd|hash|secret|users?\b|login|account|credential/i.test(said)) {
    const shown = shownIn(body, HASH)
    if (shown !== null && !said.includes(shown.text)) return shown
  }
  return null
}

export default defineImpactTest({
  id: 'sql-rows-returned',
  family: 'answer',
  title: { en: 'The answer holds what the database was asked for', ko: '응답에 조회된 데이터 포함' },
  reasoning: {
    en: 'What the injected query computes or selects, and the request does not hold itself, can only come from the database.',
    ko: '요청 자체에는 없고 주입한 질의가 계산하거나 조회한 값이 응답에 있으면 데이터베이스에서 나온 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/05-Testing_for_SQL_Injection',
  appliesTo: 'Answers with a body to injections of SQL that select something.',
  reads: ['exchanges', 'conversations'],
  applies: ({ attackClass }) => attackClass === 'sql_injection',
  test(of) {
    for (const request of ownRequests(of)) {
      const { said, cites } = request
      if (!asksForRows(said) && !/\bselect\b/i.test(said)) continue
      const shown = rowsIn(request)
      if (shown === null) continue
      return {
        result: 'succeeded',
        confidence: 0.97,
        reason: {
          en: `The answer holds what the injected query selected: ${excerpt(shown.text)}`,
          ko: `응답에 주입한 질의의 결과가 있습니다: ${excerpt(shown.text)}`,
        },
        cites,
        bytes: bytesOf(shown),
      }
    }
    return null
  },
  examples: [
    {
      name: 'names and hashes of users',
      of: {
        title: 'SQL injection, UNION SELECT in request',
        exchanges: [
          { url: '/menu.php?c=x%27%20UNION%20SELECT%201,2,3%20FROM%20users--', status: 500, body: '<p>Database error.</p>' },
          {
            url: '/menu.php?c=x%27%20UNION%20SELECT%201,concat(login,0x3a,hash),3,4%20FROM%20users--%20-',
            body: '<ul><li>admin:$2y$10$9vRk2</li><li>kitchen:$2y$10$Tq0aa</li></ul>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a marker that was sent as hexadecimal',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: '/i?id=-1+UNION+ALL+SELECT+NULL,CONCAT(0x7170786271,IFNULL(CAST(user()+AS+CHAR),0x20),0x71627a6b71)--',
            body: '<td>qpxbqapp@10.1.1.4qbzkq</td>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a product, in UTF-16',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: '/i?id=-1%20union%20select%208123*7717,2',
            body: Buffer.from('<p>Found: 62685191 pieces</p>', 'utf16le').toString('latin1'),
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'PostgreSQL tells its version',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: "/i?id=1'%20UNION%20SELECT%20version(),null--",
            body: 'PostgreSQL 15.8 (Debian 15.8-0+deb12u1) on x86_64-pc-linux-gnu',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'the page repeats the request',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            url: '/s?q=%27%20UNION%20SELECT%200x7170786271,8123*7717,version()--',
            body: "<p>Nothing found for ' UNION SELECT 0x7170786271,8123*7717,version()--</p><footer>Site 4.2.1</footer>",
          },
        ],
      },
      expect: null,
    },
    {
      name: 'a page with hashes, not asked for users',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: '/download?id=1%20union%20select%201', body: 'setup.exe: d41d8cd98f00b204e9800998ecf8427e' }],
      },
      expect: null,
    },
    {
      name: 'an address for mail at the foot of a page',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: '/i?id=1+union+select+user()', body: '<footer>webmaster@example.com</footer>' }],
      },
      expect: null,
    },
  ],
})
