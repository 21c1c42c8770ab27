import { describe, expect, it } from 'vitest'
import type { DissectorFields } from './catalogue.ts'
import { checkFilter, checkOwnFilter } from './check-filter.ts'

const problem = (text: string): string => {
  const found = checkOwnFilter(text)
  if (found.ok) return `fine ${found.value.how}`
  const { error } = found
  if (error.code !== 'query_syntax') return error.code
  const most = error.key === 'not_a_bool' ? 2 : 1
  return [error.key, error.offset, error.length, ...error.suggestions.slice(0, most)].join(' ')
}

describe('what a filter may say', () => {
  it.each([
    ['tcp', 'fine index'],
    ['ip.addr == 192.0.2.1', 'fine index'],
    ['ip.addr in {192.0.2.0/24, 198.51.100.1..198.51.100.9}', 'fine index'],
    ['tcp.flags.syn == 1 and tcp.analysis.retransmission', 'fine index'],
    ['frame.time > "2026-11-20 18:41:00"', 'fine index'],
    ['frame.time_relative > 0.5', 'fine index'],
    ['ip.ttl < 64', 'fine decode'],
    ['tcp[13] & 2', 'fine decode'],
    ['frame contains "abc"', 'fine decode'],
    ['ip.addr#2 == 192.0.2.1', 'fine decode'],
    ['@ip.src == c0:00:02:01', 'fine decode'],
    ['ip.proto == "TCP"', 'fine index'],
    ['tcp.flags.syn == True', 'fine index'],
    ['5 < tcp.port', 'fine index'],
    ['udp contains "(?=x)"', 'fine decode'],
    ['frame matches "a(?=b)"', 'fine dissect'],
  ])('%s', (text, wanted) => {
    expect(problem(text)).toBe(wanted)
  })

  it.each([
    ['ip.adr == 192.0.2.1', 'unknown_field 0 6 ip.addr'],
    ['tcp and tcp.prot == 80', 'unknown_field 8 8 tcp.port'],
    ['len(nothing) > 3', 'unknown_field 4 7'],
    ['foo(tcp)', 'unknown_function 0 3'],
    ['len(tcp.port, 2) == 1', 'function_arguments 0 3'],
    ['lower(ip.src) == "a"', 'function_type 6 6'],
    ['len("abc") == 3', 'function_field 4 5'],
    ['len(tcp)', 'function_alone 0 3'],
    ['80 == 80', 'needs_field 0 2'],
    ['tcp.port == abc', 'not_a_number 12 3'],
    ['tcp.port == "80"', 'string_type 12 4 80'],
    ['tcp.port == 99999999999999999999', 'too_large 12 20'],
    ['tcp.flags.syn == yes', 'not_a_bool 17 3 True False'],
    ['ip.src == 192.0.2', 'not_ipv4 10 7'],
    ['ip.src == 192.0.2.0/33', 'bad_prefix 10 12'],
    ['ipv6.src == 2001:db8', 'not_ipv6 12 8'],
    ['eth.src == 02:00', 'not_ether 11 5'],
    ['tcp[0:2] == xyz', 'not_bytes 12 3'],
    ['frame.time > yesterday', 'not_a_time 13 9'],
    ['frame.time_delta > fast', 'not_a_duration 19 4'],
    ['ip.src == tcp.port', 'types_differ 10 8'],
    ['tcp.port contains 8', 'operator_type 0 8'],
    ['tcp.port[0] == 1', 'slice_type 0 11'],
    ['tcp matches abc', 'matches_string 12 3'],
    ['tcp matches "["', 'bad_regex 12 3'],
    ['tcp.analysis.flags == 1', 'value_none 0 18'],
    ['ip.src + 1 == 192.0.2.1', 'operator_type 0 6'],
  ])('%s is wrong', (text, wanted) => {
    expect(problem(text)).toBe(wanted)
  })

  const dissector: DissectorFields = {
    find: (name) => Promise.resolve(name === 'made.up' ? { type: 'FT_UINT8', title: 'Made up' } : null),
    like: (prefix) =>
      Promise.resolve('made.up'.startsWith(prefix) ? [{ name: 'made.up', type: 'FT_UINT8', title: 'Made up' }] : []),
  }
  it('asks the dissectors about names it does not know', async () => {
    const found = await checkFilter('tcp && made.up == "Name of a value"', dissector)
    expect(found).toMatchObject({ ok: true, value: { how: 'dissect', dissected: ['made.up'] } })
  })
  it('does not ask about what stands on the right', async () => {
    const asked: string[] = []
    const asking: DissectorFields = {
      find: (name) => {
        asked.push(name)
        return Promise.resolve(null)
      },
      like: () => Promise.resolve([]),
    }
    await checkFilter('dns.id == 1 and frame.protocols == GET', asking)
    expect(asked).toEqual([])
  })
  it('suggests what the dissectors know', async () => {
    const found = await checkFilter('made.pu == 1', dissector)
    expect(found).toMatchObject({ ok: false, error: { key: 'unknown_field', offset: 0, length: 7, suggestions: ['made.up'] } })
  })
})
