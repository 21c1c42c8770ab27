import { asText, defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'cased',
  spec: MODIFIER_SPEC,
  doc: 'Upper and lower case are told apart.',
  takes: ['text', 'number', 'field'],
  apply(value) {
    if (value.type === 'field') return { ...value, cased: true }
    const text = asText(value)
    return text === null ? value : { ...text, cased: true }
  },
  examples: [
    {
      key: 'CommandLine|contains|cased',
      value: 'IEX',
      matches: [{ CommandLine: 'a IEX b' }],
      misses: [{ CommandLine: 'a iex b' }],
    },
    { key: 'User|fieldref|cased', value: 'Owner', matches: [{ User: 'a', Owner: 'a' }], misses: [{ User: 'a', Owner: 'A' }] },
  ],
})
