import { openStart } from '../text-pattern.ts'
import { asText, defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'endswith',
  spec: MODIFIER_SPEC,
  doc: 'The field’s value ends with the value. After `fieldref`, with the other field’s value.',
  takes: ['text', 'number', 'regex', 'field'],
  apply(value) {
    if (value.type === 'regex') return value
    if (value.type === 'field') return { ...value, end: true }
    const text = asText(value)
    return text === null ? value : { ...text, parts: openStart(text.parts) }
  },
  examples: [
    {
      key: 'Image|endswith',
      value: ['\\cmd.exe', '\\pwsh.exe'],
      matches: [{ Image: 'C:\\Windows\\System32\\CMD.EXE' }, { Image: 'D:\\pwsh.exe' }],
      misses: [{ Image: 'C:\\xcmd.exe' }, { Image: 'C:\\cmd.exe.bak' }],
    },
  ],
})
