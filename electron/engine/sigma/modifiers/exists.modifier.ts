import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'exists',
  spec: MODIFIER_SPEC,
  doc: 'With true, the field is there, whatever its value; with false, it is not.',
  takes: ['boolean'],
  apply(value, { field, position }) {
    if (field === null) return 'exists needs a field'
    if (position > 0) return 'exists must be the only modifier'
    return value.type === 'boolean' ? { type: 'exists', value: value.value } : value
  },
  examples: [
    { key: 'User|exists', value: true, matches: [{ User: '' }, { User: 'x' }], misses: [{ Image: 'x' }] },
    { key: 'User|exists', value: false, matches: [{ Image: 'x' }], misses: [{ User: 'x' }] },
    { key: 'User|exists', value: 'yes', error: 'exists cannot be applied to a text' },
  ],
})
