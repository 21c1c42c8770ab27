import { describe, expect, it } from 'vitest'
import { laneWidth, placeOf, toneOf } from './lanes.ts'

describe('the flow diagram', () => {
  it('shares the room between lanes, within bounds', () => {
    expect([laneWidth(2, 800), laneWidth(2, 5000), laneWidth(40, 800), laneWidth(0, 800)]).toEqual([400, 520, 168, 520])
  })
  it('lays arrows from line to line, in either direction', () => {
    expect(placeOf(0, 2, 200)).toEqual({ left: 100, width: 400, back: false, self: false })
    expect(placeOf(2, 1, 200)).toEqual({ left: 300, width: 200, back: true, self: false })
    expect(placeOf(1, 1, 200)).toMatchObject({ left: 300, self: true })
  })
  it('puts faults before what is late', () => {
    expect([toneOf([]), toneOf(['comment']), toneOf(['retransmission']), toneOf(['retransmission', 'reset'])]).toEqual([
      '',
      '',
      'late',
      'fault',
    ])
  })
})
