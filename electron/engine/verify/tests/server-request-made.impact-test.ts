import { defineImpactTest } from '../define.ts'
import { bytesOf, excerpt, shownIn } from '../reading/forms.ts'
import { PASSWD, WIN_INI } from '../reading/known-content.ts'
import { ownRequests } from '../reading/requests.ts'

const INSIDE = /\b(?:169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|fd00:ec2::254|2852039166|0xa9fea9fe|localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3})(?![\w.])|\[::1?\]|\b(?:file|gopher|dict|ldap|netdoc|jar):\/\/?/i // prettier-ignore

/** What services that only the target reaches answer with. */
const CONTENT: readonly { readonly what: string; readonly content: RegExp }[] = [
  { what: 'cloud credentials', content: /"AccessKeyId"\s{0,4}:\s{0,4}"[A-Z0-9]{12,32}"[\s\S]{0,400}?"SecretAccessKey"/ },
  { what: 'cloud metadata', content: /\bami-id\r?\n[\s\S]{0,400}?\binstance-id\b/ },
  { what: 'cloud metadata', content: /"(?:instanceId|accountId|imageId)"\s{0,4}:\s{0,4}"[\w-]{4,64}"[\s\S]{0,800}?"(?:region|availabilityZone|privateIp)"/ },
  { what: 'cloud token', content: /"access_token"\s{0,4}:\s{0,4}"(?:ya29\.|eyJ)[\w.-]{10,64}/ },
  { what: 'cloud metadata', content: /"azEnvironment"\s{0,4}:|"vmId"\s{0,4}:\s{0,4}"[0-9a-f-]{36}"|"droplet_id"\s{0,4}:\s{0,4}\d/ },
  { what: 'cloud metadata', content: /\bservice-accounts\/\r?\n|\bmachine-type\r?\nmaintenance-event\r?\n/ },
  { what: 'Redis', content: /\bredis_version:\d{1,2}\.\d{1,3}|-ERR wrong number of arguments for 'get' command|-ERR unknown command/ },
  { what: 'Elasticsearch', content: /"tagline"\s{0,4}:\s{0,4}"You Know, for Search"/ },
  { what: 'Memcached', content: /\bSTAT pid \d{1,8}\r?\nSTAT uptime \d/ },
  { what: 'SSH', content: /\bSSH-[12]\.\d{1,2}-(?:OpenSSH|dropbear|libssh)[\w._-]{0,40}/ },
  { what: 'Docker', content: /"ApiVersion"\s{0,4}:\s{0,4}"\d\.\d{1,3}"[\s\S]{0,200}?"GoVersion"/ },
  { what: '/etc/passwd', content: PASSWD },
  { what: 'win.ini', content: WIN_INI },
] // prettier-ignore

/** That a connection failed is told by who tried it. */
const TRIED =
  /\b(?:cURL error (?:7|28|52|56)|(?:Failed|Couldn't|Unable) to connect to (?:the )?(?:server )?(?:127\.|localhost|169\.254|10\.|192\.168|172\.)[\w.:]{0,40}|ECONNREFUSED (?:127\.|::1|10\.|192\.168|172\.)[\w.:]{0,40}|connect(?:ion)? to (?:127\.|localhost|10\.|192\.168)[\w.:]{0,40} (?:failed|refused)|java\.net\.ConnectException)/i

export default defineImpactTest({
  id: 'server-request-made',
  family: 'answer',
  title: { en: 'The target fetched what was asked for', ko: '대상 서버의 내부 요청 수행' },
  reasoning: {
    en: 'Only the target reaches its own services and its cloud’s metadata: an answer that holds their words was fetched by it.',
    ko: '내부 서비스와 클라우드 메타데이터는 대상만 접근할 수 있으므로 응답에 그 내용이 있으면 대상이 가져온 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/19-Testing_for_Server-Side_Request_Forgery',
  appliesTo: 'Requests that name an address inside, answered with a body.',
  reads: ['exchanges', 'conversations'],
  applies: ({ attackClass }) => attackClass === 'server_side_request',
  test(of) {
    let tried = null
    for (const { said, body, cites } of ownRequests(of)) {
      const inside = INSIDE.exec(said)?.[0]
      if (inside === undefined) continue
      for (const { what, content } of CONTENT) {
        const shown = shownIn(body, content)
        if (shown !== null && !said.includes(shown.text))
          return {
            result: 'succeeded',
            confidence: 0.96,
            reason: {
              en: `The answer holds what only the target could fetch: ${what}, by way of ${inside}`,
              ko: `응답에 대상만 가져올 수 있는 내용이 있습니다: ${what}, 요청한 주소: ${inside}`,
            },
            cites,
            bytes: bytesOf(shown),
          }
      }
      const told = shownIn(body, TRIED)
      if (told !== null && !said.includes(told.text))
        tried ??= {
          result: 'likely' as const,
          confidence: 0.7,
          reason: {
            en: `The target tried the connection it was told to make: ${excerpt(told.text)}`,
            ko: `대상이 요청받은 연결을 시도했습니다: ${excerpt(told.text)}`,
          },
          cites,
          bytes: bytesOf(told),
        }
    }
    return tried
  },
  examples: [
    {
      name: 'keys of a cloud',
      of: {
        title: 'SSRF to metadata service',
        exchanges: [
          {
            url: '/fetch?u=http://169.254.169.254/latest/meta-data/iam/security-credentials/app',
            body: '{ "Code" : "Success", "AccessKeyId" : "ASIAEXAMPLE0EXAMPLE0", "SecretAccessKey" : "x" }',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a banner of SSH',
      of: {
        title: 'SSRF',
        exchanges: [{ url: '/fetch?u=http%3A%2F%2F127.0.0.1%3A22', body: 'Bad answer: SSH-2.0-OpenSSH_9.2p1 Debian-2' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'it tried',
      of: {
        title: 'SSRF',
        exchanges: [{ url: '/fetch?u=http://127.0.0.1:81/', status: 500, body: 'connect ECONNREFUSED 127.0.0.1:81' }],
      },
      expect: 'likely',
    },
    {
      name: 'refused before anything was tried',
      of: {
        title: 'SSRF',
        exchanges: [{ url: '/fetch?u=http://169.254.169.254/', status: 400, body: 'Address 169.254.169.254 is not allowed' }],
      },
      expect: null,
    },
    {
      name: 'a page that explains metadata',
      of: {
        title: 'SSRF',
        exchanges: [{ url: '/docs?u=http://localhost/', body: 'The ami-id and instance-id are found there.' }],
      },
      expect: null,
    },
    {
      name: 'an ordinary page with such keys, asked for from outside',
      of: { title: 'SSRF', exchanges: [{ url: '/fetch?u=http://www.example.com/', body: 'SSH-2.0-OpenSSH_9.2' }] },
      expect: null,
    },
  ],
})
