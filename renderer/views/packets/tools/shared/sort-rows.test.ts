import { describe, expect, it } from 'vitest'
import { sortRows } from './sort-rows.ts'

describe('sortRows', () => {
  it('sorts addresses by their numbers and figures by size, and keeps equal ones as they are', () => {
    const hosts = ['10.0.0.10', '10.0.0.9', '9.0.0.1']
    expect(sortRows(hosts, (host) => host, false)).toEqual(['9.0.0.1', '10.0.0.9', '10.0.0.10'])
    expect(sortRows([3, 10, 2], (one) => one, true)).toEqual([10, 3, 2])
    const equal = [
      { id: 'a', size: 1 },
      { id: 'b', size: 1 },
    ]
    expect(sortRows(equal, ({ size }) => size, true)).toEqual(equal)
  })
})
