import { expect, it } from 'vitest'
import type { Tuning } from '../../../../shared/model/triage.ts'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { heldBack } from './held-back.ts'

const NOW = Date.parse('2026-11-29T12:00:00.000Z')
const tuning = (more: Partial<Omit<Tuning, 'match'>> & { readonly match?: Partial<Tuning['match']> }): Tuning => ({
  kind: 'suppression',
  detection: 'wf-x',
  threshold: null,
  expires: '2026-12-06T00:00:00.000Z',
  owner: 'mina',
  reason: 'scanner',
  id: 't1',
  title: 'X',
  created: '2026-11-28T00:00:00.000Z',
  createdBy: 'mina',
  insisted: null,
  state: 'active',
  ended: null,
  endedBy: null,
  removed: 3,
  last: null,
  ...more,
  match: { source: null, destination: null, asset: null, user: null, fields: {}, ...more.match },
})

it('finds the events by what the tuning names, since it began', () => {
  const found = heldBack(tuning({ detection: '1:9100001', match: { source: '10.0.0.0/24', destination: 'web-01' } }), NOW)
  expect(found?.where).toBe('sig.id:9100001 and src.ip:10.0.0.0/24 and host:web-01')
  expect(found?.window).toEqual({ from: '2026-11-28T00:00:00.000Z', to: '2026-11-29T12:00:00.000Z' })
  expect(
    heldBack(tuning({ match: { source: 'fe80::1' }, state: 'ended', ended: '2026-11-28T06:00:00.000Z' }), NOW)?.window.to,
  ).toBe('2026-11-28T06:00:00.000Z')
})
it('says nothing where only the detection could', () => {
  expect(heldBack(tuning({ kind: 'threshold' }), NOW)).toBeNull()
})
it('is always a query that can be read, whatever the values are', () => {
  for (const value of ['a" or *', 'x) and (y', '한글 값', '*', 'a\\"b', '10.0.0.0/24'])
    for (const match of [{ source: value }, { user: value }, { fields: { 'http.uri': value } }]) {
      const found = heldBack(tuning({ match }), NOW)
      expect(parseQuery(found?.where ?? '(').ok).toBe(true)
    }
})
