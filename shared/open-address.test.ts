import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openHash, pathsToOpen } from './open-address.ts'

/** What a page at this address finds, as its router reads it. */
const read = (hash: string): URLSearchParams => new URLSearchParams(hash.slice(hash.indexOf('?') + 1))

describe('the address that opens captures', () => {
  it('carries any path there and back, and nothing beside it', () => {
    const path = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.constantFrom(
        '/a"b\'.pcap',
        '/a&capture=b.pcap',
        '/a#b?c%2F.pcap',
        '/x\n\u0000\u202E.pcap',
        '["x"]',
        'C:\\a b\\"c.cap',
        '\ud800',
      ),
    )
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 5 }), (paths) => {
        const hash = openHash(paths)
        expect(hash).toMatch(/^#\/packets\?open=[\w%.!~*'()-]+$/)
        const url = new URL(`watchfloor://app/${hash}`)
        expect([url.protocol, url.host, url.pathname, url.search]).toEqual(['watchfloor:', 'app', '/', ''])
        expect([...read(hash).keys()]).toEqual(['open'])
        expect(pathsToOpen(read(hash).get('open') ?? '')).toEqual(paths)
      }),
    )
  })
  it('is empty for nothing, and leaves out what cannot be opened or does not fit', () => {
    expect(openHash([])).toBe('')
    expect(openHash(['', 'x'.repeat(4097)])).toBe('')
    expect(pathsToOpen(read(openHash(['/a', '', '/b', '/a'])).get('open') ?? '')).toEqual(['/a', '/b'])
    const many = Array.from({ length: 1200 }, (_, index) => `/${index}`)
    expect(pathsToOpen(read(openHash(many)).get('open') ?? '')).toEqual(many.slice(0, 1000))
    const long = Array.from({ length: 200 }, (_, index) => `/${index}${'한'.repeat(4000)}`)
    const hash = openHash(long)
    expect(hash.length).toBeLessThan(1_010_000)
    expect(pathsToOpen(read(hash).get('open') ?? '').length).toBeGreaterThan(10)
  })
  it('may name one path as it is', () => {
    expect(pathsToOpen('/evidence/a, b.pcap')).toEqual(['/evidence/a, b.pcap'])
  })
  it.each([undefined, '', '[', '[]', '[1]', '["/a",null]', '[""]', '[["/a"]]', `["${'x'.repeat(4097)}"]`, 'x'.repeat(4097)])(
    'opens nothing for %j',
    (text) => {
      expect(pathsToOpen(text)).toEqual([])
    },
  )
})
