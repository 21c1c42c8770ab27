/** Tokens of NTLM and Kerberos in headers of HTTP (RFC 4559; MS-NTHT): another decoder's message, in base64. */
import { ascii, isWord } from '../bytes-text.ts'
import type { Facts } from '../define.ts'

const SCHEMES = ['NTLM ', 'Negotiate ', 'Kerberos '] as const
/** Longest header that is looked into, in characters of base64. */
const MOST = 65_536
const FIELDS: ReadonlySet<string> = new Set([
  'http.authorization',
  'http.www_authenticate',
  'http.proxy_authorization',
  'http.proxy_authenticate',
])

/** The token of a header's value; null where it has none. */
export function securityToken(field: string, data: Uint8Array, from: number, to: number): Uint8Array | null {
  if (!FIELDS.has(field)) return null
  for (const scheme of SCHEMES) {
    if (!isWord(data, from, to, scheme)) continue
    const token = Buffer.from(ascii(data, from + scheme.length, to, MOST), 'base64')
    return token.length < 8 ? null : token
  }
  return null
}

export function readSecurityToken(token: Uint8Array, out: Facts): void {
  // `NTLMSSP` comes without a frame.
  out.inner(token[0] === 0x4e && token[1] === 0x54 ? 'ntlmssp' : 'gss-api', token, 0, token.length)
  out.protocol('HTTP')
}
