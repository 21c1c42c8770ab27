import { expect, it } from 'vitest'
import { rulesOfText } from '../sigma/parse-rules.ts'
import type { SigmaRule } from '../sigma/types.ts'
import { leftOut } from './left-rules.ts'

const rules = ['a', 'b', 'c'].flatMap((id) =>
  [
    ...rulesOfText({
      file: `${id}.yml`,
      folder: '/rules',
      text: `title: ${id}
id: ${id}
logsource:
  product: windows
detection:
  selection:
    Image: x
  condition: selection
`,
    }),
  ].flatMap(({ rule }) => rule ?? []),
)
const [a, b, c] = rules as [SigmaRule, SigmaRule, SigmaRule]

it('names what is left out, in whichever place', () => {
  expect(leftOut(rules, [b, c])).toEqual(['a'])
  expect(leftOut(rules, [a, c])).toEqual(['b'])
  expect(leftOut(rules, [])).toEqual(['a', 'b', 'c'])
})
it('says null where nothing is left out, or something else changed', () => {
  expect(leftOut(rules, rules)).toBeNull()
  expect(leftOut([a, b], rules)).toBeNull()
  expect(leftOut(rules, [c, b])).toBeNull()
  expect(leftOut(rules, [a, { ...b, text: 'another' }])).toBeNull()
  expect(leftOut(rules, [a, { ...b, detection: structuredClone(b.detection) }])).toBeNull()
  expect(leftOut(rules, [a, { ...b, alerts: false }])).toBeNull()
})
it('takes steps that were made anew for the same', () => {
  const step = { ...b, reads: ['User'], alerts: false }
  expect(leftOut([a, step], [{ ...step, reads: ['User'] }])).toEqual(['a'])
  expect(leftOut([a, step], [{ ...step, reads: ['User', 'Image'] }])).toBeNull()
})
