import { utf16 } from '../encoding.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'utf16',
  spec: MODIFIER_SPEC,
  doc: 'The value is encoded in UTF-16 little-endian with a byte order mark first. Usually before `base64` or `base64offset`.',
  takes: ['text'],
  apply: (value) => (value.type === 'text' ? utf16(value, false, '\u00ff\u00fe') : value),
  examples: [
    {
      key: 'CommandLine|utf16|base64',
      value: 'cmd',
      matches: [{ CommandLine: '//5jAG0AZAA=' }],
      misses: [{ CommandLine: 'YwBtAGQA' }],
    },
  ],
})
