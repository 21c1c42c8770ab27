/** The fields that a test asks for. */
import type { Test, Value } from './checked.ts'
import type { FieldUse } from './fields.ts'

/** Each as often as it is written. */
export function usesOf(test: Test): FieldUse[] {
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return [...usesOf(test.left), ...usesOf(test.right)]
    case 'not':
      return usesOf(test.inner)
    case 'exists':
      return [test.use]
    case 'nonzero':
    case 'present':
      return ofValue(test.value)
    case 'compare':
    case 'contains':
      return [...ofValue(test.left), ...ofValue(test.right)]
    case 'matches':
      return ofValue(test.left)
    case 'in':
      return [
        ...ofValue(test.left),
        ...test.items.flatMap(({ low, high }) => [...ofValue(low), ...(high === null ? [] : ofValue(high))]),
      ]
  }
}
function ofValue(value: Value): FieldUse[] {
  switch (value.kind) {
    case 'field':
      return [value.use]
    case 'constant':
      return []
    case 'slice':
    case 'minus':
      return ofValue(value.of)
    case 'arithmetic':
      return [...ofValue(value.left), ...ofValue(value.right)]
    case 'call':
      return value.args.flatMap(ofValue)
  }
}
