/** X.509 certificates (RFC 5280): names, validity and fingerprints. Signatures are not checked. */
import { hash } from 'node:crypto'
import { child, element, elements, oid, type Element } from '../ber.ts'
import { ascii, printable } from '../bytes-text.ts'

export interface Certificate {
  /** `CN=www.example.com,O=Example`, the most specific part first as in RFC 4514. */
  readonly subject: string
  readonly issuer: string
  readonly serialAt: number
  readonly serialLength: number
  /** Seconds since 1970; NaN where it is no time. */
  readonly notBefore: number
  readonly notAfter: number
  /** Strings of issuer and subject in order, with their ASN.1 tag. */
  readonly strings: readonly { readonly tag: number; readonly text: string; readonly at: number; readonly length: number }[]
  readonly alternativeNames: readonly { readonly name: string; readonly at: number; readonly length: number }[]
  readonly extensions: readonly string[]
  /** The same name issued it. */
  readonly selfSigned: boolean
  readonly sha1: string
  readonly sha256: string
}

/** Short names of attributes (RFC 4514, section 3). */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}

/** Tags: UTF8String, PrintableString, TeletexString, IA5String, UniversalString, BMPString. */
const UTF8 = 0x0c
const PRINTABLE = 0x13
const TELETEX = 0x14
const IA5 = 0x16
const UNIVERSAL = 0x1c
const BMP = 0x1e
export const STRING_FIELDS: Readonly<Record<number, string>> = {
  [UTF8]: 'x509sat.uTF8String',
  [PRINTABLE]: 'x509sat.printableString',
  [TELETEX]: 'x509sat.teletexString',
  [UNIVERSAL]: 'x509sat.universalString',
  [BMP]: 'x509sat.bmpString',
}
/** RFC 4514, section 2.4. */
const special = /[,+"\\<>;]/g
const MOST_NAMES = 256

function stringText(data: Uint8Array, { tag, from, to }: Element): string {
  const end = Math.min(to, from + 1024)
  if (tag === BMP || tag === UNIVERSAL) {
    let text = ''
    for (let i = from + (tag === UNIVERSAL ? 2 : 0); i + 2 <= end; i += tag === BMP ? 2 : 4)
      text += String.fromCharCode((data[i]! << 8) | data[i + 1]!)
    return text
  }
  if (tag === TELETEX || tag === PRINTABLE || tag === IA5) return ascii(data, from, end)
  return printable(data, from, end)
}

/** UTCTime (RFC 5280, section 4.1.2.5.1) or GeneralizedTime. */
function seconds(data: Uint8Array, { tag, from, to }: Element): number {
  const text = ascii(data, from, to, 32)
  const found =
    tag === 0x17 ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z/.exec(text) : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?/.exec(text)
  if (found === null) return NaN
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0))
  const full = tag === 0x17 ? year! + (year! < 50 ? 2000 : 1900) : year!
  return Date.UTC(full, month! - 1, day, hour, minute, second) / 1000
}

type Strings = { tag: number; text: string; at: number; length: number }[]

function nameText(data: Uint8Array, name: Element, strings: Strings): string {
  const parts: string[] = []
  for (const set of elements(data, name.from, name.to, 64)) {
    for (const attribute of elements(data, set.from, set.to, 16)) {
      const [type, value] = elements(data, attribute.from, attribute.to, 2)
      if (type === undefined || value === undefined) continue
      const known = oid(data, type.from, type.to)
      const shown = stringText(data, value)
      strings.push({ tag: value.tag, text: shown, at: value.from, length: value.to - value.from })
      parts.push(`${ATTRIBUTES[known] ?? known}=${shown.replace(special, '\\$&')}`)
    }
  }
  return parts.reverse().join(',')
}

function alternatives(data: Uint8Array, value: Element): Certificate['alternativeNames'] {
  const names = element(data, value.from, value.to)
  if (names === null) return []
  return elements(data, names.from, names.to, MOST_NAMES)
    .filter(({ tag }) => tag === 0x82)
    .map(({ from, to }) => ({ name: printable(data, from, to, 256), at: from, length: to - from }))
}

/** Reads one; null where it is none. `to` is behind its last byte. */
export function readCertificate(data: Uint8Array, from: number, to: number): Certificate | null {
  const outer = element(data, from, to)
  if (outer === null || outer.tag !== 0x30) return null
  const body = element(data, outer.from, outer.to)
  if (body === null || body.tag !== 0x30) return null
  const parts = elements(data, body.from, body.to, 12)
  const first = parts[0]?.tag === 0xa0 ? 1 : 0
  const [serial, , issuer, validity, subject] = parts.slice(first)
  if (serial === undefined || issuer === undefined || validity === undefined || subject === undefined) return null
  const strings: Strings = []
  const issuerText = nameText(data, issuer, strings)
  const times = elements(data, validity.from, validity.to, 2)
  const subjectText = nameText(data, subject, strings)
  const extensions: string[] = []
  let names: Certificate['alternativeNames'] = []
  const tagged = parts.find(({ tag }) => tag === 0xa3)
  const list = tagged === undefined ? undefined : child(data, tagged, 0x30)
  if (list !== undefined) {
    for (const extension of elements(data, list.from, list.to, 64)) {
      const id = element(data, extension.from, extension.to)
      const value = child(data, extension, 0x04)
      if (id === null) continue
      const known = oid(data, id.from, id.to)
      extensions.push(known)
      if (known === '2.5.29.17' && value !== undefined) names = alternatives(data, value)
    }
  }
  const bytes = data.subarray(from, to)
  return {
    subject: subjectText,
    issuer: issuerText,
    serialAt: serial.from,
    serialLength: serial.to - serial.from,
    notBefore: times[0] === undefined ? NaN : seconds(data, times[0]),
    notAfter: times[1] === undefined ? NaN : seconds(data, times[1]),
    strings,
    alternativeNames: names,
    extensions,
    selfSigned: subjectText === issuerText && subjectText !== '',
    sha1: hash('sha1', bytes),
    sha256: hash('sha256', bytes),
  }
}
