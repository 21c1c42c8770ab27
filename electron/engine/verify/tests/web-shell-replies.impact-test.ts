import { defineImpactTest, type Finding } from '../define.ts'
import { figure } from '../reading/figures.ts'
import { bytesOf, shownIn } from '../reading/forms.ts'
import { COMMANDS } from '../reading/known-content.ts'
import { citesOfAll, isPage, ownAnswers, ownRequests, type Request } from '../reading/requests.ts'

const SCRIPT_PATH = /\.(?:php\d?|phtml|phar|pht|jspx?|jspf|asp|aspx|ashx|asmx|cer|cfm|cgi|pl|py)$/i
/** Pages of shells that are passed around, and what a China Chopper puts around its output. */
const KNOWN =
  /<title>[^<]{0,80}(?:c99shell|r57shell|b374k|WSO \d|FilesMan|p0wny@shell|IndoXploit|Mini Shell|ASPXSpy|JspSpy|Web ?Shell)|\bp0wny@shell:~#|^[^-]{0,64}->\|[\s\S]{0,65536}?\|<-|\bSafe mode: ?<[^<>]{0,40}>(?:ON|OFF)/i
/** Godzilla: half a hash, the encrypted answer, the other half (the same on every call). */
const HALVES = /^\s{0,4}[0-9a-f]{16}[A-Za-z0-9+/=]{16,65536}[0-9a-f]{16}\s{0,4}$/i

/** An upload goes to a script too, but calls no shell. */
const isCall = ({ path, url, sentBody, method }: Request): boolean =>
  SCRIPT_PATH.test(path) &&
  !/\bfilename\*?=/i.test(sentBody?.text.slice(0, 8192) ?? '') &&
  (url.includes('?') || (method === 'POST' && sentBody !== null && sentBody.text.length > 0))

const hasNothing = ({ body, status }: Request): boolean =>
  (status === 404 || status === 410) &&
  (body === null || isPage(body) || /not found/i.test(body.text.slice(0, 2048)) || body.text.trim() === '')

export default defineImpactTest({
  id: 'web-shell-replies',
  family: 'answer',
  title: { en: 'The web shell answers', ko: '웹 셸 응답' },
  reasoning: {
    en: 'A script that answers a call with what a shell prints is there and runs; where the server has no such script, nothing ran.',
    ko: '호출한 스크립트가 셸의 출력으로 응답하면 설치되어 실행 중인 것이고, 서버에 그 스크립트가 없으면 실행된 것이 없습니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1505/003/',
  appliesTo: 'Calls of scripts with parameters, where the detection speaks of a web shell.',
  reads: ['exchanges'],
  applies: ({ attackClass, alert, exchanges }) =>
    exchanges.length > 0 && (attackClass === 'web_shell' || (attackClass !== null && alert.attack.includes('T1505.003'))),
  test(of) {
    const calls = ownRequests(of).filter(isCall)
    let some: Finding | null = null
    for (const { body, status, cites, said, contentType, length, method } of calls) {
      const known = shownIn(body, KNOWN) ?? (method === 'POST' ? shownIn(body, HALVES) : null)
      const output = known ?? COMMANDS.filter(({ asked }) => asked.test(said)).map((one) => shownIn(body, one.output)).find((one) => one !== null) ?? null // prettier-ignore
      if (output !== null && !said.includes(output.text))
        return {
          result: 'succeeded',
          confidence: 0.96,
          reason: {
            en: `The script answers (HTTP ${status ?? '?'}) with what a shell prints.`,
            ko: `스크립트가 셸의 출력으로 응답했습니다(HTTP ${status ?? '?'}).`,
          },
          cites,
          bytes: bytesOf(output),
        }
      if (status !== 200 || some !== null) continue
      const size = body?.text.length ?? length ?? 0
      if (size === 0 || isPage(body)) continue
      some = {
        result: 'likely',
        confidence: body === null ? (/text\/html/i.test(contentType) && size > 4096 ? 0.4 : 0.55) : 0.75,
        reason: {
          en: `The script answers the call (HTTP 200, ${figure(size)} bytes), and not with a page.`,
          ko: `스크립트가 호출에 응답했습니다(HTTP 200, ${figure(size)}바이트). 일반 페이지가 아닙니다.`,
        },
        cites,
        ...(body === null
          ? {}
          : { bytes: bytesOf({ octets: body, from: 0, to: Math.min(64, body.text.length), text: '', groups: [] }) }),
      }
    }
    if (some !== null) return some
    const answers = ownAnswers(of)
    if (answers === null || calls.length < ownRequests(of).length || !answers.flat().every(hasNothing)) return null
    return {
      result: 'failed',
      confidence: 0.9,
      reason: {
        en: `The server has no such script: HTTP 404 or 410 for all ${answers.length} calls.`,
        ko: `서버에 해당 스크립트가 없습니다. 호출 ${answers.length}건의 응답이 모두 HTTP 404 또는 410입니다.`,
      },
      cites: citesOfAll(answers.flat()),
    }
  },
  examples: [
    {
      name: 'output of a command',
      of: {
        title: 'Script call in upload folder',
        attack: ['T1505.003'],
        exchanges: [{ url: '/uploads/inv.php?c=uname%20-a', body: 'Linux web-01 6.1.0-26-amd64 #1 SMP x86_64 GNU/Linux\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'between the marks of a China Chopper',
      of: {
        title: 'China Chopper web shell',
        exchanges: [
          { method: 'POST', url: '/i.aspx', requestBody: 'z=eval', contentType: 'text/html', body: '->|C:\\inetpub\\wwwroot|<-' },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'something short that is no page',
      of: { title: 'Web shell call', exchanges: [{ url: '/a.jsp?cmd=netsh', contentType: 'text/plain', body: 'Ok.\r\n' }] },
      expect: 'likely',
    },
    {
      name: 'no such script, asked for in three places',
      of: {
        title: 'Web shell call',
        exchanges: ['/a.php?c=id', '/b.php?c=id', '/c.php?c=id'].map((url) => ({
          url,
          status: 404,
          body: '<html><title>404 Not Found</title></html>',
        })),
      },
      expect: 'failed',
    },
    {
      name: 'a shell that answers with 404 and its output',
      of: {
        title: 'Web shell call',
        exchanges: [{ url: '/a.php?c=id', status: 404, body: 'uid=33(www-data) gid=33(www-data)' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'a site that answers everything with its front page',
      of: {
        title: 'Web shell call',
        exchanges: [{ url: '/a.php?c=id', body: '<!DOCTYPE html><html><body>Welcome to our shop</body></html>' }],
      },
      expect: null,
    },
    {
      name: 'one call of two has no known answer',
      of: {
        title: 'Web shell call',
        exchanges: [
          { url: '/a.php?c=id', status: 404, body: 'Not Found' },
          { url: '/b.php?c=id', status: null },
        ],
      },
      expect: null,
    },
  ],
})
