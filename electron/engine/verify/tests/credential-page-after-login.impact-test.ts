import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { excerpt, shownIn } from '../reading/forms.ts'
import { LOGIN_PATH } from '../reading/refusals.ts'
import { citesOfAll, ownRequests, pathOf, requestsOf, type Request } from '../reading/requests.ts'

const CLASSES = new Set<ImpactCase['attackClass']>([
  'credential_attack',
  'login',
  'sql_injection',
  'policy',
  'information_leak',
  null,
])
const SENT_PASSWORD = /(?:^|[&"'\s{])(?:\w{0,32}(?:pass(?:word|wd)?|pwd|pin|secret)\w{0,16})["']?\s?[=:]/i
const FORM = /<input\b[^<>]{0,300}\btype\s?=\s?["']?password\b/i
const REFUSED =
  /\b(?:invalid|incorrect|wrong|bad) (?:user ?name|login|password|credentials?|e-?mail)|(?:login|authentication|sign-?in) (?:failed|failure|error|incorrect)|\btoo many (?:failed )?(?:attempts|logins)|\bdoes not match our records|\baccount (?:is )?locked|\xeb\xb9\x84\xeb\xb0\x80\xeb\xb2\x88\xed\x98\xb8[^<]{0,80}(?:\xec\x9d\xbc\xec\xb9\x98|\xec\x98\xac\xeb\xb0\x94)|"(?:error|errors|message)"\s?:\s?"[^"]{0,80}(?:invalid|incorrect|unauthor|denied|fail)|"(?:success|ok|authenticated)"\s?:\s?false/i
const ACCEPTED =
  /"(?:access_?token|id_token|jwt|session_?(?:id|token))"\s?:\s?"[\w.+/=-]{8}|"(?:success|ok|authenticated)"\s?:\s?true|href=["'][^"']{0,200}(?:log-?out|sign-?out)\b/i
const SECOND = /(?:^|[/._?=&-])(?:mfa|2fa|otp|totp|two-?factor|verify|challenge)(?:$|[/._?=&-])/i

type Answer = 'in' | 'half' | 'out' | null

function answerOf({ status, headers, body }: Request): Answer {
  if (status === null) return null
  if (status === 401 || status === 403 || status === 422 || status === 429 || status === 423) return 'out'
  if (status >= 300 && status < 400) {
    const location = headers['location'] ?? ''
    if (location === '') return null
    if (SECOND.test(location)) return 'half'
    if (
      /error|fail|denied|invalid|incorrect|locked/i.test(location) ||
      LOGIN_PATH.test(pathOf(location.replace(/^https?:\/\/[^/]{1,255}/i, '')))
    )
      return 'out'
    return headers['set-cookie'] === undefined ? null : 'in'
  }
  if (status !== 200) return null
  if (shownIn(body, REFUSED) !== null || (shownIn(body, FORM) !== null && shownIn(body, ACCEPTED) === null)) return 'out'
  return shownIn(body, ACCEPTED) !== null ? 'in' : null
}

const isFormLogin = ({ method, sentBody, path }: Request): boolean =>
  method === 'POST' &&
  sentBody !== null &&
  (SENT_PASSWORD.test(sentBody.text.slice(0, 16_384)) || (LOGIN_PATH.test(path) && sentBody.text.length < 16_384))
const isBasicLogin = ({ said }: Request): boolean => /\r?\nAuthorization: (?:Basic|Digest|NTLM|Negotiate) /i.test(said)

export default defineImpactTest({
  id: 'credential-page-after-login',
  family: 'answer',
  title: { en: 'The login of a site let somebody in', ko: '웹 로그인 허용' },
  reasoning: {
    en: 'A site that refuses shows its form again; one that lets in gives a session and leads on.',
    ko: '거부하는 사이트는 로그인 폼을 다시 보여 주고, 허용하는 사이트는 세션을 주고 다음 페이지로 보냅니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/04-Authentication_Testing/03-Testing_for_Weak_Lock_Out_Mechanism',
  appliesTo: 'Logins by form, JSON or in the head of requests, for guessing, injection into logins and default passwords.',
  reads: ['exchanges'],
  applies: ({ attackClass, exchanges }) => exchanges.length > 0 && CLASSES.has(attackClass),
  test(of) {
    const own = ownRequests(of)
    const form = requestsOf(of)
      .filter(isFormLogin)
      .map((request) => ({ request, answer: answerOf(request) }))
    const basic = requestsOf(of).filter(isBasicLogin).map((request) => ({
      request,
      answer: request.status === 401 ? ('out' as const) : request.status !== null && request.status < 400 ? ('in' as const) : null,
    })) // prettier-ignore
    const logins = [...form, ...basic]
    if (logins.length === 0 || !logins.some(({ request }) => own.includes(request))) return null
    const refused = logins.filter(({ answer }) => answer === 'out')
    const accepted = logins.find(({ answer }) => answer === 'in') ?? logins.find(({ answer }) => answer === 'half')
    if (accepted !== undefined) {
      const { request, answer } = accepted
      const injected = of.attackClass === 'sql_injection' && own.includes(request)
      // One login that works is what most logins do.
      if (refused.length === 0 && !injected)
        return own.includes(request) && (of.attackClass === 'credential_attack' || of.attackClass === 'policy')
          ? {
              result: 'likely',
              confidence: 0.5,
              reason: {
                en: `The login was accepted (HTTP ${request.status ?? '?'}).`,
                ko: `로그인이 허용되었습니다(HTTP ${request.status ?? '?'}).`,
              },
              cites: request.cites,
            }
          : null
      const sure = answer === 'in' && (injected || refused.length >= 5)
      return {
        result: sure ? 'succeeded' : 'likely',
        confidence: sure ? 0.92 : answer === 'half' ? 0.6 : 0.7,
        reason:
          answer === 'half'
            ? {
                en: `After ${refused.length} refusals the password was accepted, and a second factor asked for: ${excerpt(request.headers['location'] ?? '')}`,
                ko: `${refused.length}회 거부된 뒤 비밀번호가 허용되고 추가 인증을 요구했습니다: ${excerpt(request.headers['location'] ?? '')}`,
              }
            : {
                en: `The login was accepted after ${refused.length} refusals (HTTP ${request.status ?? '?'} ${excerpt(request.headers['location'] ?? '')}).`,
                ko: `${refused.length}회 거부된 뒤 로그인이 허용되었습니다(HTTP ${request.status ?? '?'} ${excerpt(request.headers['location'] ?? '')}).`,
              },
        cites: citesOfAll([request, ...refused.slice(-3).map((one) => one.request)]),
      }
    }
    if (
      of.attackClass === 'sql_injection' ||
      refused.length === 0 ||
      refused.length < logins.length ||
      own.length > logins.length
    )
      return null
    return {
      result: 'failed',
      confidence: 0.87,
      reason: { en: `All ${refused.length} logins were refused.`, ko: `로그인 ${refused.length}건이 모두 거부되었습니다.` },
      cites: citesOfAll(refused.map(({ request }) => request)),
    }
  },
  examples: [
    {
      name: 'the seventh guess leads on',
      of: {
        title: 'Web login brute force',
        exchanges: [
          ...Array.from({ length: 6 }, (_, i) => ({
            at: i,
            method: 'POST',
            url: '/login',
            requestBody: `user=admin&password=a${i}`,
            body: '<form><input name="password" type="password"></form>',
          })),
          {
            at: 8,
            method: 'POST',
            url: '/login',
            requestBody: 'user=admin&password=right',
            status: 302,
            headers: { location: '/home', 'set-cookie': 's=1' },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'an injection into the login',
      of: {
        title: 'SQL injection',
        exchanges: [
          {
            method: 'POST',
            url: '/login.php',
            requestBody: "user=admin'--&pass=x",
            status: 302,
            headers: { location: 'index.php', 'set-cookie': 's=1' },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'all led back to the form',
      of: {
        title: 'Web login brute force',
        exchanges: Array.from({ length: 4 }, (_, i) => ({
          at: i,
          method: 'POST',
          url: '/login',
          requestBody: `user=a&pwd=${i}`,
          status: 302,
          headers: { location: '/login?error=1', 'set-cookie': 's=1' },
        })),
      },
      expect: 'failed',
    },
    {
      name: 'the password is right, and not enough',
      of: {
        title: 'Web login brute force',
        exchanges: [
          { method: 'POST', url: '/login', requestBody: 'u=a&pwd=1', status: 401 },
          {
            at: 2,
            method: 'POST',
            url: '/login',
            requestBody: 'u=a&pwd=2',
            status: 302,
            headers: { location: '/mfa', 'set-cookie': 's=1' },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'an interface that says so in JSON',
      of: {
        title: 'Credential stuffing',
        exchanges: Array.from({ length: 5 }, (_, i) => ({
          at: i,
          method: 'POST',
          url: '/api/session',
          requestBody: `{"email":"a${i}@x","password":"y"}`,
          contentType: 'application/json',
          body: '{"error":"Invalid credentials"}',
        })),
      },
      expect: 'failed',
    },
    {
      name: 'a page that shows nothing of either',
      of: {
        title: 'Web login brute force',
        exchanges: [
          { method: 'POST', url: '/login', requestBody: 'user=a&password=b', body: '<html><body>One moment</body></html>' },
        ],
      },
      expect: null,
    },
    {
      name: 'somebody signs in as every day',
      of: {
        title: 'Login from a new country',
        exchanges: [
          {
            method: 'POST',
            url: '/login',
            requestBody: 'user=a&password=b',
            status: 302,
            headers: { location: '/home', 'set-cookie': 's=1' },
          },
        ],
      },
      expect: null,
    },
  ],
})
