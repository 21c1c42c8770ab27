import { utf16 } from '../encoding.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'wide',
  aliases: ['utf16le'],
  spec: MODIFIER_SPEC,
  doc: 'The value is encoded in UTF-16 little-endian first. Usually before `base64` or `base64offset`.',
  takes: ['text'],
  apply: (value) => (value.type === 'text' ? utf16(value, false, '') : value),
  examples: [
    { key: 'CommandLine|wide|base64', value: 'cmd', matches: [{ CommandLine: 'YwBtAGQA' }], misses: [{ CommandLine: 'Y21k' }] },
    { key: 'Data|utf16le|contains', value: 'ab', matches: [{ Data: 'xa\u0000b\u0000' }], misses: [{ Data: 'ab' }] },
  ],
})
