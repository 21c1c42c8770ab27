import { describe, expect, it } from 'vitest'
import { placeOf } from './place.ts'

describe('the place to go to', () => {
  it('is a packet or a time', () => {
    expect(placeOf(' 14 310,206 ', 0)).toEqual({ kind: 'packet', packet: 14_310_206 })
    expect(placeOf('+0.5', 100)).toEqual({ kind: 'time', seconds: 100.5 })
    expect(placeOf('00:01', 86_400 * 3 + 5)).toEqual({ kind: 'time', seconds: 86_400 * 3 + 60 })
  })
  it('is none where it says none', () => {
    for (const text of ['', '0', '99999999999', 'x', '-4', '12.5']) expect(placeOf(text, 0), text).toEqual({ kind: 'none' })
  })
})
