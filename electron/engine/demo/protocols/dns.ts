/** DNS messages (RFC 1035). */
import { concat, u16, u32, utf8, u8 } from '../payload.ts'
import type { DnsRecord } from '../transactions.ts'

export const DNS_TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
}
export const DNS_RCODES: Readonly<Record<string, number>> = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 }

function name(value: string): Uint8Array {
  if (value === '') return u8(0)
  return concat(...value.split('.').flatMap((label) => [u8(label.length), utf8(label)]), u8(0))
}
const header = (id: number, flags: number, answers: number): Uint8Array =>
  concat(u16(id), u16(flags), u16(1), u16(answers), u16(0), u16(0))
const question = (asked: string, type: string): Uint8Array => concat(name(asked), u16(DNS_TYPES[type]!), u16(1))

function data(record: DnsRecord): Uint8Array {
  switch (record.type) {
    case 'A':
      return Uint8Array.from(record.data.split('.').map(Number))
    case 'AAAA':
      return ipv6(record.data)
    case 'MX': {
      const [preference = '10', host = ''] = record.data.split(' ')
      return concat(u16(Number(preference)), name(host))
    }
    case 'SRV': {
      const [priority = '0', weight = '100', port = '0', host = ''] = record.data.split(' ')
      return concat(u16(Number(priority)), u16(Number(weight)), u16(Number(port)), name(host))
    }
    case 'TXT':
      return concat(u8(record.data.length), utf8(record.data))
    default:
      return name(record.data)
  }
}

function ipv6(value: string): Uint8Array {
  const [head = '', tail = ''] = value.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)))
  const left = groups(head)
  const right = groups(tail)
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
  return concat(...all.map(u16))
}

export function dnsQuery(id: number, asked: string, type: string): Uint8Array {
  return concat(header(id, 0x0100, 0), question(asked, type))
}
/** The answer of a recursive resolver. */
export function dnsAnswer(id: number, asked: string, type: string, rcode: string, answers: readonly DnsRecord[]): Uint8Array {
  const records = answers.map((record) => {
    const bytes = data(record)
    const owner = record.name === asked ? u16(0xc00c) : name(record.name)
    return concat(owner, u16(DNS_TYPES[record.type]!), u16(1), u32(record.ttl), u16(bytes.length), bytes)
  })
  return concat(header(id, 0x8180 | DNS_RCODES[rcode]!, answers.length), question(asked, type), ...records)
}
