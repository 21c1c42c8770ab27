/** Fields of TLS and DTLS. Both have the same below `handshake`; certificates are read under their own names. */
import type { DecoderField } from '../define.ts'

const field = (name: string, type: DecoderField['type'], doc: string): DecoderField => ({ name, type, doc })

export const CERTIFICATE_FIELDS: readonly DecoderField[] = [
  field('x509sat.printableString', 'text', 'PrintableString of a name in a certificate'),
  field('x509sat.uTF8String', 'text', 'UTF8String of a name in a certificate'),
  field('x509sat.teletexString', 'text', 'TeletexString of a name in a certificate'),
  field('x509sat.universalString', 'text', 'UniversalString of a name in a certificate'),
  field('x509sat.bmpString', 'text', 'BMPString of a name in a certificate'),
  field('x509ce.dNSName', 'text', 'Host name of a certificate'),
  field('x509af.serialNumber', 'bytes', 'Serial number of a certificate'),
  field('x509.subject', 'text', 'Subject of a certificate (own field)'),
  field('x509.issuer', 'text', 'Issuer of a certificate (own field)'),
  field('x509.not_before', 'time', 'Begin of its validity (own field)'),
  field('x509.not_after', 'time', 'End of its validity (own field)'),
  field('x509.self_signed', 'bool', 'Subject and issuer are the same (own field)'),
  field('x509.sha1', 'text', 'SHA-1 of the certificate (own field)'),
  field('x509.sha256', 'text', 'SHA-256 of the certificate (own field)'),
]
/** Protocols that certificates add to a packet. */
export const CERTIFICATE_LAYERS: readonly string[] = ['x509sat', 'x509ce', 'pkix1implicit', 'pkix1explicit']

/** Names of the fields of hellos, below `tls` or `dtls`. */
export const helloNames = (prefix: 'tls' | 'dtls') =>
  ({
    type: `${prefix}.handshake.type`,
    length: `${prefix}.handshake.length`,
    version: `${prefix}.handshake.version`,
    random: `${prefix}.handshake.random`,
    session: `${prefix}.handshake.session_id`,
    cipher: `${prefix}.handshake.ciphersuite`,
    extension: `${prefix}.handshake.extension.type`,
    serverName: `${prefix}.handshake.extensions_server_name`,
    protocol: `${prefix}.handshake.extensions_alpn_str`,
    group: `${prefix}.handshake.extensions_supported_group`,
    pointFormat: `${prefix}.handshake.extensions_ec_point_format`,
    signature: `${prefix}.handshake.sig_hash_alg`,
    supported: `${prefix}.handshake.extensions.supported_version`,
    ja3: `${prefix}.handshake.ja3`,
    ja3Full: `${prefix}.handshake.ja3_full`,
    ja3s: `${prefix}.handshake.ja3s`,
    ja3sFull: `${prefix}.handshake.ja3s_full`,
    ja4: `${prefix}.handshake.ja4`,
    certificate: `${prefix}.handshake.certificate`,
  }) as const
export type HelloNames = ReturnType<typeof helloNames>

/** Fields of records and of hellos. */
export function recordFields(prefix: 'tls' | 'dtls'): readonly DecoderField[] {
  const n = helloNames(prefix)
  return [
    field(`${prefix}.record.content_type`, 'uint', 'Content type'),
    field(`${prefix}.record.version`, 'uint', 'Version of the record'),
    field(`${prefix}.record.length`, 'uint', 'Length of the record'),
    field(`${prefix}.alert_message.level`, 'uint', 'Level of an alert'),
    field(`${prefix}.alert_message.desc`, 'uint', 'Alert'),
    field(n.type, 'uint', 'Kind of handshake message'),
    field(n.length, 'uint', 'Length of the handshake message'),
    field(n.version, 'uint', 'Version'),
    field(n.random, 'bytes', 'Random'),
    field(n.session, 'bytes', 'Session id'),
    field(n.cipher, 'uint', 'Cipher suites offered, or the one chosen'),
    field(n.extension, 'uint', 'Extensions'),
    field(n.serverName, 'text', 'Server name'),
    field(n.protocol, 'text', 'Application protocols'),
    field(n.group, 'uint', 'Groups'),
    field(n.pointFormat, 'uint', 'Formats of points'),
    field(n.signature, 'uint', 'Signature algorithms'),
    field(n.supported, 'uint', 'Supported versions'),
    field(n.ja3, 'text', 'JA3'),
    field(n.ja3Full, 'text', 'Text of which JA3 is the hash'),
    field(n.ja3s, 'text', 'JA3S'),
    field(n.ja3sFull, 'text', 'Text of which JA3S is the hash'),
    field(n.ja4, 'text', 'JA4 (own field)'),
    field(n.certificate, 'bytes', 'Certificate'),
  ]
}
