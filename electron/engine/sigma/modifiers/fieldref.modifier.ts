import { plainText } from '../text-pattern.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'fieldref',
  spec: MODIFIER_SPEC,
  doc: 'The value names another field of the same event; both hold the same, without regard to case unless `cased` follows. Where either is missing, it does not fit.',
  takes: ['text'],
  apply(value) {
    if (value.type !== 'text') return value
    const name = plainText(value.parts)
    return name === null || name === ''
      ? 'fieldref needs the name of a field'
      : { type: 'field', name, start: false, end: false, cased: value.cased }
  },
  examples: [
    {
      key: 'User|fieldref',
      value: 'TargetUser',
      matches: [{ User: 'kim', TargetUser: 'KIM' }],
      misses: [{ User: 'kim', TargetUser: 'lee' }, { User: 'kim' }, { TargetUser: 'kim' }],
    },
    { key: 'User|fieldref', value: 'Target*', error: 'fieldref needs the name of a field' },
  ],
})
