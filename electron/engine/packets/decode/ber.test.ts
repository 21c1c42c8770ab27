import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { child, element, elementLength, elements, integer, MOST_CHILDREN, oid, textOf } from './ber.ts'

/** One element in its shortest form. */
function encoded(tag: number, contents: Uint8Array): Uint8Array {
  const { length } = contents
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Uint8Array.from([tag, ...head, ...contents])
}
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s+/g, ''), 'hex'))

describe('elements', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 12 }), (texts) => {
        const all = texts.map((text) => encoded(0x04, text))
        const data = new Uint8Array(Buffer.concat(all))
        const found = elements(data, 0, data.length)
        expect(found.map(({ from, to }) => data.slice(from, to))).toEqual(texts)
        if (data.length > 1) expect(elementLength(data, 0, data.length)).toBe(all[0]!.length)
      }),
    )
  })

  it('never reach beyond what is there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(10), (data, from) => {
        let reached = from
        for (const one of elements(data, from, data.length)) {
          expect(one.at).toBe(reached)
          expect(one.from).toBeLessThanOrEqual(data.length)
          expect(one.to).toBeLessThanOrEqual(data.length)
          expect(one.next).toBeGreaterThan(one.at)
          reached = one.next
        }
      }),
    )
  })

  it('of indefinite length end with two zeros', () => {
    const data = bytes('30 80 02 01 05 04 02 6869 0000 ff')
    const one = element(data, 0, data.length)!
    expect([one.from, one.to, one.next, one.whole]).toEqual([2, 9, 11, true])
    expect(textOf(data, child(data, one, 0x04)!)).toBe('hi')
    expect(elementLength(data, 0, data.length)).toBe(11)
  })

  it('of indefinite length within each other are not followed without end', () => {
    const data = new Uint8Array(4000).fill(0x30)
    for (let i = 1; i < data.length; i += 2) data[i] = 0x80
    expect(element(data, 0, data.length)?.whole).toBe(false)
    expect(elements(new Uint8Array(4 * MOST_CHILDREN), 0, 4 * MOST_CHILDREN)).toHaveLength(MOST_CHILDREN)
  })

  it('that are cut say so', () => {
    expect(element(bytes('04 05 6162'), 0, 4)).toMatchObject({ from: 2, to: 4, next: 7, whole: false })
    expect(element(bytes('04'), 0, 1)).toBeNull()
    expect(element(bytes('04 87 01020304050607'), 0, 9)).toBeNull()
  })
})

it('integers are signed', () => {
  const read = (hex: string): number | undefined => integer(bytes(hex), element(bytes(hex), 0, bytes(hex).length)!)
  expect([
    read('0201 7f'),
    read('0201 ff'),
    read('0202 0080'),
    read('0202 8000'),
    read('0200'),
    read('0207 01000000000000'),
  ]).toEqual([127, -1, 128, -32_768, undefined, undefined])
})

it('object identifiers are written with points', () => {
  const name = bytes('2b 06 01 05 05 02')
  expect(oid(name, 0, name.length)).toBe('1.3.6.1.5.5.2')
  const other = bytes('2a 86 48 86 f7 12 01 02 02')
  expect(oid(other, 0, other.length)).toBe('1.2.840.113554.1.2.2')
  expect(oid(bytes('8837 03'), 0, 3)).toBe('2.999.3')
})
