import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'gte',
  spec: MODIFIER_SPEC,
  doc: 'The field is greater than or equal to the number. A field that holds no number does not fit.',
  takes: ['number'],
  apply: (value) => (value.type === 'number' ? { type: 'compare', op: 'gte', value: value.value, unit: value.unit } : value),
  examples: [
    { key: 'Size|gte', value: 10, matches: [{ Size: 10 }, { Size: 11 }], misses: [{ Size: 9 }, {}] },
    { key: 'Size|gte', value: 'ten', error: 'gte cannot be applied to a text' },
  ],
})
