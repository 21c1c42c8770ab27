import { describe, expect, it } from 'vitest'
import { parseRoute } from '../../app/route.ts'
import { placeHash, placeOf, type Place } from './page-state.ts'

const place: Place = {
  capture: 'a11ce0000000000000000000000000c1',
  filter: 'ip.addr == 192.0.2.1 && frame contains "a&b=c"',
  span: { from: 1795112507.412093, to: null },
  packet: 21_906_114,
  tool: 'follow',
  flow: 0,
  alert: null,
  event: null,
}

describe('the address of a place', () => {
  it('goes there and back', () => {
    expect(placeOf(parseRoute(placeHash(place)).params)).toEqual(place)
    const asked = { ...placeOf({}), alert: '48213' }
    expect(placeOf(parseRoute(placeHash(asked)).params)).toEqual(asked)
  })
  it('leaves out what cannot be read', () => {
    const odd = {
      capture: '../../etc',
      packet: '-1',
      tool: 'rm',
      flow: 'x',
      from: 'yesterday',
      to: 'NaN',
      alert: "1'",
      event: '',
    }
    expect(placeOf(odd)).toEqual(placeOf({}))
    expect(placeOf({ packet: '4294967296' }).packet).toBeNull()
    expect(placeOf({ packet: '0' }).packet).toBeNull()
  })
})
