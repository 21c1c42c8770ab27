import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'm',
  spec: MODIFIER_SPEC,
  doc: 'In the regular expression, ^ and $ also stand at the starts and ends of lines. Follows `re`.',
  takes: ['regex'],
  apply: (value) =>
    value.type === 'regex' ? { ...value, flags: value.flags.includes('m') ? value.flags : `${value.flags}m` } : value,
  examples: [
    { key: 'Field|re|m', value: '^b$', matches: [{ Field: 'a\nb\nc' }], misses: [{ Field: 'ab' }] },
    { key: 'Field|m', value: 'a', error: 'm cannot be applied to a text' },
  ],
})
