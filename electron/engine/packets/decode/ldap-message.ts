/** LDAP messages (RFC 4511), for LDAP and CLDAP. */
import { child, element, elements, integer, textOf, type Element } from './ber.ts'
import type { DecoderField, Facts } from './define.ts'

export const LDAP_OPERATIONS: Readonly<Record<number, string>> = {
  0: 'bindRequest',
  1: 'bindResponse',
  2: 'unbindRequest',
  3: 'searchRequest',
  4: 'searchResEntry',
  5: 'searchResDone',
  6: 'modifyRequest',
  7: 'modifyResponse',
  8: 'addRequest',
  9: 'addResponse',
  10: 'delRequest',
  11: 'delResponse',
  12: 'modDNRequest',
  13: 'modDNResponse',
  14: 'compareRequest',
  15: 'compareResponse',
  16: 'abandonRequest',
  19: 'searchResRef',
  23: 'extendedReq',
  24: 'extendedResp',
  25: 'intermediateResponse',
}
const RESULTS: Readonly<Record<number, string>> = {
  0: 'success', 1: 'operationsError', 2: 'protocolError', 3: 'timeLimitExceeded', 4: 'sizeLimitExceeded', 5: 'compareFalse', 6: 'compareTrue',
  7: 'authMethodNotSupported', 8: 'strongerAuthRequired', 10: 'referral', 11: 'adminLimitExceeded', 12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired', 14: 'saslBindInProgress', 16: 'noSuchAttribute', 17: 'undefinedAttributeType', 18: 'inappropriateMatching',
  19: 'constraintViolation', 20: 'attributeOrValueExists', 21: 'invalidAttributeSyntax', 32: 'noSuchObject', 33: 'aliasProblem',
  34: 'invalidDNSyntax', 36: 'aliasDereferencingProblem', 48: 'inappropriateAuthentication', 49: 'invalidCredentials',
  50: 'insufficientAccessRights', 51: 'busy', 52: 'unavailable', 53: 'unwillingToPerform', 54: 'loopDetect', 64: 'namingViolation',
  65: 'objectClassViolation', 66: 'notAllowedOnNonLeaf', 67: 'notAllowedOnRDN', 68: 'entryAlreadyExists', 69: 'objectClassModsProhibited',
  71: 'affectsMultipleDSAs', 80: 'other',
} // prettier-ignore
const SCOPES = ['baseObject', 'singleLevel', 'wholeSubtree']

export const ldapFields: readonly DecoderField[] = [
  { name: 'ldap.messageID', type: 'uint', doc: 'Message id' },
  { name: 'ldap.protocolOp', type: 'uint', doc: 'Operation: its tag' },
  { name: 'ldap.version', type: 'uint', doc: 'Version of a bind' },
  { name: 'ldap.name', type: 'text', doc: 'Name of a bind' },
  { name: 'ldap.authentication', type: 'uint', doc: 'Authentication: 0 simple, 3 SASL' },
  { name: 'ldap.mechanism', type: 'text', doc: 'SASL mechanism' },
  { name: 'ldap.baseObject', type: 'text', doc: 'Base of a search' },
  { name: 'ldap.scope', type: 'uint', doc: 'Scope of a search' },
  { name: 'ldap.filter_text', type: 'text', doc: 'Filter of a search, as text (own field)' },
  { name: 'ldap.AttributeDescription', type: 'text', doc: 'Attribute that is asked for' },
  { name: 'ldap.objectName', type: 'text', doc: 'Object of a search result' },
  { name: 'ldap.object', type: 'text', doc: 'Object that is modified' },
  { name: 'ldap.entry', type: 'text', doc: 'Object that is added, renamed or compared' },
  { name: 'ldap.delRequest', type: 'text', doc: 'Object that is deleted' },
  { name: 'ldap.resultCode', type: 'uint', doc: 'Result' },
  { name: 'ldap.errorMessage', type: 'text', doc: 'Error' },
  { name: 'ldap.requestName', type: 'text', doc: 'Extended operation' },
]

/** State of one connection that the messages change. */
export interface LdapState {
  /** Searches by message id: entries so far. */
  readonly searches: Map<number, number>
  sasl: string
  startTls: boolean
}
export const ldapState = (): LdapState => ({ searches: new Map(), sasl: '', startTls: false })

interface At {
  readonly data: Uint8Array
  readonly out: Facts
}
function text({ data, out }: At, field: string, one: Element | undefined): string {
  if (one === undefined) return ''
  const value = textOf(data, one)
  out.fact(field, value, one.from, one.to - one.from)
  return value
}
/** Names of nothing are the root's. */
const named = (name: string): string => `"${name === '' ? '<ROOT>' : name}"`

const DEEPEST = 32
const LONGEST = 4096
/** Escapes what would change the filter's meaning (RFC 4515). */
const escaped = (value: string): string =>
  value.replace(/[\\*()\0-\x1f]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** A filter as text (RFC 4515). Bounded in depth and length: `…` where it ends. */
export function filterText(data: Uint8Array, one: Element, left = { characters: LONGEST }, depth = 0): string {
  if (depth > DEEPEST || left.characters <= 0) return '…'
  const kind = one.tag & 0x1f
  const simple = (element: Element | undefined): string => (element === undefined ? '' : escaped(textOf(data, element, 512)))
  let result: string
  if (kind === 0 || kind === 1) {
    let parts = ''
    for (const part of elements(data, one.from, one.to, 128)) {
      parts += filterText(data, part, left, depth + 1)
      if (left.characters <= 0) break
    }
    return `(${kind === 0 ? '&' : '|'}${parts})`
  }
  if (kind === 2) {
    const part = element(data, one.from, one.to)
    return `(!${part === null ? '' : filterText(data, part, left, depth + 1)})`
  }
  if (kind === 7) result = `(${simple(one)}=*)`
  else if (kind === 4) {
    const [attribute, list] = elements(data, one.from, one.to, 2)
    let value = ''
    if (list !== undefined) {
      const parts = elements(data, list.from, list.to, 32)
      for (const [i, part] of parts.entries()) {
        const place = part.tag & 0x1f
        value += (i === 0 && place !== 0 ? '*' : '') + simple(part) + (place === 2 ? '' : '*')
      }
    }
    result = `(${simple(attribute)}=${value})`
  } else if (kind === 9) {
    const attribute = child(data, one, 0x82)
    const rule = child(data, one, 0x81)
    result = `(${simple(attribute)}${rule === undefined ? '' : `:${simple(rule)}`}:=${simple(child(data, one, 0x83))})`
  } else {
    const [attribute, value] = elements(data, one.from, one.to, 2)
    result = `(${simple(attribute)}${kind === 5 ? '>=' : kind === 6 ? '<=' : kind === 8 ? '~=' : '='}${simple(value)})`
  }
  left.characters -= result.length
  return result
}

function bind(at: At, op: Element, line: string, state: LdapState): string {
  const { data, out } = at
  const [version, name, choice] = elements(data, op.from, op.to, 3)
  const number = integer(data, version)
  if (version !== undefined && number !== undefined) out.fact('ldap.version', number, version.from, 1)
  line += ` ${named(text(at, 'ldap.name', name))} `
  if (choice === undefined) return line
  const kind = choice.tag & 0x1f
  out.fact('ldap.authentication', kind, choice.at, 1)
  if (kind === 0) return `${line}simple `
  if (kind === 3) {
    const mechanism = element(data, choice.from, choice.to)
    state.sasl = mechanism === null ? '' : text(at, 'ldap.mechanism', mechanism)
    out.line(`${line}sasl `)
    const token = mechanism === null ? null : element(data, mechanism.next, choice.to)
    if (token !== null && token.to > token.from && SECURITY.test(state.sasl)) out.inner('gss-api', data, token.from, token.to)
    return ''
  }
  // Microsoft's Sicily (MS-ADTS, section 5.1.1.1.3): NTLM's messages as they are.
  if (kind >= 9 && kind <= 11) {
    out.line(line)
    if (choice.to - choice.from >= 8 && data[choice.from] === 0x4e) out.inner('ntlmssp', data, choice.from, choice.to)
    return ''
  }
  return line
}

function search(at: At, op: Element, id: number, line: string, state: LdapState): string {
  const { data, out } = at
  const [base, scope, , , , , filter, attributes] = elements(data, op.from, op.to, 8)
  line += ` ${named(text(at, 'ldap.baseObject', base))} `
  const reach = integer(data, scope)
  if (scope !== undefined && reach !== undefined) {
    out.fact('ldap.scope', reach, scope.from, 1)
    line += `${SCOPES[reach] ?? reach} `
  }
  if (filter !== undefined) out.fact('ldap.filter_text', filterText(data, filter), filter.at, filter.to - filter.at)
  if (attributes !== undefined)
    for (const one of elements(data, attributes.from, attributes.to, 128)) text(at, 'ldap.AttributeDescription', one)
  if (state.searches.size > 1024) state.searches.clear()
  state.searches.set(id, 0)
  return line
}

function result(at: At, op: Element, line: string): string {
  const { data, out } = at
  const [code, matched, message] = elements(data, op.from, op.to, 3)
  const value = integer(data, code)
  if (code !== undefined && value !== undefined) {
    out.fact('ldap.resultCode', value, code.from, code.to - code.from)
    line += ` ${RESULTS[value] ?? value} `
  }
  // In answers to Sicily a message of NTLM stands where the name is.
  if (matched !== undefined && matched.to - matched.from >= 12 && textOf(data, matched, 7) === 'NTLMSSP') {
    out.line(line)
    out.inner('ntlmssp', data, matched.from, matched.to)
    line = ''
  }
  const error = message === undefined ? '' : text(at, 'ldap.errorMessage', message)
  return error === '' || line === '' ? line : `${line}(${error.replace(/[\0-\x1f]/g, '').slice(0, 200)}) `
}

/** Facts of one LDAPMessage. Its line: '' where it was said already; null where it is none. `end` is behind it. */
export function readLdap(
  data: Uint8Array,
  from: number,
  to: number,
  out: Facts,
  state: LdapState,
): { readonly line: string; readonly next: number } | null {
  const message = element(data, from, to)
  if (message === null || message.tag !== 0x30) return null
  const id = element(data, message.from, message.to)
  const number = id === null ? undefined : integer(data, id)
  const op = id === null ? null : element(data, id.next, message.to)
  if (id === null || id.tag !== 0x02 || number === undefined || op === null || (op.tag & 0xc0) !== 0x40) return null
  const at: At = { data, out }
  const kind = op.tag & 0x1f
  const name = LDAP_OPERATIONS[kind]
  out.fact('ldap.messageID', number, id.from, id.to - id.from)
  out.fact('ldap.protocolOp', kind, op.at, 1)
  let line = `${name ?? `Unknown operation ${kind}`}(${number})`
  const first = element(data, op.from, op.to) ?? undefined
  if (kind === 0) line = bind(at, op, line, state)
  else if (kind === 3) line = search(at, op, number, line, state)
  else if (kind === 4) {
    state.searches.set(number, (state.searches.get(number) ?? 0) + 1)
    line += ` ${named(text(at, 'ldap.objectName', first))} `
  } else if (kind === 6) line += ` ${named(text(at, 'ldap.object', first))}`
  else if (kind === 8 || kind === 12 || kind === 14) line += ` ${named(text(at, 'ldap.entry', first))}`
  else if (kind === 10) line += ` ${named(text(at, 'ldap.delRequest', op))}`
  else if (kind === 23) {
    const operation = first === undefined ? '' : text(at, 'ldap.requestName', first)
    if (operation === START_TLS) state.startTls = true
    line += operation === START_TLS ? ' LDAP_START_TLS_OID ' : ` ${operation} `
  } else if (name !== undefined && (name.endsWith('Response') || kind === 5 || kind === 24) && kind !== 25) {
    line = result(at, op, line)
    if (kind === 5) {
      const found = state.searches.get(number) ?? 0
      state.searches.delete(number)
      if (line !== '') line += ` [${found} result${found === 1 ? '' : 's'}]`
    } else if (kind === 24 && state.startTls && integer(data, first) === 0) out.become('tls')
  } else line += ' '
  if (kind === 1 && first !== undefined) {
    const credentials = child(data, op, 0x87)
    if (credentials !== undefined && credentials.to > credentials.from && SECURITY.test(state.sasl)) {
      if (line !== '') out.line(line)
      line = ''
      out.inner(data[credentials.from] === 0xa1 ? 'spnego' : 'gss-api', data, credentials.from, credentials.to)
    }
  }
  return { line, next: message.next }
}

/** Mechanisms whose tokens are those of GSS-API. */
const SECURITY = /^(GSS|NTLM)/
const START_TLS = '1.3.6.1.4.1.1466.20037'
