import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { cite, deciding, type Octets } from '../octets.ts'
import { loginOf } from '../reading/logins.ts'
import { citesOf, eventsOf } from '../reading/values.ts'

const CLASSES = new Set<ImpactCase['attackClass']>([
  'information_leak',
  'credential_access',
  'credential_attack',
  'login',
  'lateral_movement',
  'scan',
  null,
])
const PORTS = new Set([389, 3268])

/** BindResponse with its result (RFC 4511, section 4.2.2): `[APPLICATION 1] { resultCode ENUMERATED }`. */
const BIND =
  /\x30[\s\S]{1,5}\x02\x01[\s\S]\x61[\x07-\x7f]\x0a\x01([\s\S])|\x30[\s\S]{1,5}\x02\x01[\s\S]\x61\x84[\s\S]{4}\x0a\x01([\s\S])/g
/** BindRequest of version 3 with a name and a password of its own; neither is there where it is anonymous. */
const NAMED = /\x60[\s\S]{1,5}\x02\x01\x03\x04([\x01-\x7f])/

interface Bind {
  readonly code: number
  readonly octets: Octets
  readonly from: number
  readonly to: number
}

const bindsIn = (of: ImpactCase): Bind[] =>
  of.conversations
    .filter(({ server, sent }) => server.port !== null && PORTS.has(server.port) && NAMED.test(sent.text.slice(0, 65_536)))
    .flatMap(({ answered }) =>
      [...answered.text.slice(0, 65_536).matchAll(BIND)].slice(0, 200).map((match) => ({
        code: (match[1] ?? match[2] ?? '\x01').charCodeAt(0),
        octets: answered,
        from: match.index,
        to: match.index + match[0].length,
      })),
    )

/** 49 invalidCredentials, 32 noSuchObject, 53 unwillingToPerform, 8 strongerAuthRequired, 48 inappropriateAuthentication, 50 insufficientAccessRights. */
const REFUSED = new Set([8, 32, 48, 49, 50, 53])

export default defineImpactTest({
  id: 'ldap-bind-accepted',
  family: 'answer',
  title: { en: 'The directory accepted the name', ko: 'LDAP 인증 허용' },
  reasoning: {
    en: 'A directory answers each bind with a result: 0 where name and password are right, 49 where they are not.',
    ko: '디렉터리는 바인드 요청마다 결과를 응답하며, 0은 허용이고 49는 자격 증명 오류입니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc4511#section-4.2.2',
  appliesTo: 'Alerts on LDAP in which somebody signs in by name: Zeek, EVE, streams. Anonymous binds are none.',
  reads: ['own', 'flow', 'conversations'],
  applies: ({ attackClass, own, flow, target }) =>
    CLASSES.has(attackClass) &&
    ((target.port !== null && PORTS.has(target.port)) || [...own, ...flow].some(({ type }) => type === 'ldap')),
  test(of) {
    const logins = eventsOf(of.own, of.flow).flatMap((event) => {
      const login = event.type === 'ldap' ? loginOf(event) : null
      return login === null ? [] : [{ ...login, id: event.id }]
    })
    const binds = bindsIn(of)
    const accepted = logins.find((one) => one.accepted)
    const bound = binds.find(({ code }) => code === 0)
    if (accepted !== undefined || bound !== undefined)
      return {
        result: 'likely',
        confidence: 0.7,
        reason: {
          en: `The directory accepted a bind by name${accepted === undefined ? '' : `: ${accepted.user}`}.`,
          ko: `디렉터리가 이름을 사용한 바인드를 허용했습니다${accepted === undefined ? '' : `: ${accepted.user}`}.`,
        },
        cites:
          accepted !== undefined ? citesOf([accepted.id]) : bound === undefined ? [] : [cite(bound.octets, bound.from, bound.to)],
        ...(bound === undefined ? {} : { bytes: deciding(bound.octets, bound.from, bound.to) }),
      }
    const total = logins.length + binds.length
    const [first] = binds
    if (
      total === 0 ||
      !binds.every(({ code }) => REFUSED.has(code)) ||
      Math.max(logins.length, binds.length) < Math.min(of.alert.count, 100)
    )
      return null
    return {
      result: 'failed',
      confidence: 0.86,
      reason: {
        en: `The directory refused all binds by name: ${Math.max(logins.length, binds.length)}.`,
        ko: `디렉터리가 이름을 사용한 바인드를 모두 거부했습니다: ${Math.max(logins.length, binds.length)}건`,
      },
      cites:
        logins.length > 0
          ? citesOf(logins.map(({ id }) => id))
          : binds.slice(0, 4).map(({ octets, from, to }) => cite(octets, from, to)),
      ...(first === undefined ? {} : { bytes: deciding(first.octets, first.from, first.to) }),
    }
  },
  examples: [
    {
      name: 'accepted, as Zeek tells',
      of: {
        title: 'LDAP login from the DMZ',
        port: 389,
        own: [
          {
            type: 'ldap',
            format: 'zeek-json',
            fields: { opcode: 'bind simple', result: 'success', object: 'cn=svc,dc=x', 'src.ip': '203.0.113.9' },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'refused, in the stream',
      of: {
        title: 'LDAP login from the DMZ',
        port: 389,
        conversations: [
          {
            port: 389,
            sent: '\x30\x18\x02\x01\x01\x60\x13\x02\x01\x03\x04\x04cn=a\x80\x03pwd',
            answered: '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x31\x04\x00\x04\x00',
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'accepted after a refusal, in the stream',
      of: {
        title: 'LDAP login from the DMZ',
        port: 389,
        conversations: [
          {
            port: 389,
            sent: '\x30\x18\x02\x01\x01\x60\x13\x02\x01\x03\x04\x04cn=a\x80\x03pwd',
            answered:
              '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x31\x04\x00\x04\x00\x30\x0c\x02\x01\x02\x61\x07\x0a\x01\x00\x04\x00\x04\x00',
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'an anonymous bind, which anybody may make',
      of: {
        title: 'LDAP login from the DMZ',
        port: 389,
        conversations: [
          {
            port: 389,
            sent: '\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00',
            answered: '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00',
          },
        ],
      },
      expect: null,
    },
    {
      name: 'one refusal seen of forty',
      of: {
        title: 'LDAP password guessing',
        port: 389,
        count: 40,
        own: [
          { type: 'ldap', format: 'zeek-json', fields: { opcode: 'bind simple', result: 'invalid credentials', object: 'cn=a' } },
        ],
      },
      expect: null,
    },
  ],
})
