import type { ImpactCase } from '../case.ts'
import { defineImpactTest, type Finding } from '../define.ts'
import { cite, type Octets } from '../octets.ts'
import { bytesOf, excerpt, shownIn, unescaped } from '../reading/forms.ts'
import { COMMANDS, ID_OUTPUT } from '../reading/known-content.ts'
import { ownRequests } from '../reading/requests.ts'
import { computedIn } from '../reading/sql.ts'

const RUNS = new Set<ImpactCase['attackClass']>([
  'command_injection', 'code_execution', 'web_shell', 'lookup_injection', 'file_upload', 'path_traversal', 'command_and_control', 'sql_injection', 'malware', null,
]) // prettier-ignore

const finding = (name: string, text: string, more: Pick<Finding, 'cites' | 'bytes' | 'confidence'>): Finding => ({
  result: more.confidence >= 0.9 ? 'succeeded' : 'likely',
  reason: {
    en: `The answer holds the output of ${name}: ${excerpt(text)}`,
    ko: `응답에 명령 출력이 있습니다. 명령: ${name}, 출력: ${excerpt(text)}`,
  },
  ...more,
})

function outputOf(said: string, body: Octets | null, cites: Finding['cites']): Finding | null {
  for (const { name, asked, output } of COMMANDS) {
    if (!asked.test(said)) continue
    const shown = shownIn(body, output)
    if (shown !== null && !said.includes(shown.text))
      return finding(name, shown.text, { cites, bytes: bytesOf(shown), confidence: 0.97 })
  }
  if (/\b(?:echo|print|expr|printf|md5|eval|system|let|set \/a)\b|\$\(\(/i.test(said))
    for (const { asked, result } of computedIn(said)) {
      const shown = shownIn(body, new RegExp(`(?<![\\w.])${result.replace(/[^\w]/g, '\\$&')}(?![\\w.])`))
      if (shown !== null) return finding(asked, shown.text, { cites, bytes: bytesOf(shown), confidence: 0.95 })
    }
  return null
}

export default defineImpactTest({
  id: 'command-output-shown',
  family: 'answer',
  title: { en: 'The answer holds what the command printed', ko: '응답에 명령 출력 포함' },
  reasoning: {
    en: 'A command that a request wants run prints in a form of its own; where the answer has it and the request has not, it was run.',
    ko: '요청한 명령은 고유한 형식으로 출력하며, 요청에는 없는 그 형식이 응답에 있으면 명령이 실행된 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/12-Testing_for_Command_Injection',
  appliesTo: 'Answers with a body, and streams of shells, either way, where commands are asked for.',
  reads: ['exchanges', 'conversations'],
  applies: ({ attackClass }) => RUNS.has(attackClass),
  test(of) {
    let hidden: Finding | null = null
    for (const { said, body, cites, sentBody, exchange } of ownRequests(of)) {
      // Of a shell that called back, the commands are what the other side answers.
      const found = outputOf(said, body, cites) ?? (exchange === null && body !== null ? outputOf(unescaped(body.text), sentBody, sentBody === null ? cites : [cite(sentBody, 0, sentBody.text.length)]) : null) // prettier-ignore
      if (found !== null) return found
      // The command was sent in a form that nobody reads.
      const shown = shownIn(body, ID_OUTPUT)
      if (shown !== null && !said.includes(shown.text) && of.attackClass !== null)
        hidden ??= finding('id', shown.text, { cites, bytes: bytesOf(shown), confidence: 0.8 })
    }
    return hidden
  },
  examples: [
    {
      name: 'id, through a web shell',
      of: {
        title: 'Script call in upload folder',
        attack: ['T1505.003'],
        exchanges: [{ url: '/uploads/inv.php?c=id', body: 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'ipconfig, escapes of HTML and carriage returns',
      of: {
        title: 'OS command injection',
        exchanges: [
          {
            url: '/ping.aspx?h=127.0.0.1%26ipconfig%20/all',
            body: '<pre>\r\nWindows IP Configuration\r\n\r\n   Host Name . . . . : WEB&#45;01\r\n</pre>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a folder, the command in the body of the request',
      of: {
        title: 'Command injection',
        exchanges: [
          {
            method: 'POST',
            url: '/cgi-bin/diag',
            requestBody: 'host=1.1.1.1%3Bls+-la',
            body: 'total 12\ndrwxr-xr-x 2 root root 4096 Jan  5 10:00 .\n-rw-r--r-- 1 root root  120 Jan  5 10:00 diag\n',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a shell that called back',
      of: {
        title: 'Reverse shell',
        conversations: [{ port: 4444, sent: '$ uid=1000(app) gid=1000(app) groups=1000(app)\n$ ', answered: 'id\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'a product that only a shell computes',
      of: {
        title: 'Command injection',
        exchanges: [{ url: '/x?n=%24((7331*1337))%3Becho%20a', body: 'value 9801547\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'the command is hidden in the request',
      of: {
        title: 'Remote code execution',
        exchanges: [{ method: 'POST', url: '/api', requestBody: 'rO0ABXNyABFqYXZh', body: 'uid=0(root) gid=0(root)' }],
      },
      expect: 'likely',
    },
    {
      name: 'the page repeats what was sent',
      of: {
        title: 'Command injection',
        exchanges: [{ url: '/s?q=;id;uid=0(root)%20gid=0(root)', body: '<p>No results for ;id;uid=0(root) gid=0(root)</p>' }],
      },
      expect: null,
    },
    {
      name: 'a page about something else',
      of: {
        title: 'Command injection',
        exchanges: [{ url: '/?x=;whoami', body: '<html><body><h1>Welcome</h1><p>corp\\kim wrote this.</p></body></html>' }],
      },
      expect: null,
    },
    {
      name: 'a number of an order that happens to be the parameter id',
      of: {
        title: 'Command injection',
        exchanges: [{ url: '/o?id=7|dir', body: '<p>Directory of people: see the intranet.</p>' }],
      },
      expect: null,
    },
  ],
})
