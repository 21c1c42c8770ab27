import { defineImpactTest } from '../define.ts'
import { excerpt } from '../reading/forms.ts'
import { isJudgedByStatus, isRefusal, LOGIN_PATH } from '../reading/refusals.ts'
import { citesOfAll, ownAnswers, ownRequests, pathOf, type Request } from '../reading/requests.ts'

const isSentToLogin = ({ status, headers, path }: Request): boolean => {
  const location = headers['location'] ?? ''
  return (
    (status === 301 || status === 302 || status === 303 || status === 307 || status === 308) &&
    LOGIN_PATH.test(pathOf(location.replace(/^https?:\/\/[^/]{1,255}/i, ''))) &&
    !LOGIN_PATH.test(path)
  )
}

export default defineImpactTest({
  id: 'redirect-to-login',
  family: 'answer',
  title: { en: 'The server asks for a login first', ko: '로그인 페이지로 이동' },
  reasoning: {
    en: 'Who is sent to a login before anything is given got nothing of what was asked for.',
    ko: '내용을 주기 전에 로그인 페이지로 보내면 요청한 것을 얻지 못한 것입니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.4',
  appliesTo: 'Attacks on web servers that want something back, where every answer and its Location are known.',
  reads: ['exchanges'],
  applies: (of) => of.exchanges.some(({ headers }) => headers['location'] !== undefined) && isJudgedByStatus(of, ownRequests(of)),
  test(of) {
    const answers = ownAnswers(of)
    if (answers === null) return null
    const all = answers.flat()
    const sent = all.filter(isSentToLogin)
    const [first] = sent
    // Injections into the path or the query of what needs a login are not run; into what is read before that, they may be.
    if (
      first === undefined ||
      of.attackClass === 'sql_injection' ||
      !all.every((one) => isSentToLogin(one) || isRefusal(one.status))
    )
      return null
    return {
      result: 'failed',
      confidence: 0.82,
      reason: {
        en: `The server asks for a login: ${sent.length} of ${all.length} answers lead to ${excerpt(first.headers['location'] ?? '')}`,
        ko: `서버가 로그인을 요구했습니다. 응답 ${all.length}건 중 ${sent.length}건의 이동 위치: ${excerpt(first.headers['location'] ?? '')}`,
      },
      cites: citesOfAll(sent),
    }
  },
  examples: [
    {
      name: 'a page of administration',
      of: {
        title: 'Information leak probe',
        exchanges: [{ url: '/admin/backup', status: 302, headers: { location: '/login?next=%2Fadmin%2Fbackup' } }],
      },
      expect: 'failed',
    },
    {
      name: 'to another host that lets people in',
      of: {
        title: 'Scan of administration pages',
        exchanges: [
          { url: '/panel', status: 302, headers: { location: 'https://sso.example.com/saml2/start?x=1' } },
          { url: '/x', status: 404 },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'to the page that was asked for',
      of: { title: 'Information leak probe', exchanges: [{ url: '/backup', status: 301, headers: { location: '/backup/' } }] },
      expect: null,
    },
    {
      name: 'from the login itself, where it may mean success',
      of: {
        title: 'Information leak probe',
        exchanges: [{ url: '/login', status: 302, headers: { location: '/login/home' } }],
      },
      expect: null,
    },
    {
      name: 'an exploit that runs before the login is asked for',
      of: { title: 'Remote code execution', exchanges: [{ url: '/a?x=1', status: 302, headers: { location: '/login' } }] },
      expect: null,
    },
  ],
})
