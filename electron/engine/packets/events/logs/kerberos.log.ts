import { encryptionName, kerberosError } from '../kerberos-names.ts'
import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment, type Said } from '../define.ts'

const MOST_WAITING = 64

interface KerberosMessage {
  readonly at: Moment
  readonly flow: FlowName
  readonly type: number
  client: string[]
  clientRealm: string
  service: string[]
  realm: string
  /** Of the ticket. */
  ticket: number
  asked: number[]
  error: number
}

/** The message of the packet: what a request carries inside is of the ticket that it shows, up to the body's own realm. */
function messageOf(said: Said): KerberosMessage | null {
  let one: KerberosMessage | null = null
  for (const fact of said.facts) {
    const name = nameOf(fact)
    if (name === 'kerberos.msg_type') {
      one ??= {
        at: said.at, flow: said.flow, type: numberOf(fact), client: [], clientRealm: '', service: [], realm: '', ticket: -1, asked: [], error: -1,
      } // prettier-ignore
      continue
    }
    if (one === null) continue
    switch (name) {
      case 'kerberos.realm':
        one.realm = textOf(fact)
        one.service = []
        one.ticket = -1
        break
      case 'kerberos.crealm':
        one.clientRealm = textOf(fact)
        break
      case 'kerberos.CNameString':
        if (one.client.length < 8) one.client.push(textOf(fact))
        break
      case 'kerberos.SNameString':
        if (one.service.length < 8) one.service.push(textOf(fact))
        break
      case 'kerberos.etype':
        if (one.realm !== '' && one.ticket < 0) one.ticket = numberOf(fact)
        break
      case 'kerberos.ENCTYPE':
        if (one.asked.length < 32) one.asked.push(numberOf(fact))
        break
      case 'kerberos.error_code':
        one.error = numberOf(fact)
        break
      default:
    }
  }
  return one
}

const principal = (parts: readonly string[], realm: string): string =>
  parts.length === 0 ? '' : realm === '' ? parts.join('/') : `${parts.join('/')}/${realm}`

function say(asked: KerberosMessage | undefined, answer: KerberosMessage | undefined, emit: Emit): void {
  const first = asked ?? answer
  if (first === undefined) return
  const type = asked?.type ?? answer?.type ?? 0
  const named = answer !== undefined && answer.client.length > 0 ? answer : asked
  const served = answer !== undefined && answer.error < 0 && answer.service.length > 0 ? answer : (asked ?? answer)
  const failed = answer !== undefined && answer.error >= 0
  emit('kerberos', first.at, first.flow, {
    request_type:
      type === 10 || type === 11 ? 'AS' : type === 12 || type === 13 ? 'TGS' : type === 14 || type === 15 ? 'AP' : undefined,
    client: named && principal(named.client, named.clientRealm || named.realm),
    service: served?.service.join('/'),
    realm: served?.realm,
    success: answer === undefined ? undefined : !failed,
    error_code: failed ? answer.error : undefined,
    error_msg: failed ? kerberosError(answer.error) : undefined,
    cipher: answer !== undefined && answer.ticket >= 0 ? encryptionName(answer.ticket) : undefined,
    request_ciphers: asked?.asked.map(encryptionName),
    answer_packet: asked && answer && answer.at.packet + 1,
  })
}

/** A request to the key distribution centre and what came of it. */
export default defineLog<KerberosMessage[]>({
  id: 'kerberos',
  protocols: ['kerberos'],
  begin: () => [],
  take(said, waiting, emit) {
    const one = messageOf(said)
    if (one === null) return
    if (one.type === 10 || one.type === 12) {
      waiting.push(one)
      const oldest = waiting.length > MOST_WAITING ? waiting.shift() : undefined
      if (oldest !== undefined) say(oldest, undefined, emit)
    } else if (one.type === 11 || one.type === 13 || one.type === 30) say(waiting.shift(), one, emit)
  },
  end(waiting, emit) {
    for (const one of waiting) say(one, undefined, emit)
    waiting.length = 0
  },
})
