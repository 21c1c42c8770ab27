import { timePart } from '../encoding.ts'
import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'day',
  spec: MODIFIER_SPEC,
  doc: 'The day of the field’s date is the number, or compares to it with `lt`, `lte`, `gt`, `gte`. The date is taken as written: no time zone is applied.',
  takes: ['number', 'compare'],
  apply: (value) => timePart(value, 'day'),
  examples: [
    {
      key: 'UtcTime|day',
      value: 2,
      matches: [{ UtcTime: '2026-01-02 08:33:05.123' }],
      misses: [{ UtcTime: '2025-11-23 10:09:05.123' }, { UtcTime: 'then' }, {}],
    },
  ],
})
