import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeText, mergeUnknown } from './merge-text.ts'
import { hunksOf } from './sequence-diff.ts'

const word = fc.constantFrom('a', 'b', 'web-01', '가', ' ', ' ', '\n', '.', '격리 완료', '\u{1f512}')
const text = fc.array(word, { maxLength: 24 }).map((words) => words.join(''))

describe('hunks', () => {
  test('applied to the old sequence give the new one, and stand apart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
        (a, b) => {
          const hunks = hunksOf(a, b)
          const made: string[] = []
          let at = 0
          for (const { from, to, newFrom, newTo } of hunks) {
            expect(from).toBeGreaterThanOrEqual(at === 0 ? 0 : at + 1)
            made.push(...a.slice(at, from), ...b.slice(newFrom, newTo))
            at = to
          }
          expect([...made, ...a.slice(at)]).toEqual(b)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('are as few as can be', () => {
    expect(hunksOf([...'abcabba'], [...'cbabac']).reduce((n, h) => n + h.to - h.from + h.newTo - h.newFrom, 0)).toBe(5)
  })

  test('of sequences that have nothing in common are one, however long', () => {
    const before = Array.from({ length: 50_000 }, (_, i) => `a${i}`)
    const after = Array.from({ length: 50_000 }, (_, i) => `b${i}`)
    expect(hunksOf(before, after)).toEqual([{ from: 0, to: 50_000, newFrom: 0, newTo: 50_000 }])
  })
})

describe('three texts', () => {
  test('one that was not changed gives way, the same change is one', () => {
    fc.assert(
      fc.property(text, text, (base, a) => {
        expect(mergeText(base, a, base)).toEqual({ text: a, clashes: 0 })
        expect(mergeText(base, base, a)).toEqual({ text: a, clashes: 0 })
        expect(mergeText(base, a, a)).toEqual({ text: a, clashes: 0 })
      }),
      { numRuns: 500 },
    )
  })

  test('what was written is in the result as a word, whatever the other took away', () => {
    const edited = (base: string, name: string): fc.Arbitrary<string> =>
      fc
        .array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 3 }), fc.boolean()), { minLength: 1, maxLength: 4 })
        .map((edits) =>
          edits.reduce(
            (words, [at, cut, breaks], n) => {
              words.splice(Math.min(at, words.length), cut, `${breaks ? '\n' : ' '}${name}${n}${breaks ? '\n' : ' '}`)
              return words
            },
            base.split(/(?<=\s)/),
          ),
        )
        .map((words) => words.join(''))
    fc.assert(
      fc.property(
        text.chain((base) => fc.tuple(fc.constant(base), edited(base, 'mine'), edited(base, 'theirs'))),
        ([base, mine, theirs]) => {
          const { text: both } = mergeText(base, mine, theirs)
          const words = both.split(/[^\p{L}\p{N}]+/u)
          for (const token of `${mine} ${theirs}`.match(/(mine|theirs)\d/g) ?? []) expect(words).toContain(token)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('changes of different lines, and of different words of a line, stand together', () => {
    expect(mergeText('one\ntwo\nthree\n', 'ONE\ntwo\nthree\n', 'one\ntwo\nTHREE\n')).toEqual({
      text: 'ONE\ntwo\nTHREE\n',
      clashes: 0,
    })
    expect(mergeText('web-01 is isolated', 'web-01 was isolated', 'web-01 is isolated now')).toEqual({
      text: 'web-01 was isolated now',
      clashes: 0,
    })
    expect(mergeText('첫 줄\n둘째 줄', '첫 줄 추가\n둘째 줄', '첫 줄\n둘째 줄 바꿈')).toEqual({
      text: '첫 줄 추가\n둘째 줄 바꿈',
      clashes: 0,
    })
  })

  test('where both changed the same words both stay, and it is told', () => {
    expect(mergeText('at ten', 'at eleven', 'at twelve')).toEqual({ text: 'at twelve eleven', clashes: 1 })
    expect(mergeText('x', '', 'y')).toEqual({ text: 'y', clashes: 1 })
    expect(mergeText('a\n', 'a\nmine\n', 'a\ntheirs\n')).toEqual({ text: 'a\ntheirs\nmine\n', clashes: 1 })
  })

  test('texts as long as they may be, and hardly alike, come to an end with both in them', () => {
    const mine = 'a '.repeat(49_000) + 'mine'
    const theirs = 'a\n'.repeat(49_000) + 'theirs'
    const { text: both } = mergeText('b '.repeat(50_000), mine, theirs)
    expect(both.length).toBe(mine.length + theirs.length + 1)
  })

  test('without what both began with nothing of either is taken out', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const words = mergeUnknown(a, b).text.split(/[^\p{L}\p{N}]+/u)
        for (const token of `${a} ${b}`.match(/[\p{L}\p{N}]+/gu) ?? []) expect(words.join(' ')).toContain(token)
      }),
    )
    expect(mergeUnknown('same', 'same')).toEqual({ text: 'same', clashes: 0 })
  })
})
