import { describe, expect, it } from 'vitest'
import { hexDigits, otherEnd, wantedOf } from './wanted.ts'

describe('what is looked for', () => {
  it('reads bytes as they are written anywhere', () => {
    expect(['4d5a', '4D 5A', '0x4d5a', '4d:5a', '4d-5a\n'].map(hexDigits)).toEqual(Array.from({ length: 5 }, () => '4d5a'))
    expect(['', '4', '4d5', 'xy', '4d5g'].map(hexDigits)).toEqual([null, null, null, null, null])
  })
  it('looks for bytes in bytes', () => {
    const spec = { what: 'hex', where: 'line', text: 'FF d8', caseSensitive: false } as const
    expect(wantedOf(spec)).toEqual({ ...spec, where: 'bytes', text: 'ffd8' })
    expect(wantedOf({ ...spec, text: 'zz' })).toBe(null)
    expect(wantedOf({ ...spec, what: 'text', text: ' ' })?.text).toBe(' ')
    expect(wantedOf({ ...spec, what: 'filter', text: ' ' })).toBe(null)
  })
  it('goes on at the other end', () => {
    expect([otherEnd(false, 90), otherEnd(true, 90)]).toEqual([0, 91])
  })
})
