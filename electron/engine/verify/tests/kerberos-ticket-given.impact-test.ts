import type { CaseEvent, ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { citesOf, eventsOf, numberOf, textOf } from '../reading/values.ts'

interface Ticket {
  readonly given: boolean
  /** Encrypted so that a password can be looked for offline. */
  readonly weak: boolean
  /** Without proof of a password. */
  readonly unasked: boolean
  readonly service: string
  readonly event: string
}

/** Tickets of hosts and of the domain itself have random keys. */
const isHost = (service: string): boolean => /\$(?:@|$)|^krbtgt\b|^(?:host|cifs|ldap|dns|gc|rpcss)\//i.test(service)
/** RC4 (0x17, 0x18) and DES (0x1, 0x3). */
const WEAK = new Set([1, 3, 23, 24])

function ticketOf({ id, type, format, fields }: CaseEvent): Ticket | null {
  const number = numberOf(fields, 'win.event_id')
  if (number === 4768 || number === 4769) {
    const status = textOf(fields, 'Status')
    const service = textOf(fields, 'service.name')
    return {
      given: /^0(?:x0{1,8})?$/.test(status),
      weak: WEAK.has(numberOf(fields, 'TicketEncryptionType') ?? 0),
      unasked: number === 4768 && textOf(fields, 'PreAuthType') === '0',
      service: number === 4768 ? '' : service,
      event: id,
    }
  }
  if (type === 'kerberos' && format !== 'eve') {
    if (typeof fields['success'] !== 'boolean' || textOf(fields, 'request_type') !== 'TGS') return null
    return {
      given: fields['success'],
      weak: /rc4|des-cbc|des3/i.test(textOf(fields, 'cipher')),
      unasked: false,
      service: textOf(fields, 'service.name'),
      event: id,
    }
  }
  if (format === 'eve' && type === 'krb5') {
    const kind = textOf(fields, 'krb5.msg_type')
    if (kind === 'KRB_ERROR') return /TGS/.test(textOf(fields, 'krb5.failed_request')) ? { given: false, weak: false, unasked: false, service: textOf(fields, 'service.name'), event: id } : null // prettier-ignore
    if (kind !== 'KRB_TGS_REP') return null
    return {
      given: true,
      weak: fields['krb5.weak_encryption'] === true || /rc4|des-cbc/i.test(textOf(fields, 'krb5.encryption')),
      unasked: false,
      service: textOf(fields, 'service.name'),
      event: id,
    }
  }
  return null
}

const isAbout = ({ alert, attackClass }: ImpactCase): boolean =>
  /kerberoast|as-?rep|roast|service ticket|\brc4\b.{0,24}ticket|ticket.{0,24}\brc4\b|\btgs\b/i.test(alert.title) ||
  (attackClass === 'credential_access' && alert.attack.some((technique) => technique.startsWith('T1558')))

export default defineImpactTest({
  id: 'kerberos-ticket-given',
  family: 'answer',
  title: { en: 'A ticket was given that a password can be found from', ko: '비밀번호 추출이 가능한 티켓 발급' },
  reasoning: {
    en: 'Tickets with RC4 for accounts of people and services can be taken away and guessed at; whether the password was found shows later, if at all.',
    ko: '사람이나 서비스 계정의 RC4 티켓은 가져가서 비밀번호를 추측할 수 있습니다. 비밀번호를 찾았는지는 나중에야 드러납니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1558/003/',
  appliesTo: 'Roasting of tickets: Windows 4768 and 4769, EVE, Zeek.',
  reads: ['own', 'flow'],
  applies: isAbout,
  test({ own, flow, alert }) {
    const tickets = eventsOf(own, flow).flatMap((event) => ticketOf(event) ?? [])
    const given = tickets.filter((one) => one.given)
    const roastable = given.filter(({ weak, unasked, service }) => unasked || (weak && !isHost(service)))
    const [first] = roastable
    if (first !== undefined)
      return {
        result: 'likely',
        confidence: roastable.length > 1 ? 0.85 : 0.75,
        reason: first.unasked
          ? { en: 'A ticket was given without any proof of a password.', ko: '비밀번호 확인 없이 티켓이 발급되었습니다.' }
          : {
              en: `Tickets with weak encryption were given for ${roastable.length} accounts: ${first.service}`,
              ko: `약한 암호화를 사용한 티켓이 발급되었습니다. 건수: ${roastable.length}, 서비스: ${first.service}`,
            },
        cites: citesOf(roastable.map(({ event }) => event)),
      }
    if (given.length > 0)
      return {
        result: 'attempted',
        confidence: 0.5,
        reason: {
          en: `Tickets were given, with strong encryption or for hosts: ${given.length}.`,
          ko: `강한 암호화를 사용하거나 호스트용인 티켓이 발급되었습니다: ${given.length}건`,
        },
        cites: citesOf(given.map(({ event }) => event)),
      }
    if (tickets.length === 0 || tickets.length < Math.min(alert.count, 100)) return null
    return {
      result: 'failed',
      confidence: 0.87,
      reason: {
        en: `No ticket was given: ${tickets.length} requests were refused.`,
        ko: `티켓이 발급되지 않았습니다. 거부된 요청: ${tickets.length}건`,
      },
      cites: citesOf(tickets.map(({ event }) => event)),
    }
  },
  examples: [
    {
      name: 'RC4 for an account of a service',
      of: {
        title: 'Kerberoasting',
        own: [
          {
            type: '4769',
            format: 'windows-json',
            fields: { 'win.event_id': 4769, Status: '0x0', TicketEncryptionType: '0x17', 'service.name': 'svc_sql' },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'no proof of a password was asked for',
      of: {
        title: 'AS-REP roasting',
        own: [
          {
            type: '4768',
            format: 'windows-json',
            fields: {
              'win.event_id': 4768,
              Status: '0x0',
              PreAuthType: '0',
              TicketEncryptionType: '0x17',
              'service.name': 'krbtgt',
            },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'strong encryption',
      of: {
        title: 'Kerberoasting',
        own: [
          {
            type: 'krb5',
            fields: {
              'krb5.msg_type': 'KRB_TGS_REP',
              'krb5.encryption': 'aes256-cts-hmac-sha1-96',
              'service.name': 'MSSQLSvc/db',
            },
          },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'refused',
      of: {
        title: 'Kerberoasting',
        own: [
          {
            type: 'kerberos',
            format: 'zeek-json',
            fields: { request_type: 'TGS', success: false, error_msg: 'KDC_ERR_S_PRINCIPAL_UNKNOWN', 'service.name': 'x/y' },
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'RC4 for a host, whose key is random',
      of: {
        title: 'Kerberoasting',
        own: [
          {
            type: '4769',
            format: 'windows-json',
            fields: { 'win.event_id': 4769, Status: '0x0', TicketEncryptionType: '0x17', 'service.name': 'FILE-01$' },
          },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'a ticket as everybody gets it, another detection',
      of: {
        title: 'Login from a new country',
        own: [
          {
            type: '4769',
            format: 'windows-json',
            fields: { 'win.event_id': 4769, Status: '0x0', TicketEncryptionType: '0x17', 'service.name': 'svc_sql' },
          },
        ],
      },
      expect: null,
    },
  ],
})
