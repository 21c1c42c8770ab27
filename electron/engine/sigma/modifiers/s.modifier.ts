import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 's',
  spec: MODIFIER_SPEC,
  doc: 'In the regular expression, the dot also stands for a line feed. Follows `re`.',
  takes: ['regex'],
  apply: (value) =>
    value.type === 'regex' ? { ...value, flags: value.flags.includes('s') ? value.flags : `${value.flags}s` } : value,
  examples: [
    { key: 'Field|re|s', value: 'a.c', matches: [{ Field: 'a\nc' }], misses: [{ Field: 'ac' }] },
    { key: 'Field|s', value: 'a', error: 's cannot be applied to a text' },
  ],
})
