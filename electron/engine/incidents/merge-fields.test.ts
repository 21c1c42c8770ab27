import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mentionsIn } from './mentions.ts'
import { mergeFields, mergeList } from './merge-fields.ts'
import { IncidentPresence } from './presence.ts'

test('lists: what one added stays, what one took out goes', () => {
  const list = fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 6 })
  fc.assert(
    fc.property(list, list, list, (base, mine, theirs) => {
      const both = mergeList(base, mine, theirs)
      expect(new Set(both).size).toBe(both.length)
      for (let n = 0; n <= 9; n++) {
        const [b, m, t] = [base, mine, theirs].map((one) => one.includes(n))
        expect(both.includes(n)).toBe(b === m ? t : m)
      }
      expect(mergeList(base, mine, base)).toHaveLength(mine.length)
    }),
  )
})

test('fields: the side that changed one wins, texts hold both, what clashes is told', () => {
  const base = { title: 'Isolate', state: 'open', assignee: null, reason: 'a b', phase: null }
  expect(mergeFields('task', base, { ...base, state: 'done' }, { ...base, assignee: 'lee', reason: 'a b c' })).toEqual({
    fields: { ...base, state: 'done', assignee: 'lee', reason: 'a b c' },
    clashes: [],
  })
  expect(mergeFields('task', base, { ...base, assignee: 'kim' }, { ...base, assignee: 'lee' })).toEqual({
    fields: { ...base, assignee: 'kim' },
    clashes: ['assignee'],
  })
  const sentence = { text: { en: 'It worked.', ko: '성공했습니다.' }, cites: [{ alert: '1' }] }
  expect(
    mergeFields(
      'sentence',
      sentence,
      { ...sentence, text: { en: 'It worked twice.', ko: '성공했습니다.' } },
      { ...sentence, text: { en: 'It worked.', ko: '두 번 성공했습니다.' }, cites: [{ alert: '1' }, { alert: '2' }] },
    ),
  ).toEqual({
    fields: { text: { en: 'It worked twice.', ko: '두 번 성공했습니다.' }, cites: [{ alert: '1' }, { alert: '2' }] },
    clashes: [],
  })
})

test('a text that would be too long is the later one, and that is told', () => {
  const merged = mergeFields('edge', { label: '' }, { label: 'a'.repeat(200) }, { label: 'b'.repeat(200) })
  expect(merged).toEqual({ fields: { label: 'a'.repeat(200) }, clashes: ['label'] })
})

test('names after @, not those of mail addresses', () => {
  expect(mentionsIn('@kim 확인, @이영희. (@s.han) kim@example.com @@x @kim')).toEqual(['kim', '이영희', 's.han'])
})

test('who has an incident open sees the others come and go', () => {
  const presence = new IncidentPresence()
  let woken = 0
  const kim = presence.come('INC-2026-0001', 'kim', () => woken++)
  const lee = presence.come('INC-2026-0001', 'lee', () => undefined)
  const again = presence.come('INC-2026-0001', 'kim', () => undefined)
  presence.come('INC-2026-0002', 'park', () => undefined)
  expect([kim.others(), lee.others(), woken]).toEqual([['kim', 'lee'], ['kim'], 2])
  again.leave()
  lee.leave()
  expect([kim.others(), woken]).toEqual([[], 4])
})
