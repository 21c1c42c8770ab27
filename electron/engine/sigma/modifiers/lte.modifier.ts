import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'lte',
  spec: MODIFIER_SPEC,
  doc: 'The field is less than or equal to the number. A field that holds no number does not fit.',
  takes: ['number'],
  apply: (value) => (value.type === 'number' ? { type: 'compare', op: 'lte', value: value.value, unit: value.unit } : value),
  examples: [
    { key: 'Size|lte', value: 10, matches: [{ Size: 10 }, { Size: 9 }], misses: [{ Size: 10.5 }, {}] },
    { key: 'Size|lte', value: 'ten', error: 'lte cannot be applied to a text' },
  ],
})
