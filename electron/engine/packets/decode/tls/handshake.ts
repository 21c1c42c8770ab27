/** One handshake message of TLS, DTLS or QUIC: its facts. */
import { readCertificate, STRING_FIELDS } from './certificate.ts'
import { ja3, ja4 } from './fingerprints.ts'
import { readHello } from './hello.ts'
import { isDraft13 } from './numbers.ts'
import type { Facts } from '../define.ts'
import type { HelloNames } from './fields.ts'

const MOST_CERTIFICATES = 16

/** SHA-256 of "HelloRetryRequest" (RFC 8446, section 4.1.3), its first bytes. */
const RETRY = [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11] as const

/** What a flow's handshake has come to. */
export interface Agreed {
  /** Version that the server chose; 0 before. */
  version: number
}

/**
 * Reads the message of a type whose body is `from` to `to`. `placed`: the bytes are the message's own, so that places can be told.
 * Gives false where the body is not what it should be.
 */
export function readHandshake(
  data: Uint8Array,
  type: number,
  from: number,
  to: number,
  names: HelloNames,
  over: 't' | 'q' | 'd',
  placed: boolean,
  agreed: Agreed,
  out: Facts,
): boolean {
  if (type === 1 || type === 2) return hello(data, type === 1, from, to, names, over, placed, agreed, out)
  // Behind TLS 1.2 the certificate is encrypted, and looks another way.
  if (type === 11 && agreed.version !== 0x0304) return certificates(data, from, to, names, placed, out)
  return true
}

/** True where a server's hello asks for another hello. */
export function isRetry(data: Uint8Array, from: number, to: number): boolean {
  return from + 34 <= to && RETRY.every((byte, i) => data[from + 2 + i] === byte)
}

function hello(
  data: Uint8Array,
  client: boolean,
  from: number,
  to: number,
  names: HelloNames,
  over: 't' | 'q' | 'd',
  placed: boolean,
  agreed: Agreed,
  out: Facts,
): boolean {
  const read = readHello(data, from, to, client, over === 'd')
  if (read === null) return false
  const { version, randomAt, sessionAt, sessionLength, serverName, serverNameAt, serverNameLength } = read
  out.fact(names.version, version, placed ? from : -1, 2)
  out.fact(names.random, data.slice(randomAt, randomAt + 32), placed ? randomAt : -1, 32)
  if (sessionLength > 0 && sessionAt + sessionLength <= to)
    out.fact(names.session, data.slice(sessionAt, sessionAt + sessionLength), placed ? sessionAt : -1, sessionLength)
  for (const one of read.ciphers) out.fact(names.cipher, one)
  for (const one of read.extensions) out.fact(names.extension, one)
  if (serverName !== null) out.fact(names.serverName, serverName, placed ? serverNameAt : -1, serverNameLength)
  for (const one of read.groups) out.fact(names.group, one)
  for (const one of read.pointFormats) out.fact(names.pointFormat, one)
  for (const one of read.signatures) out.fact(names.signature, one)
  for (const one of read.protocols) out.fact(names.protocol, one)
  for (const one of read.versions) out.fact(names.supported, one)
  const { full, hash } = ja3(read)
  out.fact(client ? names.ja3Full : names.ja3sFull, full)
  out.fact(client ? names.ja3 : names.ja3s, hash)
  if (client) out.fact(names.ja4, ja4(read, over))
  else agreed.version = isDraft13(read.chosen) ? 0x0304 : read.chosen
  return read.whole
}

function certificates(data: Uint8Array, from: number, to: number, names: HelloNames, placed: boolean, out: Facts): boolean {
  if (from + 3 > to) return false
  const stated = (data[from]! << 16) | (data[from + 1]! << 8) | data[from + 2]!
  const end = Math.min(to, from + 3 + stated)
  let at = from + 3
  for (let i = 0; i < MOST_CERTIFICATES && at + 3 <= end; i++) {
    const length = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!
    if (at + 3 + length > end) return false
    certificate(data, at + 3, at + 3 + length, names, placed, out)
    at += 3 + length
  }
  return from + 3 + stated <= to
}

function certificate(data: Uint8Array, from: number, to: number, names: HelloNames, placed: boolean, out: Facts): void {
  out.fact(names.certificate, data.slice(from, to), placed ? from : -1, to - from)
  const read = readCertificate(data, from, to)
  if (read === null) return
  const at = (place: number): number => (placed ? place : -1)
  if (read.strings.length > 0) out.layer('x509sat')
  if (read.extensions.length > 0) out.layer('x509ce')
  // Where to ask about the issuer; policies.
  if (read.extensions.includes('1.3.6.1.5.5.7.1.1')) out.layer('pkix1implicit')
  out.fact(
    'x509af.serialNumber',
    data.slice(read.serialAt, read.serialAt + read.serialLength),
    at(read.serialAt),
    read.serialLength,
  )
  for (const { tag, text, at: place, length } of read.strings) {
    const field = STRING_FIELDS[tag]
    if (field !== undefined) out.fact(field, text, at(place), length)
  }
  for (const { name, at: place, length } of read.alternativeNames) out.fact('x509ce.dNSName', name, at(place), length)
  out.fact('x509.subject', read.subject)
  out.fact('x509.issuer', read.issuer)
  if (!Number.isNaN(read.notBefore)) out.fact('x509.not_before', read.notBefore)
  if (!Number.isNaN(read.notAfter)) out.fact('x509.not_after', read.notAfter)
  out.fact('x509.self_signed', read.selfSigned)
  out.fact('x509.sha1', read.sha1)
  out.fact('x509.sha256', read.sha256)
}
