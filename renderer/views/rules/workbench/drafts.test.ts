import { expect, it } from 'vitest'
import { withDraft, type Draft } from './drafts.ts'

const draft = (n: number): Draft => ({ text: `text ${n}`, at: `2026-11-30T00:00:${String(n).padStart(2, '0')}.000Z` })

it('keeps one draft of each rule, and those written last', () => {
  let drafts: Readonly<Record<string, Draft>> = {}
  for (let n = 0; n < 25; n++) drafts = withDraft(drafts, `rule ${n}`, draft(n))
  expect(Object.keys(drafts).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `rule ${i + 5}`).sort())
  drafts = withDraft(drafts, 'rule 24', draft(30))
  expect(drafts['rule 24']).toEqual(draft(30))
  expect(Object.keys(drafts)).toHaveLength(20)
  drafts = withDraft(drafts, 'rule 24', null)
  expect(drafts['rule 24']).toBeUndefined()
  expect(Object.keys(drafts)).toHaveLength(19)
})
