import { openEnd } from '../text-pattern.ts'
import { asText, defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'startswith',
  spec: MODIFIER_SPEC,
  doc: 'The field’s value begins with the value. After `fieldref`, with the other field’s value.',
  takes: ['text', 'number', 'regex', 'field'],
  apply(value) {
    if (value.type === 'regex') return value
    if (value.type === 'field') return { ...value, start: true }
    const text = asText(value)
    return text === null ? value : { ...text, parts: openEnd(text.parts) }
  },
  examples: [
    {
      key: 'TargetObject|startswith',
      value: 'HKLM\\SAM',
      matches: [{ TargetObject: 'hklm\\sam\\Domains' }],
      misses: [{ TargetObject: 'x HKLM\\SAM' }],
    },
    {
      key: 'ParentImage|fieldref|startswith',
      value: 'Folder',
      matches: [{ ParentImage: 'C:\\T\\a.exe', Folder: 'c:\\t' }],
      misses: [{ ParentImage: 'C:\\T\\a.exe', Folder: 'a.exe' }, { ParentImage: 'C:\\T' }],
    },
  ],
})
