import { plainText } from '../text-pattern.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'base64',
  spec: MODIFIER_SPEC,
  doc: 'The value is encoded with Base64 first, as it stands at the start of encoded text. Wildcards cannot be encoded.',
  takes: ['text'],
  apply(value) {
    if (value.type !== 'text') return value
    const plain = plainText(value.parts)
    if (plain === null) return 'base64 cannot encode wildcards'
    const encoded = Buffer.from(plain, value.bytes ? 'latin1' : 'utf8').toString('base64')
    return { ...value, parts: [encoded], bytes: false }
  },
  examples: [
    {
      key: 'CommandLine|base64|contains',
      value: 'foobar',
      matches: [{ CommandLine: 'x Zm9vYmFy' }],
      misses: [{ CommandLine: 'foobar' }],
    },
    { key: 'CommandLine|base64', value: 'foo*', error: 'base64 cannot encode wildcards' },
  ],
})
