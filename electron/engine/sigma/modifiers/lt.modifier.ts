import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'lt',
  spec: MODIFIER_SPEC,
  doc: 'The field is less than the number. A field that holds no number does not fit.',
  takes: ['number'],
  apply: (value) => (value.type === 'number' ? { type: 'compare', op: 'lt', value: value.value, unit: value.unit } : value),
  examples: [
    {
      key: 'Size|lt',
      value: 10,
      matches: [{ Size: 9 }, { Size: '9.5' }, { Size: -1 }],
      misses: [{ Size: 10 }, { Size: 11 }, { Size: 'small' }, {}],
    },
    { key: 'Size|lt', value: 'ten', error: 'lt cannot be applied to a text' },
  ],
})
