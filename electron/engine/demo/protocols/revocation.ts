/** What a certificate authority publishes: revocation lists (RFC 5280) and status answers (RFC 6960). Signatures are noise. */
import type { Micros } from '../../../../shared/model/time.ts'
import type { Random } from '../random.ts'
import {
  bits,
  context,
  der,
  generalizedTime,
  integer,
  integerBytes,
  nothing,
  octets,
  oid,
  printableString,
  sequence,
  set,
  utcTime,
  utf8String,
} from './der.ts'

const SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), nothing())
const part = (type: string, value: Uint8Array): Uint8Array => set(sequence(oid(type), value))
const ISSUER = sequence(
  part('2.5.4.6', printableString('US')),
  part('2.5.4.10', utf8String('Trust Example')),
  part('2.5.4.3', utf8String('Trust Example CA 3')),
)
const HOUR = 3_600_000_000
const serial = (random: Random): Uint8Array => {
  const bytes = random.bytes(12)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return integerBytes(bytes)
}

export function revocationList(random: Random, at: Micros): Uint8Array {
  const hour = Math.floor(at / HOUR) * HOUR
  const revoked = Array.from({ length: 40 }, () => sequence(serial(random), utcTime(hour - random.int(1, 700) * HOUR)))
  const list = sequence(integer(1), SHA256_RSA, ISSUER, utcTime(hour), utcTime(hour + 24 * HOUR), sequence(...revoked))
  return sequence(list, SHA256_RSA, bits(random.bytes(256)))
}

export function statusAnswer(random: Random, at: Micros): Uint8Array {
  const hour = Math.floor(at / HOUR) * HOUR
  const certificate = sequence(
    sequence(oid('1.3.14.3.2.26'), nothing()),
    octets(random.bytes(20)),
    octets(random.bytes(20)),
    serial(random),
  )
  const single = sequence(certificate, der(0x80), generalizedTime(hour), context(0, generalizedTime(hour + 24 * HOUR)))
  const basic = sequence(
    sequence(context(2, octets(random.bytes(20))), generalizedTime(hour), sequence(single)),
    SHA256_RSA,
    bits(random.bytes(256)),
  )
  return sequence(der(10, Uint8Array.of(0)), context(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))))
}
