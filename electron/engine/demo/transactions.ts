/** What was said in a flow, as a sensor reads it. Each kind is made by one file of `protocols`, from the bytes it sends. */
import type { Micros } from '../../../shared/model/time.ts'

export interface DnsRecord {
  readonly name: string
  readonly type: string
  readonly ttl: number
  readonly data: string
}
export interface DnsTransaction {
  readonly kind: 'dns'
  readonly at: Micros
  readonly answered: Micros
  readonly id: number
  readonly name: string
  readonly type: string
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL'
  readonly answers: readonly DnsRecord[]
}

/** A file seen on the wire; hashes are those of its bytes, null where the sensor does not hash. */
export interface FileObject {
  readonly fuid: string
  readonly name: string | null
  readonly mime: string
  readonly size: number
  readonly md5: string | null
  readonly sha1: string | null
  readonly sha256: string | null
}
export interface HttpTransaction {
  readonly kind: 'http'
  readonly at: Micros
  readonly requested: Micros
  readonly answered: Micros
  readonly end: Micros
  readonly depth: number
  readonly method: string
  readonly host: string
  readonly port: number
  readonly url: string
  readonly userAgent: string
  readonly referrer: string | null
  readonly requestType: string | null
  readonly contentType: string | null
  readonly status: number
  readonly reason: string
  readonly requestLength: number
  readonly length: number
  readonly sent: FileObject | null
  readonly received: FileObject | null
  /** Body of the answer, where the sensor keeps it. */
  readonly printable: string | null
  readonly sentPrintable: string | null
}
export interface Certificate {
  readonly subject: readonly (readonly [string, string])[]
  readonly issuer: readonly (readonly [string, string])[]
  readonly serial: string
  readonly notBefore: Micros
  readonly notAfter: Micros
  readonly sha1: string
  readonly sha256: string
  readonly names: readonly string[]
}
export interface TlsTransaction {
  readonly kind: 'tls'
  /** Client hello, and end of the handshake. */
  readonly at: Micros
  readonly established: Micros
  readonly version: 'TLS 1.3' | 'TLS 1.2' | 'TLSv1'
  readonly sni: string | null
  readonly cipher: string
  readonly curve: string | null
  readonly alpn: string | null
  readonly ja3: { readonly hash: string; readonly string: string }
  readonly ja3s: { readonly hash: string; readonly string: string }
  readonly ja4: string
  /** What TLS 1.3 hides is null. */
  readonly certificate: Certificate | null
}
export interface SmbTransaction {
  readonly kind: 'smb'
  readonly at: Micros
  readonly answered: Micros
  readonly id: number
  readonly command: string
  readonly status: string
  readonly statusCode: number
  readonly sessionId: number
  readonly treeId: number
  readonly share?: string
  readonly shareType?: 'FILE' | 'PIPE' | 'PRINT'
  readonly file?: string
  readonly tree?: string
  readonly size?: number
  readonly disposition?: string
  readonly access?: string
  readonly object?: FileObject
  readonly user?: { readonly domain: string; readonly name: string; readonly host: string }
  readonly server?: string
  readonly rpc?: {
    readonly endpoint: string
    readonly operation: string
    readonly opnum: number
    readonly uuid: string
    readonly version: string
    readonly pipe: string
  }
}
export interface KerberosTransaction {
  readonly kind: 'krb5'
  readonly at: Micros
  readonly answered: Micros
  readonly request: 'AS' | 'TGS'
  readonly client: string
  readonly realm: string
  readonly service: string
  readonly error: string | null
  readonly cipher: 'aes256-cts-hmac-sha1-96' | 'rc4-hmac'
  readonly till: Micros
}
export interface SmtpTransaction {
  readonly kind: 'smtp'
  readonly at: Micros
  readonly end: Micros
  readonly helo: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly messageId: string
  readonly date: string
  readonly reply: string
  readonly userAgent: string | null
  readonly attachment: FileObject | null
}
export interface SshTransaction {
  readonly kind: 'ssh'
  readonly at: Micros
  readonly client: string
  readonly server: string
  readonly success: boolean | null
  readonly attempts: number
}
export interface NtpTransaction {
  readonly kind: 'ntp'
  readonly at: Micros
  readonly stratum: number
  readonly reference: string
}
export type Transaction =
  | DnsTransaction
  | HttpTransaction
  | TlsTransaction
  | SmbTransaction
  | KerberosTransaction
  | SmtpTransaction
  | SshTransaction
  | NtpTransaction
