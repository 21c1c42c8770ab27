import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LedgerEntry } from '../../../shared/model/ledger.ts'
import { canonical, faultOf, NO_HASH, sealed } from './chain.ts'

const chain = (bodies: readonly LedgerEntry['body'][]): LedgerEntry[] => {
  const entries: LedgerEntry[] = []
  for (const body of bodies)
    entries.push(
      sealed({
        book: 'desk',
        number: entries.length + 1,
        at: '2026-01-01T00:00:00.000Z',
        by: 'seo',
        action: 'alert.decided',
        subject: '7',
        body,
        previous: entries.at(-1)?.hash ?? NO_HASH,
      }),
    )
  return entries
}

test('an untouched chain has no fault, whatever its bodies hold', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 }), (bodies) => {
      const entries = chain(bodies as LedgerEntry['body'][])
      expect(faultOf(entries)).toBeNull()
      // As it comes back from a file.
      expect(faultOf(JSON.parse(JSON.stringify(entries)) as LedgerEntry[])).toBeNull()
    }),
  )
})

test('a changed, missing, added or moved entry is found where it is', () => {
  const entries = chain([{ a: 1 }, { a: 2 }, { a: 3 }])
  const [first, second, third] = entries as [LedgerEntry, LedgerEntry, LedgerEntry]
  expect(faultOf([first, { ...second, body: { a: 9 } }, third])).toEqual({ number: 2, why: 'changed' })
  expect(faultOf([first, sealed({ ...second, body: { a: 9 } }), third])).toEqual({ number: 3, why: 'unchained' })
  expect(faultOf([first, third])).toEqual({ number: 2, why: 'missing' })
  expect(faultOf([second, third])).toEqual({ number: 1, why: 'missing' })
  expect(faultOf([first, third, second])).toEqual({ number: 2, why: 'missing' })
  expect(faultOf([first, { ...second, by: 'lee' }])).toEqual({ number: 2, why: 'changed' })
  expect(faultOf([{ ...first, book: 'INC-2026-0001' }, second])).toEqual({ number: 1, why: 'changed' })
})

test('names stand in one order', () => {
  expect(canonical({ b: 1, a: [true, null, { d: '"', c: 0.1 }] })).toBe('{"a":[true,null,{"c":0.1,"d":"\\""}],"b":1}')
})
