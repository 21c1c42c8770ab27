/** Kerberos 5 messages (RFC 4120, section 5): names, realms, encryption types and errors. Nothing is decrypted. */
import { element, elements, inside, integer, textOf, type Element } from './ber.ts'
import type { Facts } from './define.ts'

export const KERBEROS_TYPES: Readonly<Record<number, string>> = {
  10: 'AS-REQ',
  11: 'AS-REP',
  12: 'TGS-REQ',
  13: 'TGS-REP',
  14: 'AP-REQ',
  15: 'AP-REP',
  16: 'TGT-REQ',
  17: 'TGT-REP',
  20: 'KRB-SAFE',
  21: 'KRB-PRIV',
  22: 'KRB-CRED',
  30: 'KRB-ERROR',
}
/** True where the first octet is the tag of a message: APPLICATION, constructed. */
export const isKerberosTag = (tag: number): boolean => (tag & 0xe0) === 0x60 && KERBEROS_TYPES[tag & 0x1f] !== undefined

/** Names of errors that are met often (RFC 4120, section 7.5.9). */
const ERRORS: Readonly<Record<number, string>> = {
  0: 'KRB5KDC_ERR_NONE',
  1: 'KRB5KDC_ERR_NAME_EXP',
  2: 'KRB5KDC_ERR_SERVICE_EXP',
  3: 'KRB5KDC_ERR_BAD_PVNO',
  6: 'KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN',
  7: 'KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN',
  8: 'KRB5KDC_ERR_PRINCIPAL_NOT_UNIQUE',
  9: 'KRB5KDC_ERR_NULL_KEY',
  10: 'KRB5KDC_ERR_CANNOT_POSTDATE',
  11: 'KRB5KDC_ERR_NEVER_VALID',
  12: 'KRB5KDC_ERR_POLICY',
  13: 'KRB5KDC_ERR_BADOPTION',
  14: 'KRB5KDC_ERR_ETYPE_NOSUPP',
  16: 'KRB5KDC_ERR_PADATA_TYPE_NOSUPP',
  18: 'KRB5KDC_ERR_CLIENT_REVOKED',
  23: 'KRB5KDC_ERR_KEY_EXP',
  24: 'KRB5KDC_ERR_PREAUTH_FAILED',
  25: 'KRB5KDC_ERR_PREAUTH_REQUIRED',
  26: 'KRB5KDC_ERR_SERVER_NOMATCH',
  31: 'KRB5KRB_AP_ERR_BAD_INTEGRITY',
  32: 'KRB5KRB_AP_ERR_TKT_EXPIRED',
  33: 'KRB5KRB_AP_ERR_TKT_NYV',
  34: 'KRB5KRB_AP_ERR_REPEAT',
  35: 'KRB5KRB_AP_ERR_NOT_US',
  37: 'KRB5KRB_AP_ERR_SKEW',
  41: 'KRB5KRB_AP_ERR_MODIFIED',
  52: 'KRB5KRB_ERR_RESPONSE_TOO_BIG',
  60: 'KRB5KRB_ERR_GENERIC',
  68: 'KRB5KDC_ERR_WRONG_REALM',
}

interface At {
  readonly data: Uint8Array
  readonly out: Facts
}

function textFact({ data, out }: At, field: string, one: Element | undefined): void {
  if (one !== undefined && one.whole) out.fact(field, textOf(data, one), one.from, one.to - one.from)
}
function numberFact({ data, out }: At, field: string, one: Element | undefined): number | undefined {
  const value = integer(data, one)
  if (one !== undefined && value !== undefined) out.fact(field, value, one.from, one.to - one.from)
  return value
}
/** Every part of a PrincipalName. */
function principal(at: At, field: string, name: Element | undefined): void {
  const parts = inside(at.data, name, 1)
  if (parts === undefined) return
  for (const part of elements(at.data, parts.from, parts.to, 16)) textFact(at, field, part)
}
function encrypted(at: At, one: Element | undefined): void {
  numberFact(at, 'kerberos.etype', inside(at.data, one, 0))
}
/** `one` is [APPLICATION 1]. */
function ticket(at: At, one: Element | undefined): void {
  if (one?.tag !== 0x61) return
  const sequence = element(at.data, one.from, one.to) ?? undefined
  textFact(at, 'kerberos.realm', inside(at.data, sequence, 1))
  principal(at, 'kerberos.SNameString', inside(at.data, sequence, 2))
  encrypted(at, inside(at.data, sequence, 3))
}

/** PA-DATA: the ticket of a request to the ticket granting service is in one, what the service can encrypt with in others. */
function preauthentication(at: At, list: Element | undefined): void {
  if (list === undefined) return
  const { data } = at
  for (const one of elements(data, list.from, list.to, 32)) {
    const type = numberFact(at, 'kerberos.padata_type', inside(data, one, 1))
    const value = inside(data, one, 2)
    const content = value === undefined ? null : element(data, value.from, value.to)
    if (content === null) continue
    if (type === 1 && content.tag === 0x6e) request(at, content)
    else if (type === 2) encrypted(at, content)
    else if (type === 11 || type === 19)
      for (const entry of elements(data, content.from, content.to, 32)) numberFact(at, 'kerberos.etype', inside(data, entry, 0))
  }
}
/** AP-REQ. */
function request(at: At, message: Element): void {
  const sequence = element(at.data, message.from, message.to) ?? undefined
  numberFact(at, 'kerberos.msg_type', inside(at.data, sequence, 1))
  ticket(at, inside(at.data, sequence, 3))
  encrypted(at, inside(at.data, sequence, 4))
}

/** Facts of the message whose tag is at `from`; its line, or null where there is no Kerberos. */
export function readKerberos(data: Uint8Array, from: number, to: number, out: Facts): string | null {
  const message = element(data, from, to)
  if (message === null || !isKerberosTag(message.tag)) return null
  const at: At = { data, out }
  const type = message.tag & 0x1f
  const sequence = element(data, message.from, message.to) ?? undefined
  if (sequence?.tag !== 0x30) {
    out.malformed()
    return KERBEROS_TYPES[type] ?? null
  }
  const field = (context: number) => inside(data, sequence, context)
  if (type === 10 || type === 12) {
    numberFact(at, 'kerberos.msg_type', field(2))
    preauthentication(at, field(3))
    const body = field(4)
    principal(at, 'kerberos.CNameString', inside(data, body, 1))
    textFact(at, 'kerberos.realm', inside(data, body, 2))
    principal(at, 'kerberos.SNameString', inside(data, body, 3))
    const types = inside(data, body, 8)
    if (types !== undefined) for (const one of elements(data, types.from, types.to, 64)) numberFact(at, 'kerberos.ENCTYPE', one)
  } else if (type === 11 || type === 13) {
    numberFact(at, 'kerberos.msg_type', field(1))
    preauthentication(at, field(2))
    textFact(at, 'kerberos.crealm', field(3))
    principal(at, 'kerberos.CNameString', field(4))
    ticket(at, field(5))
    encrypted(at, field(6))
  } else if (type === 14) request(at, message)
  else if (type === 15) {
    numberFact(at, 'kerberos.msg_type', field(1))
    encrypted(at, field(2))
  } else if (type === 30) {
    numberFact(at, 'kerberos.msg_type', field(1))
    const code = numberFact(at, 'kerberos.error_code', field(6))
    textFact(at, 'kerberos.crealm', field(7))
    principal(at, 'kerberos.CNameString', field(8))
    textFact(at, 'kerberos.realm', field(9))
    principal(at, 'kerberos.SNameString', field(10))
    textFact(at, 'kerberos.e_text', field(11))
    const rest = field(12)
    // What may be used instead: a list of PA-DATA, where it is one.
    const offered = rest === undefined ? null : element(data, rest.from, rest.to)
    if (offered?.tag === 0x30 && data[offered.from] === 0x30) preauthentication(at, offered)
    return code === undefined ? 'KRB-ERROR' : `KRB Error: ${ERRORS[code] ?? `Unknown error code ${code}`}`
  } else numberFact(at, 'kerberos.msg_type', field(1))
  return KERBEROS_TYPES[type] ?? null
}

/** TGT-REQ and TGT-REP of user-to-user authentication (RFC 4120, section 3.7; draft-swift-win2k-krb-user2user). */
export function readUserToUser(data: Uint8Array, from: number, to: number, out: Facts): void {
  const at: At = { data, out }
  const sequence = element(data, from, to) ?? undefined
  if (sequence?.tag !== 0x30) return
  const type = numberFact(at, 'kerberos.msg_type', inside(data, sequence, 1))
  if (type === 16) {
    principal(at, 'kerberos.SNameString', inside(data, sequence, 2))
    textFact(at, 'kerberos.realm', inside(data, sequence, 3))
  } else ticket(at, inside(data, sequence, 2))
}
