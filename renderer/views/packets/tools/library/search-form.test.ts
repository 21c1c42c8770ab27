import { describe, expect, it } from 'vitest'
import { EMPTY_FORM, searchOf } from './search-form.ts'

const DAY = Date.UTC(2026, 10, 19, 12) / 1000

describe('the search of the library', () => {
  it('is what was typed', () => {
    const form = {
      ...EMPTY_FORM,
      one: ' 192.0.2.1',
      other: '2001:db8::7 ',
      port: '443',
      from: '18:00',
      to: '2026-11-20 00:00:00.5',
    }
    expect(searchOf(form, DAY).search).toEqual({
      hosts: ['192.0.2.1', '2001:db8::7'],
      port: 443,
      communityId: null,
      from: '2026-11-19T18:00:00.000Z',
      to: '2026-11-20T00:00:00.500Z',
      limit: 200,
    })
  })
  it('names each field that cannot be', () => {
    const bad = { one: 'web', other: '02:00:5e:10:00:01', port: '70000', communityId: '1:x', from: 'noon', to: '25:00' }
    expect([...searchOf(bad, DAY).problems].sort()).toEqual(['communityId', 'from', 'one', 'other', 'port', 'to'])
    expect([...searchOf({ ...EMPTY_FORM, from: '18:00', to: '18:00' }, DAY).problems]).toEqual(['backwards'])
    // A time without a date belongs to no day where no capture is open.
    expect([...searchOf({ ...EMPTY_FORM, from: '18:00' }, null).problems]).toContain('from')
  })
  it('asks for something', () => {
    expect([...searchOf(EMPTY_FORM, DAY).problems]).toEqual(['nothing'])
    expect(searchOf({ ...EMPTY_FORM, communityId: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=' }, null).search?.communityId).toBe(
      '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    )
  })
})
