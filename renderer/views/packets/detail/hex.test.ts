import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, dumpOf, holds, moveByte, offsetText, printed } from './hex.ts'

describe('bytes', () => {
  it('come out of base64 as they went in; junk is nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(bytesOf(btoa(String.fromCharCode(...bytes)))).toEqual(bytes)
      }),
    )
    expect(bytesOf('§')).toHaveLength(0)
  })
  it('are printed where they are visible ASCII only', () => {
    expect([0x41, 0x00, 0x7f, 0xe9, 0x20].map(printed).join('')).toBe('A··· ')
    expect(offsetText(0xd6, 268)).toBe('00d6')
    expect(offsetText(0xd6, 70_000)).toBe('000000d6')
  })
  it('are copied as a dump', () => {
    expect(dumpOf(new TextEncoder().encode('GET /index.html HTTP/1.1\r\n'))).toBe(
      '0000  47 45 54 20 2f 69 6e 64 65 78 2e 68 74 6d 6c 20  GET /index.html \n' +
        '0010  48 54 54 50 2f 31 2e 31 0d 0a                    HTTP/1.1..',
    )
  })
  it('are walked with the keys, and never left', () => {
    expect(moveByte(5, 'ArrowDown', 40, 10, false)).toBe(21)
    expect(moveByte(30, 'ArrowDown', 40, 10, false)).toBe(39)
    expect(moveByte(35, 'ArrowDown', 40, 10, false)).toBe(35)
    expect(moveByte(5, 'ArrowUp', 40, 10, false)).toBe(5)
    expect(moveByte(20, 'Home', 40, 10, false)).toBe(16)
    expect(moveByte(20, 'End', 40, 10, true)).toBe(39)
    expect(moveByte(20, 'x', 40, 10, false)).toBeNull()
    const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(keys), fc.boolean(), (length, presses, whole) => {
        let at = 0
        for (const key of presses) {
          at = moveByte(at, key, length, 5, whole) ?? -1
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at).toBeLessThan(length)
        }
      }),
    )
  })
  it('are within a range or not', () => {
    expect(holds({ from: 3, length: 2 }, 4)).toBe(true)
    expect(holds({ from: 3, length: 2 }, 5)).toBe(false)
    expect(holds(null, 0)).toBe(false)
  })
})
