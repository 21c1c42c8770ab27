import { utf16 } from '../encoding.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'utf16be',
  spec: MODIFIER_SPEC,
  doc: 'The value is encoded in UTF-16 big-endian first. Usually before `base64` or `base64offset`.',
  takes: ['text'],
  apply: (value) => (value.type === 'text' ? utf16(value, true, '') : value),
  examples: [
    {
      key: 'CommandLine|utf16be|base64',
      value: 'cmd',
      matches: [{ CommandLine: 'AGMAbQBk' }],
      misses: [{ CommandLine: 'YwBtAGQA' }],
    },
  ],
})
