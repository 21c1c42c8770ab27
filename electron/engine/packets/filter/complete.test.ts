import { describe, expect, it } from 'vitest'
import type { DissectorFields } from './catalogue.ts'
import { completeFilter } from './complete.ts'

/** `|` is the cursor. */
async function offered(
  marked: string,
  dissector: DissectorFields | null = null,
): Promise<{ names: string[]; from: number; to: number }> {
  const cursor = marked.indexOf('|')
  const { from, to, choices } = await completeFilter(marked.replace('|', ''), cursor, 20, dissector)
  return { names: choices.map(({ name }) => name), from, to }
}

describe('completion', () => {
  it('offers fields that begin so, the usual ones first', async () => {
    const { names, from, to } = await offered('ip.a|')
    expect(names[0]).toBe('ip.addr')
    expect([from, to]).toEqual([0, 4])
  })
  it('replaces the whole word, also from within', async () => {
    expect(await offered('udp or tc|p.prot == 3')).toMatchObject({ from: 7, to: 15 })
  })
  it('offers fields that contain it after those that begin so', async () => {
    const { names } = await offered('stream|')
    expect(names).toContain('tcp.stream')
  })
  it('offers operators that fit the type behind a field', async () => {
    expect((await offered('tcp.port |')).names).toEqual(expect.arrayContaining(['==', '>', 'in', 'and']))
    expect((await offered('tcp.port |')).names).not.toContain('contains')
    expect((await offered('frame.protocols |')).names).toContain('matches')
    expect((await offered('tcp.port con|')).names).toEqual([])
  })
  it('offers only another term behind a comparison', async () => {
    expect((await offered('tcp.port == 80 |')).names).toEqual(['and', 'or', 'xor'])
    expect((await offered('tcp.port == 80 a|')).names).toEqual(['and'])
  })
  it('offers values where they are known', async () => {
    expect((await offered('tcp.flags.syn == |')).names).toEqual(['True', 'False'])
    expect((await offered('ip.proto == UD|')).names[0]).toBe('17')
    expect((await offered('tcp.port in {80, 44|')).names.slice(0, 2)).toEqual(['443', '445'])
  })
  it('offers nothing inside quotes and slices', async () => {
    expect((await offered('dns.qry.name == "ex|ample"')).names).toEqual([])
    expect((await offered('tcp[1|3]')).names).toEqual([])
  })
  it('offers functions', async () => {
    expect((await offered('low|')).names).toContain('lower')
  })
  it('asks the dissectors for more', async () => {
    const dissector: DissectorFields = {
      find: () => Promise.resolve(null),
      like: (prefix) => Promise.resolve([{ name: `${prefix}x.y`, type: 'FT_STRING', title: 'Made up' }]),
    }
    const { choices } = await completeFilter('qqq', 3, 20, dissector)
    expect(choices).toEqual([{ name: 'qqqx.y', type: 'text', doc: 'Made up', how: 'dissect' }])
  })
  it('takes any cursor in any text', async () => {
    const text = 'not (tcp.port in {80, 443} && http.host matches "x[y]") or tcp[0:2] == 00:50 ]'
    for (let cursor = 0; cursor <= text.length; cursor++) {
      const { from, to } = await completeFilter(text, cursor, 5, null)
      expect(from).toBeLessThanOrEqual(cursor)
      expect(to).toBeGreaterThanOrEqual(cursor)
    }
  })
})
