/**
 * TLS handshakes (RFC 8446, RFC 5246) with everything a sensor reads from them: JA3, JA3S, JA4, certificate. What is
 * encrypted is noise; what is in clear is exact.
 */
import { createHash } from 'node:crypto'
import type { Micros } from '../../../../shared/model/time.ts'
import { concat, joined, opaque, raw, u16, u24, u8, utf8, type Payload } from '../payload.ts'
import { Random } from '../random.ts'
import type { Certificate, TlsTransaction } from '../transactions.ts'
import {
  bits,
  context,
  der,
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

/** A program's way to say hello. */
export interface ClientProfile {
  readonly name: string
  readonly ciphers: readonly number[]
  readonly extensions: readonly number[]
  readonly groups: readonly number[]
  readonly signatures: readonly number[]
  readonly alpn: readonly string[]
  readonly version: 'TLS 1.3' | 'TLS 1.2' | 'TLSv1'
}
const SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
export const BROWSER: ClientProfile = {
  name: 'browser',
  ciphers: [
    0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
  ],
  extensions: [0, 23, 0xff01, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27],
  groups: [0x001d, 0x0017, 0x0018],
  signatures: SIGNATURES,
  alpn: ['h2', 'http/1.1'],
  version: 'TLS 1.3',
}
export const SYSTEM: ClientProfile = {
  name: 'system',
  ciphers: [
    0xc02c, 0xc02b, 0xc030, 0xc02f, 0xc024, 0xc023, 0xc028, 0xc027, 0xc00a, 0xc009, 0xc014, 0xc013, 0x009d, 0x009c, 0x003d,
    0x003c, 0x0035, 0x002f,
  ],
  extensions: [0, 5, 10, 11, 13, 35, 16, 23, 0xff01],
  groups: [0x001d, 0x0017, 0x0018],
  signatures: [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0601, 0x0603],
  alpn: ['h2', 'http/1.1'],
  version: 'TLS 1.2',
}
export const IMPLANT: ClientProfile = {
  name: 'implant',
  ciphers: [0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0xc013, 0xc014, 0x009c, 0x009d],
  extensions: [0, 5, 10, 11, 13, 0xff01, 18],
  groups: [0x001d, 0x0017],
  signatures: [0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203],
  alpn: [],
  version: 'TLS 1.2',
}
export const PRINTER: ClientProfile = {
  name: 'printer',
  ciphers: [0x002f, 0x0035, 0x000a, 0x0005],
  extensions: [0],
  groups: [],
  signatures: [],
  alpn: [],
  version: 'TLSv1',
}

const CIPHERS: Readonly<Record<number, string>> = {
  0x1301: 'TLS_AES_128_GCM_SHA256',
  0xc02f: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  0xc030: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  0x002f: 'TLS_RSA_WITH_AES_128_CBC_SHA',
}
const digest = (algorithm: 'md5' | 'sha1' | 'sha256', data: Uint8Array | string): string =>
  createHash(algorithm).update(data).digest('hex')
const hex4 = (value: number): string => value.toString(16).padStart(4, '0')

function extension(type: number, client: ClientProfile, sni: string | null, random: Random): Uint8Array {
  const body = ((): Uint8Array => {
    switch (type) {
      case 0: {
        const name = utf8(sni ?? '')
        return concat(u16(name.length + 3), u8(0), u16(name.length), name)
      }
      case 5:
        return Uint8Array.of(1, 0, 0, 0, 0)
      case 10:
        return concat(u16(client.groups.length * 2), ...client.groups.map(u16))
      case 11:
        return Uint8Array.of(1, 0)
      case 13:
        return concat(u16(client.signatures.length * 2), ...client.signatures.map(u16))
      case 16: {
        const names = concat(...client.alpn.flatMap((name) => [u8(name.length), utf8(name)]))
        return concat(u16(names.length), names)
      }
      case 27:
        return Uint8Array.of(2, 0, 2)
      case 43:
        return Uint8Array.of(4, 3, 4, 3, 3)
      case 45:
        return Uint8Array.of(1, 1)
      case 51:
        return concat(u16(36), u16(0x001d), u16(32), random.bytes(32))
      case 0xff01:
        return u8(0)
      default:
        return new Uint8Array(0)
    }
  })()
  return concat(u16(type), u16(body.length), body)
}

const record = (type: number, version: number, body: Uint8Array): Uint8Array =>
  concat(u8(type), u16(version), u16(body.length), body)
const handshake = (type: number, body: Uint8Array): Uint8Array => concat(u8(type), u24(body.length), body)

interface Fingerprints {
  readonly ja3: { readonly hash: string; readonly string: string }
  readonly ja4: string
}
const seen = new Map<string, Fingerprints>()

/** JA3 (decimal lists, MD5) and JA4 (FoxIO's `a_b_c`) of a profile. */
export function fingerprints(client: ClientProfile, sni: boolean): Fingerprints {
  const key = `${client.name}/${sni}`
  const known = seen.get(key)
  if (known) return known
  const extensions = client.extensions.filter((type) => type !== 0 || sni)
  const version = client.version === 'TLSv1' ? 769 : 771
  const ja3 = [
    version,
    client.ciphers.join('-'),
    extensions.join('-'),
    client.groups.join('-'),
    client.extensions.includes(11) ? '0' : '',
  ].join(',')
  const alpn = client.alpn[0]
  const two = (n: number): string => String(Math.min(99, n)).padStart(2, '0')
  const a = `t${client.version === 'TLS 1.3' ? '13' : client.version === 'TLS 1.2' ? '12' : '10'}${sni ? 'd' : 'i'}${two(client.ciphers.length)}${two(extensions.length)}${alpn === undefined ? '00' : alpn[0]! + alpn[alpn.length - 1]!}`
  const b = digest('sha256', client.ciphers.map(hex4).sort().join(',')).slice(0, 12)
  const sorted = extensions.filter((type) => type !== 0 && type !== 16).map(hex4).sort().join(',') // prettier-ignore
  const c = digest(
    'sha256',
    client.signatures.length === 0 ? sorted : `${sorted}_${client.signatures.map(hex4).join(',')}`,
  ).slice(0, 12)
  const made = { ja3: { hash: digest('md5', ja3), string: ja3 }, ja4: `${a}_${b}_${sorted === '' ? '000000000000' : c}` }
  seen.set(key, made)
  return made
}

export interface IssuedCertificate {
  readonly certificate: Certificate
  readonly bytes: Uint8Array
}
const issued = new Map<string, IssuedCertificate>()
const NAMES: Readonly<Record<string, string>> = { C: '2.5.4.6', O: '2.5.4.10', CN: '2.5.4.3' }

/** An X.509 certificate (RFC 5280) for `name`, the same for the same arguments. Its key and signature are noise. */
export function issue(
  seed: number,
  name: string,
  organisation: string,
  issuer: 'trust' | 'self',
  start: Micros,
): IssuedCertificate {
  const key = `${seed}/${name}/${issuer}/${start}`
  const known = issued.get(key)
  if (known) return known
  const random = new Random(`${seed}/certificate/${name}`)
  const day = 86_400_000_000
  const midnight = Math.floor(start / day) * day
  const notBefore = midnight - (issuer === 'self' ? 2 : random.int(10, 60)) * day
  const notAfter = notBefore + (issuer === 'self' ? 3650 : 90) * day
  const subject: Certificate['subject'] = issuer === 'self' ? [['CN', name]] : [['C', 'US'], ['O', organisation], ['CN', name]] // prettier-ignore
  const by: Certificate['issuer'] = issuer === 'self' ? subject : [['C', 'US'], ['O', 'Trust Example'], ['CN', 'Trust Example CA 3']] // prettier-ignore
  const dn = (parts: Certificate['subject']): Uint8Array =>
    sequence(
      ...parts.map(([type, value]) =>
        set(sequence(oid(NAMES[type]!), type === 'C' ? printableString(value) : utf8String(value))),
      ),
    )
  const serial = random.bytes(12)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const algorithm = sequence(oid('1.2.840.113549.1.1.11'), nothing())
  const modulus = random.bytes(256)
  modulus[0] = modulus[0]! | 0x80
  const keyInfo = sequence(
    sequence(oid('1.2.840.113549.1.1.1'), nothing()),
    bits(sequence(integerBytes(modulus), integer(65537))),
  )
  const alternative = sequence(oid('2.5.29.17'), octets(sequence(der(0x82, utf8(name)))))
  const body = sequence(
    context(0, integer(2)), integerBytes(serial), algorithm, dn(by), sequence(utcTime(notBefore), utcTime(notAfter)), dn(subject), keyInfo, context(3, sequence(alternative)),
  ) // prettier-ignore
  const bytes = sequence(body, algorithm, bits(random.bytes(256)))
  const certificate: Certificate = {
    subject,
    issuer: by,
    serial: Buffer.from(serial).toString('hex').toUpperCase(),
    notBefore,
    notAfter,
    sha1: digest('sha1', bytes),
    sha256: digest('sha256', bytes),
    names: [name],
  }
  const made = { certificate, bytes }
  issued.set(key, made)
  return made
}

/** Application data of `length` bytes, in records of at most 16 KiB. */
export function applicationData(key: string, length: number): Payload {
  const parts: Payload[] = []
  for (let at = 0; at < length; at += 16_384) {
    const size = Math.min(16_384, length - at) + 17
    parts.push(raw(concat(u8(23), u16(0x0303), u16(size))), opaque(`${key}/${at}`, size))
  }
  return joined(...parts)
}

export interface Handshake {
  /** Client hello, server's flight, client's last flight, and (TLS 1.2) the server's last one. */
  readonly flights: readonly [client: Payload, server: Payload, client: Payload, server: Payload | null]
  readonly facts: Omit<TlsTransaction, 'at' | 'established'>
}

/** A full handshake. The version is the client's highest unless `version` holds it down. */
export function shakeHands(
  random: Random,
  client: ClientProfile,
  sni: string | null,
  server: IssuedCertificate,
  version = client.version,
): Handshake {
  const prints = fingerprints(client, sni !== null)
  const legacy = client.version === 'TLSv1' ? 0x0301 : 0x0303
  const session = random.bytes(32)
  const extensions = concat(
    ...client.extensions.filter((type) => type !== 0 || sni !== null).map((type) => extension(type, client, sni, random)),
  )
  const hello = concat(
    u16(legacy), random.bytes(32), u8(32), session, u16(client.ciphers.length * 2), ...client.ciphers.map(u16), Uint8Array.of(1, 0), u16(extensions.length), extensions,
  ) // prettier-ignore
  const clientHello = record(22, 0x0301, handshake(1, hello))
  const key = random.hex(16)
  const cipher = version === 'TLS 1.3' ? 0x1301 : version === 'TLS 1.2' ? (client === IMPLANT ? 0xc02f : 0xc030) : 0x002f
  const alpn = client.alpn[0] ?? null
  const serverExtensions =
    version === 'TLS 1.3'
      ? concat(Uint8Array.of(0, 43, 0, 2, 3, 4), u16(51), u16(36), u16(0x001d), u16(32), random.bytes(32))
      : version === 'TLS 1.2'
        ? concat(
            Uint8Array.of(0xff, 1, 0, 1, 0, 0, 11, 0, 2, 1, 0),
            alpn === null
              ? new Uint8Array(0)
              : concat(u16(16), u16(alpn.length + 3), u16(alpn.length + 1), u8(alpn.length), utf8(alpn)),
          )
        : new Uint8Array(0)
  const serverHello = concat(
    u16(legacy), random.bytes(32), u8(32), version === 'TLS 1.3' ? session : random.bytes(32), u16(cipher), u8(0),
    ...(serverExtensions.length > 0 ? [u16(serverExtensions.length), serverExtensions] : []),
  ) // prettier-ignore
  const types = version === 'TLS 1.3' ? [43, 51] : version === 'TLS 1.2' ? (alpn === null ? [0xff01, 11] : [0xff01, 11, 16]) : []
  const ja3s = `${legacy},${cipher},${types.join('-')}`
  const changeCipher = record(20, legacy, u8(1))
  const chain = concat(u24(server.bytes.length), server.bytes)
  const encrypted = (length: number, part: string, type = 23): Payload =>
    joined(raw(concat(u8(type), u16(legacy), u16(length))), opaque(`${key}/${part}`, length))
  const flights: Handshake['flights'] =
    version === 'TLS 1.3'
      ? [
          raw(clientHello),
          joined(
            raw(concat(record(22, 0x0303, handshake(2, serverHello)), changeCipher)),
            encrypted(server.bytes.length + 620, 'flight'),
          ),
          joined(raw(changeCipher), encrypted(53, 'finished')),
          null,
        ]
      : [
          raw(clientHello),
          joined(
            raw(
              concat(
                record(22, legacy, handshake(2, serverHello)),
                record(22, legacy, handshake(11, concat(u24(chain.length), chain))),
              ),
            ),
            ...(version === 'TLS 1.2'
              ? [
                  raw(
                    record(
                      22,
                      legacy,
                      handshake(
                        12,
                        concat(Uint8Array.of(3, 0, 29, 32), random.bytes(32), u16(0x0804), u16(256), random.bytes(256)),
                      ),
                    ),
                  ),
                ]
              : []),
            raw(record(22, legacy, handshake(14, new Uint8Array(0)))),
          ),
          joined(
            raw(
              concat(
                record(
                  22,
                  legacy,
                  handshake(16, version === 'TLS 1.2' ? concat(u8(32), random.bytes(32)) : concat(u16(256), random.bytes(256))),
                ),
                changeCipher,
              ),
            ),
            encrypted(40, 'finished', 22),
          ),
          joined(raw(changeCipher), encrypted(40, 'finished-server', 22)),
        ]
  return {
    flights,
    facts: {
      kind: 'tls',
      version,
      sni,
      cipher: CIPHERS[cipher]!,
      curve: version === 'TLSv1' ? null : 'x25519',
      // Under TLS 1.3 the choice is encrypted; a sensor sees what was offered only.
      alpn: version === 'TLS 1.2' ? alpn : null,
      ja3: prints.ja3,
      ja3s: { string: ja3s, hash: digest('md5', ja3s) },
      ja4: prints.ja4,
      certificate: version === 'TLS 1.3' ? null : server.certificate,
    },
  }
}
