import { timePart } from '../encoding.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'minute',
  spec: MODIFIER_SPEC,
  doc: 'The minute of the field’s date is the number, or compares to it with `lt`, `lte`, `gt`, `gte`. The date is taken as written: no time zone is applied.',
  takes: ['number', 'compare'],
  apply: (value) => timePart(value, 'minute'),
  examples: [
    {
      key: 'UtcTime|minute',
      value: 33,
      matches: [{ UtcTime: '2026-01-02 08:33:05.123' }],
      misses: [{ UtcTime: '2025-11-23 10:09:05.123' }, { UtcTime: 'then' }, {}],
    },
  ],
})
