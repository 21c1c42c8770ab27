import { parsePattern } from '../text-pattern.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'expand',
  spec: MODIFIER_SPEC,
  doc: 'A name between percent signs is a placeholder, to be filled with the values of a list. There are no lists yet: a value with a placeholder matches nothing, and loading says so. `\\%` is a plain percent sign.',
  takes: ['text', 'number', 'regex', 'placeholder'],
  apply(value) {
    if (value.type !== 'text') return value
    const name = /(?<!\\)%([^%\s\\]+)%/.exec(value.source)?.[1]
    if (name !== undefined) return { type: 'placeholder', name }
    return value.source.includes('\\%') ? { ...value, parts: parsePattern(value.source.replaceAll('\\%', '%')) } : value
  },
  examples: [
    {
      key: 'User|expand',
      value: ['%Administrators%', 'kim'],
      matches: [{ User: 'kim' }],
      misses: [{ User: '%Administrators%' }],
    },
    { key: 'User|expand', value: '\\%x\\%', matches: [{ User: '%x%' }], misses: [{ User: 'x' }] },
  ],
})
