import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'i',
  spec: MODIFIER_SPEC,
  doc: 'The regular expression ignores case. Follows `re`.',
  takes: ['regex'],
  apply: (value) =>
    value.type === 'regex' ? { ...value, flags: value.flags.includes('i') ? value.flags : `${value.flags}i` } : value,
  examples: [
    { key: 'Field|re|i', value: 'abc', matches: [{ Field: 'xABCx' }], misses: [{ Field: 'ab' }] },
    { key: 'Field|i', value: 'a', error: 'i cannot be applied to a text' },
  ],
})
