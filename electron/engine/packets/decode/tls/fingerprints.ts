/**
 * Fingerprints of hellos: JA3 and JA3S (https://github.com/salesforce/ja3) and JA4 of a client
 * (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md).
 */
import { hash } from 'node:crypto'
import type { Hello } from './hello.ts'
import { isGrease } from './numbers.ts'

const md5 = (text: string): string => hash('md5', text)
const sha256 = (text: string): string => hash('sha256', text)

const dashed = (values: readonly number[]): string => values.filter((value) => !isGrease(value)).join('-')

/** Of a client's hello, or a server's. */
export function ja3(hello: Hello): { readonly full: string; readonly hash: string } {
  const { client, version, ciphers, extensions, groups, pointFormats } = hello
  const full = client
    ? `${version},${dashed(ciphers)},${dashed(extensions)},${dashed(groups)},${pointFormats.join('-')}`
    : `${version},${ciphers.join('-')},${extensions.join('-')}`
  return { full, hash: md5(full) }
}

const VERSIONS: Readonly<Record<number, string>> = {
  0x0304: '13',
  0x0303: '12',
  0x0302: '11',
  0x0301: '10',
  0x0300: 's3',
  0x0002: 's2',
  0xfeff: 'd1',
  0xfefd: 'd2',
  0xfefc: 'd3',
}
const hex4 = (value: number): string => value.toString(16).padStart(4, '0')
const two = (count: number): string => String(Math.min(99, count)).padStart(2, '0')
const NONE = '000000000000'

/** `over`: TCP, QUIC or DTLS. */
export function ja4(hello: Hello, over: 't' | 'q' | 'd'): string {
  const ciphers = hello.ciphers.filter((one) => !isGrease(one))
  const extensions = hello.extensions.filter((one) => !isGrease(one))
  const versions = hello.versions.filter((one) => !isGrease(one))
  // Versions of DTLS count down.
  const highest = versions.length === 0 ? hello.version : over === 'd' ? Math.min(...versions) : Math.max(...versions)
  const start = `${over}${VERSIONS[highest] ?? '00'}${extensions.includes(0) ? 'd' : 'i'}${two(ciphers.length)}${two(extensions.length)}${firstAndLast(hello.firstProtocol)}`
  const cipherText = ciphers.map(hex4).sort().join(',')
  const extensionText = extensions
    .filter((one) => one !== 0 && one !== 16)
    .map(hex4)
    .sort()
    .join(',')
  const signatures = hello.signatures
    .filter((one) => !isGrease(one))
    .map(hex4)
    .join(',')
  const last = signatures === '' ? extensionText : `${extensionText}_${signatures}`
  return `${start}_${ciphers.length === 0 ? NONE : sha256(cipherText).slice(0, 12)}_${extensions.length === 0 ? NONE : sha256(last).slice(0, 12)}`
}

const isAlphanumeric = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)

/** First and last character of the first protocol; of its bytes in hexadecimal where they are no letters or digits. */
function firstAndLast(protocol: Uint8Array | null): string {
  if (protocol === null || protocol.length === 0) return '00'
  const first = protocol[0]!
  const last = protocol[protocol.length - 1]!
  return isAlphanumeric(first) && isAlphanumeric(last)
    ? String.fromCharCode(first, last)
    : (first >>> 4).toString(16) + (last & 15).toString(16)
}
