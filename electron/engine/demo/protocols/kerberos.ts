/** Kerberos 5 messages (RFC 4120) as a domain controller and its clients send them over TCP 88. */
import type { Micros } from '../../../../shared/model/time.ts'
import { concat, raw, u32, type Payload } from '../payload.ts'
import type { Random } from '../random.ts'
import { application, bits, context, generalString, generalizedTime, integer, octets, sequence } from './der.ts'

const ETYPES = { 'aes256-cts-hmac-sha1-96': 18, 'rc4-hmac': 23 } as const
export type Cipher = keyof typeof ETYPES

const principal = (type: number, name: string): Uint8Array =>
  sequence(context(0, integer(type)), context(1, sequence(...name.split('/').map(generalString))))
const framed = (body: Uint8Array): Payload => raw(concat(u32(body.length), body))
const sealed = (random: Random, cipher: Cipher, length: number): Uint8Array =>
  sequence(context(0, integer(ETYPES[cipher])), context(1, integer(2)), context(2, octets(random.bytes(length))))

const ticketFor = (random: Random, request: KerberosRequest, service: string): Uint8Array =>
  application(
    1,
    sequence(
      context(0, integer(5)),
      context(1, generalString(request.realm)),
      context(2, principal(2, service)),
      context(3, sealed(random, request.cipher, 980)),
    ),
  )

export interface KerberosRequest {
  readonly kind: 'AS' | 'TGS'
  readonly realm: string
  readonly client: string
  readonly service: string
  readonly cipher: Cipher
  readonly till: Micros
}

export function kerberosRequest(random: Random, request: KerberosRequest): Payload {
  const as = request.kind === 'AS'
  const body = sequence(
    context(0, bits(Uint8Array.of(0x40, 0x81, 0x00, 0x10))),
    ...(as ? [context(1, principal(1, request.client))] : []),
    context(2, generalString(request.realm)),
    context(3, principal(2, request.service)),
    context(5, generalizedTime(request.till)),
    context(7, integer(random.uint32() & 0x7fffffff)),
    context(8, sequence(integer(18), integer(17), integer(23))),
  )
  const proof = as
    ? sealed(random, request.cipher, 56)
    : application(
        14,
        sequence(
          context(0, integer(5)),
          context(1, integer(14)),
          context(2, bits(new Uint8Array(4))),
          context(3, ticketFor(random, request, `krbtgt/${request.realm}`)),
          context(4, sealed(random, request.cipher, 120)),
        ),
      )
  const preauth = context(3, sequence(sequence(context(1, integer(as ? 2 : 1)), context(2, octets(proof)))))
  return framed(
    application(as ? 10 : 12, sequence(context(1, integer(5)), context(2, integer(as ? 10 : 12)), preauth, context(4, body))),
  )
}

export function kerberosReply(random: Random, request: KerberosRequest): Payload {
  const as = request.kind === 'AS'
  const ticket = ticketFor(random, request, request.service)
  return framed(
    application(
      as ? 11 : 13,
      sequence(
        context(0, integer(5)),
        context(1, integer(as ? 11 : 13)),
        context(3, generalString(request.realm)),
        context(4, principal(1, request.client)),
        context(5, ticket),
        context(6, sealed(random, request.cipher, 260)),
      ),
    ),
  )
}

/** `code` 24 is a wrong password, 6 an unknown name. */
export function kerberosError(at: Micros, request: KerberosRequest, code: number): Payload {
  return framed(
    application(
      30,
      sequence(
        context(0, integer(5)),
        context(1, integer(30)),
        context(4, generalizedTime(at)),
        context(5, integer(Math.round(at % 1_000_000))),
        context(6, integer(code)),
        context(9, generalString(request.realm)),
        context(10, principal(2, request.service)),
      ),
    ),
  )
}
