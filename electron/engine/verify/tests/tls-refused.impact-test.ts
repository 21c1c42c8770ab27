import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { cite, deciding } from '../octets.ts'
import { citesOf, eventsOf, textOf } from '../reading/values.ts'

const CLASSES = new Set<ImpactCase['attackClass']>([
  'command_and_control', 'malware', 'policy', 'code_execution', 'information_leak', 'exfiltration', null,
]) // prettier-ignore

/** A record of type alert, level fatal, before anything else (RFC 8446, section 6). */
const FATAL = /^\x15\x03[\x00-\x04]\x00\x02\x02([\s\S])/
const NAMES: Readonly<Record<number, string>> = {
  10: 'unexpected_message', 20: 'bad_record_mac', 40: 'handshake_failure', 42: 'bad_certificate', 45: 'certificate_expired', 46: 'certificate_unknown', 47: 'illegal_parameter',
  48: 'unknown_ca', 49: 'access_denied', 50: 'decode_error', 51: 'decrypt_error', 70: 'protocol_version', 71: 'insufficient_security', 80: 'internal_error', 86: 'inappropriate_fallback',
  112: 'unrecognized_name', 116: 'certificate_required', 120: 'no_application_protocol',
} // prettier-ignore
const HELLO = /^\x16\x03[\x00-\x04]/

export default defineImpactTest({
  id: 'tls-refused',
  family: 'answer',
  title: { en: 'The server refused the TLS session', ko: 'TLS 세션 거부' },
  reasoning: {
    en: 'A server that answers the client’s hello with a fatal alert has agreed to nothing, and nothing was sent inside.',
    ko: '서버가 클라이언트 헬로에 치명적 경고로 응답하면 합의된 것이 없고 내부로 전송된 데이터도 없습니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc8446#section-6',
  appliesTo: 'Alerts on flows of TLS, where every flow of the alert is known: streams, and Zeek’s log of sessions.',
  reads: ['own', 'flow', 'conversations'],
  applies: ({ attackClass, own, conversations }) =>
    CLASSES.has(attackClass) &&
    (conversations.some(({ sent }) => HELLO.test(sent.text)) ||
      own.some(({ type, fields }) => type === 'ssl' || type === 'tls' || fields['tls.ja3'] !== undefined)),
  test(of) {
    const ids = new Set(of.own.map(({ fields }) => textOf(fields, 'flow.id')).filter((id) => id !== ''))
    const tls = of.conversations.filter(({ sent }) => HELLO.test(sent.text))
    const refused = tls.flatMap(({ answered }) => {
      const match = FATAL.exec(answered.text)
      return match === null ? [] : [{ answered, code: (match[1] ?? '\0').charCodeAt(0), length: match[0].length }]
    })
    const [first] = refused
    if (first !== undefined && refused.length === of.conversations.length && refused.length >= Math.min(ids.size, 8)) {
      const name = NAMES[first.code] ?? String(first.code)
      return {
        result: 'failed',
        confidence: 0.9,
        reason: {
          en: `The server refused the session with a fatal alert: ${name}`,
          ko: `서버가 치명적 경고로 세션을 거부했습니다: ${name}`,
        },
        cites: refused.slice(0, 4).map(({ answered, length }) => cite(answered, 0, length)),
        bytes: deciding(first.answered, 0, first.length),
      }
    }
    if (tls.length > 0) return null
    const sessions = eventsOf(of.own, of.flow).filter(
      ({ type, format, fields }) => type === 'ssl' && format !== 'eve' && typeof fields['established'] === 'boolean',
    )
    // A handshake that is cut off is not refused: the server's own words are wanted.
    if (sessions.length === 0 || sessions.length < ids.size) return null
    if (
      !sessions.every(
        ({ fields }) =>
          fields['established'] === false && textOf(fields, 'last_alert') !== '' && textOf(fields, 'tls.subject') === '',
      )
    )
      return null
    return {
      result: 'failed',
      confidence: 0.84,
      reason: {
        en: `No session came about (${textOf(sessions[0]?.fields ?? {}, 'last_alert')}): ${sessions.length} of ${sessions.length}.`,
        ko: `TLS 세션이 성립하지 않았습니다(${textOf(sessions[0]?.fields ?? {}, 'last_alert')}): ${sessions.length}건 모두`,
      },
      cites: citesOf(sessions.map(({ id }) => id)),
    }
  },
  examples: [
    {
      name: 'the server wants another version',
      of: {
        title: 'JA3 of a known trojan',
        conversations: [{ port: 443, sent: '\x16\x03\x01\x00\x05hello', answered: '\x15\x03\x01\x00\x02\x02\x46' }],
      },
      expect: 'failed',
    },
    {
      name: 'refused, as Zeek tells',
      of: {
        title: 'JA3 of a known trojan',
        own: [
          { type: 'ssl', format: 'zeek-json', fields: { 'flow.id': 'C1', established: false, last_alert: 'handshake_failure' } },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'an alert behind the handshake closes a session that was there',
      of: {
        title: 'JA3 of a known trojan',
        conversations: [
          { port: 443, sent: '\x16\x03\x01\x00\x05hello', answered: '\x16\x03\x03\x00\x40server\x15\x03\x03\x00\x02\x02\x28' },
        ],
      },
      expect: null,
    },
    {
      name: 'a warning is no refusal',
      of: {
        title: 'JA3 of a known trojan',
        conversations: [{ port: 443, sent: '\x16\x03\x01\x00\x05hello', answered: '\x15\x03\x01\x00\x02\x01\x70' }],
      },
      expect: null,
    },
    {
      name: 'one of two flows was refused',
      of: {
        title: 'JA3 of a known trojan',
        own: [
          { type: 'ssl', format: 'zeek-json', fields: { 'flow.id': 'C1', established: false, last_alert: 'handshake_failure' } },
          { type: 'ssl', format: 'zeek-json', fields: { 'flow.id': 'C2', established: true } },
        ],
      },
      expect: null,
    },
  ],
})
