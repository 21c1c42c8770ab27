import { plainText } from '../text-pattern.ts'
import { defineModifier, MODIFIER_SPEC, type SigmaValue } from './define.ts'

/** Characters at the start that also hold bits of what stands before, by shift; and at the end, of what follows. */
const HEAD = [0, 2, 3] as const
const TAIL = [0, 3, 2] as const

export default defineModifier({
  id: 'base64offset',
  spec: MODIFIER_SPEC,
  doc: 'The value stands anywhere inside Base64 text: the three encodings for the three possible positions, without the characters that depend on the neighbours. Use with `contains`.',
  takes: ['text'],
  apply(value) {
    if (value.type !== 'text') return value
    const plain = plainText(value.parts)
    if (plain === null) return 'base64offset cannot encode wildcards'
    const bytes = Buffer.from(plain, value.bytes ? 'latin1' : 'utf8')
    if (bytes.length < 3) return 'base64offset needs at least three bytes'
    return [0, 1, 2].map((shift): SigmaValue => {
      const encoded = Buffer.concat([Buffer.alloc(shift, ' '), bytes]).toString('base64')
      return { ...value, parts: [encoded.slice(HEAD[shift], encoded.length - TAIL[(bytes.length + shift) % 3]!)], bytes: false }
    })
  },
  examples: [
    {
      key: 'CommandLine|base64offset|contains',
      value: 'http://',
      matches: [{ CommandLine: 'aHR0cDovL2E=' }, { CommandLine: 'eGh0dHA6Ly9h' }, { CommandLine: 'eHhodHRwOi8vYQ==' }],
      misses: [{ CommandLine: 'aHR0cHM6Ly9h' }],
    },
    {
      key: 'CommandLine|wide|base64offset|contains',
      value: 'IEX',
      matches: [{ CommandLine: 'SQBFAFgAIAA=' }, { CommandLine: 'IABJAEUAWAA=' }],
      misses: [{ CommandLine: 'SUVY' }],
    },
    { key: 'CommandLine|base64offset', value: 'ab', error: 'at least three bytes' },
  ],
})
