import { refusedRegex } from '../regular-expression.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 're',
  spec: MODIFIER_SPEC,
  doc: 'The value is a regular expression, searched anywhere in the field, and case-sensitive. Evaluated in linear time, so look-around and back-references are not supported: such a value matches nothing, and loading says so.',
  takes: ['text', 'number'],
  apply(value, { position }) {
    if (position > 0) return 're must be the first modifier'
    const source = value.type === 'text' ? value.source : value.type === 'number' ? value.text : ''
    if (source === '') return 're needs an expression'
    const refused = refusedRegex(source)
    if (refused?.kind === 'invalid') return `no regular expression: ${source.slice(0, 80)} (${refused.reason})`
    if (refused?.kind === 'too_large') return `re: the expression is ${refused.reason}`
    return { type: 'regex', source, flags: '' }
  },
  examples: [
    {
      key: 'CommandLine|re',
      value: '-[eE]nc\\s+[A-Za-z0-9+/]{8,}',
      matches: [{ CommandLine: 'p -Enc  QUJDREVGRw' }],
      misses: [{ CommandLine: 'p -ENC QUJDREVGRw' }, { CommandLine: 'p -enc abc' }],
    },
    { key: 'CommandLine|re', value: '^a(b|c)*d$', matches: [{ CommandLine: 'abcbcd' }], misses: [{ CommandLine: 'xabcd' }] },
    { key: 'CommandLine|re', value: '(', error: 'no regular expression' },
    { key: 'CommandLine|contains|re', value: 'a', error: 're must be the first modifier' },
  ],
})
