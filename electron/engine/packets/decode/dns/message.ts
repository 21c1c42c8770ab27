/** A DNS message (RFC 1035, RFC 6762 for mDNS, RFC 4795 for LLMNR): its facts and its line. */
import { ascii, printable } from '../bytes-text.ts'
import { name, readName } from './name.ts'
import { operationName, resultName, typeName } from './numbers.ts'
import { ipv4, ipv6Bytes } from '../text.ts'
import type { Facts, Message } from '../define.ts'

/** A line that is longer is of no use to anybody. */
const LONGEST_LINE = 1024
/** Records of one message whose data is read: a zone transfer has thousands. */
const MOST_RECORDS = 4096

const hex4 = (value: number): string => value.toString(16).padStart(4, '0')

/** Reads the message at `at`. `multicast`: the class has a flag in it. */
export function readDnsMessage(m: Message, at: number, out: Facts, multicast: boolean): void {
  const { data, view, to } = m
  if (at + 12 > to) return unfinished(m, out)
  const id = view.getUint16(at)
  const flags = view.getUint16(at + 2)
  const response = flags >= 0x8000
  const operation = (flags >> 11) & 15
  const counts = [view.getUint16(at + 4), view.getUint16(at + 6), view.getUint16(at + 8), view.getUint16(at + 10)] as const
  out.fact('dns.id', id, at, 2)
  out.fact('dns.flags', flags, at + 2, 2)
  out.fact('dns.flags.response', response, at + 2, 1)
  out.fact('dns.flags.opcode', operation, at + 2, 1)
  if (response) {
    out.fact('dns.flags.authoritative', (flags & 0x400) !== 0, at + 2, 1)
    out.fact('dns.flags.recavail', (flags & 0x80) !== 0, at + 3, 1)
    out.fact('dns.flags.authenticated', (flags & 0x20) !== 0, at + 3, 1)
    out.fact('dns.flags.rcode', flags & 15, at + 3, 1)
  }
  out.fact('dns.flags.truncated', (flags & 0x200) !== 0, at + 2, 1)
  out.fact('dns.flags.recdesired', (flags & 0x100) !== 0, at + 2, 1)
  out.fact('dns.flags.checkdisable', (flags & 0x10) !== 0, at + 3, 1)
  out.fact('dns.count.queries', counts[0], at + 4, 2)
  out.fact('dns.count.answers', counts[1], at + 6, 2)
  out.fact('dns.count.auth_rr', counts[2], at + 8, 2)
  out.fact('dns.count.add_rr', counts[3], at + 10, 2)

  let line = operationName(operation) + (response ? ' response' : '') + ` 0x${hex4(id)}`
  if (response && (flags & 15) !== 0) line += ` ${resultName(flags & 15)}`
  let next = at + 12
  let good = true
  for (let i = 0; i < counts[0] && good; i++) {
    good = readName(data, at, next, to) && name.end + 4 <= to
    if (!good) break
    const type = view.getUint16(name.end)
    const asked = view.getUint16(name.end + 2)
    out.fact('dns.qry.name', name.text, next, name.end - next)
    out.fact('dns.qry.name.len', name.length)
    out.fact('dns.count.labels', name.labels)
    out.fact('dns.qry.type', type, name.end, 2)
    out.fact('dns.qry.class', multicast ? asked & 0x7fff : asked, name.end + 2, 2)
    if (multicast) out.fact('dns.qry.qu', asked >= 0x8000, name.end + 2, 2)
    if (line.length < LONGEST_LINE) {
      line += ` ${typeName(type)} ${name.text}`
      if (multicast) line += asked >= 0x8000 ? ', "QU" question' : ', "QM" question'
    }
    next = name.end + 4
  }
  let left = MOST_RECORDS
  for (let section = 1; section < 4; section++) {
    for (let i = 0; i < counts[section]! && good && left > 0; i++, left--) {
      if (next >= to) {
        good = false
        break
      }
      record.line = line.length < LONGEST_LINE
      next = readRecord(m, at, next, out, multicast)
      good = next >= 0
      if (record.line) line += record.text
    }
  }
  out.line(line)
  if (!good) unfinished(m, out)
}

/** Where the capture was cut, nothing is wrong with the message. */
function unfinished(m: Message, out: Facts): void {
  if (m.to - m.from >= m.length) out.malformed()
}

/** What a record adds to the line, where it is wanted. */
const record = { line: true, text: '' }

/** Gives where the next record is, or -1. */
function readRecord(m: Message, base: number, at: number, out: Facts, multicast: boolean): number {
  const { data, view, to } = m
  record.text = ''
  if (!readName(data, base, at, to) || name.end + 10 > to) return -1
  const fixed = name.end
  const type = view.getUint16(fixed)
  const class_ = view.getUint16(fixed + 2)
  const length = view.getUint16(fixed + 8)
  const from = fixed + 10
  const end = Math.min(to, from + length)
  const whole = from + length <= to
  out.fact('dns.resp.name', name.text, at, fixed - at)
  out.fact('dns.resp.type', type, fixed, 2)
  if (record.line) record.text = ` ${typeName(type)}`
  if (type === 41) {
    out.fact('dns.rr.udp_payload_size', class_, fixed + 2, 2)
    return whole ? from + length : -1
  }
  out.fact('dns.resp.class', multicast ? class_ & 0x7fff : class_, fixed + 2, 2)
  if (multicast) {
    out.fact('dns.resp.cache_flush', class_ >= 0x8000, fixed + 2, 2)
    if (record.line && class_ >= 0x8000) record.text += ', cache flush'
  }
  out.fact('dns.resp.ttl', view.getUint32(fixed + 4), fixed + 4, 4)
  out.fact('dns.resp.len', length, fixed + 8, 2)
  // Data of a record that is deleted, or of a condition (RFC 2136), is empty.
  const shown = length === 0 ? '' : readData(m, base, name.text, type, from, end, out)
  if (shown === null) return -1
  if (record.line && shown !== '') record.text += ` ${shown}`
  return whole ? from + length : -1
}

/** Names that are all there is of a record's data. */
const NAMES: Readonly<Record<number, string>> = { 2: 'dns.ns', 5: 'dns.cname', 12: 'dns.ptr.domain_name', 39: 'dns.dname' }

/** What the line says of the data; null where it is not what its type asks for. */
function readData(m: Message, base: number, owner: string, type: number, from: number, end: number, out: Facts): string | null {
  const { data, view } = m
  const field = NAMES[type]
  if (field !== undefined) return nameAt(m, base, from, end, field, out)
  switch (type) {
    case 1: {
      if (from + 4 > end) return null
      const address = view.getUint32(from)
      out.fact('dns.a', address, from, 4)
      return record.line ? ipv4(address) : ''
    }
    case 28:
      if (from + 16 > end) return null
      out.fact('dns.aaaa', data.subarray(from, from + 16), from, 16)
      return record.line ? ipv6Bytes(data, from) : ''
    case 15: {
      if (from + 3 > end) return null
      const preference = view.getUint16(from)
      out.fact('dns.mx.preference', preference, from, 2)
      const host = nameAt(m, base, from + 2, end, 'dns.mx.mail_exchange', out)
      return host === null ? null : `${preference} ${host}`
    }
    case 6: {
      const primary = nameAt(m, base, from, end, 'dns.soa.mname', out)
      if (primary === null || nameAt(m, base, name.end, end, 'dns.soa.rname', out) === null || name.end + 20 > end) return null
      for (const [i, one] of SOA.entries()) out.fact(one, view.getUint32(name.end + i * 4), name.end + i * 4, 4)
      return primary
    }
    case 33: {
      if (from + 7 > end) return null
      const [service, protocol, ...rest] = owner.split('.')
      out.fact('dns.srv.service', service ?? '')
      out.fact('dns.srv.proto', protocol ?? '')
      out.fact('dns.srv.name', rest.join('.'))
      const [priority, weight, port] = [view.getUint16(from), view.getUint16(from + 2), view.getUint16(from + 4)]
      out.fact('dns.srv.priority', priority, from, 2)
      out.fact('dns.srv.weight', weight, from + 2, 2)
      out.fact('dns.srv.port', port, from + 4, 2)
      const target = nameAt(m, base, from + 6, end, 'dns.srv.target', out)
      return target === null ? null : `${priority} ${weight} ${port} ${target}`
    }
    case 16:
    case 99:
      for (let i = from; i < end;) {
        const length = data[i]!
        if (i + 1 + length > end) return null
        if (type === 16) out.fact('dns.txt.length', length, i, 1)
        out.fact(type === 16 ? 'dns.txt' : 'dns.spf', printable(data, i + 1, i + 1 + length), i + 1, length)
        i += 1 + length
      }
      return ''
    case 13: {
      const cpu = data[from]!
      const os = from + 1 + cpu < end ? data[from + 1 + cpu]! : 256
      if (from + 2 + cpu + os > end) return null
      const texts = [printable(data, from + 1, from + 1 + cpu), printable(data, from + 2 + cpu, from + 2 + cpu + os)] as const
      out.fact('dns.hinfo.cpu', texts[0], from + 1, cpu)
      out.fact('dns.hinfo.os', texts[1], from + 2 + cpu, os)
      return texts.join(' ')
    }
    case 47:
      return nameAt(m, base, from, end, 'dns.nsec.next_domain_name', out)
    case 51:
      return owner
    case 10:
      out.fact('dns.null', data.subarray(from, end), from, end - from)
      return ''
    case 64:
    case 65:
      if (from + 3 > end) return null
      out.fact('dns.svcb.svcpriority', view.getUint16(from), from, 2)
      return nameAt(m, base, from + 2, end, 'dns.svcb.targetname', out) === null ? null : ''
    case 257: {
      const length = from + 2 <= end ? data[from + 1]! : 256
      if (from + 2 + length > end) return null
      out.fact('dns.caa.tag', ascii(data, from + 2, from + 2 + length), from + 2, length)
      out.fact('dns.caa.value', printable(data, from + 2 + length, end), from + 2 + length, end - from - 2 - length)
      return ''
    }
    default:
      return ''
  }
}
const SOA = [
  'dns.soa.serial_number',
  'dns.soa.refresh_interval',
  'dns.soa.retry_interval',
  'dns.soa.expire_limit',
  'dns.soa.minimum_ttl',
] as const

/** The name in a record's data, or null. `name.end` is then where it ends. */
function nameAt(m: Message, base: number, from: number, end: number, field: string, out: Facts): string | null {
  if (!readName(m.data, base, from, end)) return null
  out.fact(field, name.text, from, name.end - from)
  return name.text
}
