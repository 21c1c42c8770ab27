import { openEnd, openStart } from '../text-pattern.ts'
import { asText, defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'contains',
  spec: MODIFIER_SPEC,
  doc: 'The value stands anywhere in the field: a star is put before and after it. After `fieldref`, the other field’s value does.',
  takes: ['text', 'number', 'regex', 'field'],
  apply(value) {
    // A regular expression is searched anywhere as it is.
    if (value.type === 'regex') return value
    if (value.type === 'field') return { ...value, start: true, end: true }
    const text = asText(value)
    return text === null ? value : { ...text, parts: openStart(openEnd(text.parts)) }
  },
  examples: [
    {
      key: 'CommandLine|contains',
      value: 'sekurlsa',
      matches: [{ CommandLine: 'x.exe SEKURLSA::logonpasswords' }],
      misses: [{ CommandLine: 'sekur lsa' }, { Image: 'sekurlsa' }],
    },
    {
      key: 'CommandLine|contains',
      value: ['a*c', 'x?z'],
      matches: [{ CommandLine: '..abbbc..' }, { CommandLine: '-xyz-' }],
      misses: [{ CommandLine: '..cba..' }, { CommandLine: '-xz-' }],
    },
    { key: 'EventID|contains', value: 46, matches: [{ EventID: 4624 }], misses: [{ EventID: 4264 }] },
    { key: 'Field|contains', value: true, error: 'contains cannot be applied to a boolean' },
  ],
})
