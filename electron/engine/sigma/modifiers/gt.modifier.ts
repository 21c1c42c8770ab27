import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'gt',
  spec: MODIFIER_SPEC,
  doc: 'The field is greater than the number. A field that holds no number does not fit.',
  takes: ['number'],
  apply: (value) => (value.type === 'number' ? { type: 'compare', op: 'gt', value: value.value, unit: value.unit } : value),
  examples: [
    { key: 'Size|gt', value: 10, matches: [{ Size: 11 }, { Size: '100' }], misses: [{ Size: 10 }, { Size: '' }, {}] },
    { key: 'Size|gt', value: 'ten', error: 'gt cannot be applied to a text' },
  ],
})
