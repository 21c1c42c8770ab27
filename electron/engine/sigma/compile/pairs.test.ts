import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { mayHold, PAIR_WORDS, pairsAsked } from './pairs.ts'
import { RowView } from './row-view.ts'
import { ABSENT, ELSEWHERE, SlotTexts } from './slot-texts.ts'

const fields = new FieldRegistry()
const view = new RowView(fields)
const slots = ['A', 'B', 'C'].map((name) => view.slot({ names: [name] }))
const texts = new SlotTexts(view)
texts.build()
const row = new EventRow()
const show = (values: readonly (string | number | string[] | undefined)[]): void => {
  row.clear()
  values.forEach((value, i) => value !== undefined && row.set(fields.id(['A', 'B', 'C'][i]!), value))
  view.show(row)
  texts.next()
}
const textOf = (slot: number): string => {
  const length = texts.length(slot)
  return String.fromCharCode(...texts.chars.subarray(texts.start(slot), texts.start(slot) + length))
}

const text = fc.oneof(fc.stringMatching(/^[abAB\\. ]{0,40}$/), fc.string({ unit: 'grapheme', maxLength: 40 }))

it('keeps the lower case of what the fields hold', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 3, maxLength: 3 }), (values) => {
      show(values)
      // In any order: each is put behind those that were asked for before.
      for (const i of [2, 0, 1]) expect(textOf(slots[i]!)).toBe(values[i]!.toLowerCase())
    }),
    { numRuns: 500 },
  )
})

it('says where there is no text to keep', () => {
  show([4688, ['a', 'b'], undefined])
  expect(textOf(slots[0]!)).toBe('4688')
  expect(texts.length(slots[1]!)).toBe(ELSEWHERE)
  expect(texts.length(slots[2]!)).toBe(ABSENT)
  show(['x'.repeat(5000), undefined, 'İX'])
  expect(texts.length(slots[0]!)).toBe(ELSEWHERE)
  expect(textOf(slots[2]!)).toBe('i̇x')
})

it('never says of a literal that stands in a text that it cannot', () => {
  fc.assert(
    fc.property(text, fc.nat(40), fc.nat(12), (whole, from, length) => {
      const lower = whole.toLowerCase()
      const literal = lower.slice(from, from + length)
      show([undefined, whole])
      expect(texts.length(slots[1]!)).toBe(lower.length)
      expect(mayHold(texts.pairs(slots[1]!), slots[1]! * PAIR_WORDS, pairsAsked(literal))).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it('says of most others that they cannot', () => {
  show(['C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s Schedule'])
  texts.length(slots[0]!)
  const others = ['mimikatz', '\\powershell.exe', 'invoke-', '-enc', 'http', 'lsass', '.dll', 'downloadstring']
  expect(others.filter((one) => mayHold(texts.pairs(slots[0]!), slots[0]! * PAIR_WORDS, pairsAsked(one)))).toEqual([])
})
