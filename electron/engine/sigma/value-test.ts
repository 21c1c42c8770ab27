/** A value of a rule → what is asked of a field: its modifiers applied, and what comes of them as a test. */
import type { Test } from './detection.ts'
import type { SigmaValue } from './modifiers/define.ts'
import { modifiersByName } from './modifiers/registry.ts'
import { refusedRegex } from './regular-expression.ts'
import { openEnd, openStart, parsePattern } from './text-pattern.ts'

/** The value after its modifiers (which there must be), in order; text: why one of them cannot be applied. */
export function modified(start: SigmaValue, names: readonly string[], field: string | null): readonly SigmaValue[] | string {
  let current: readonly SigmaValue[] = [start]
  for (const [position, name] of names.entries()) {
    const modifier = modifiersByName.get(name)!
    const next: SigmaValue[] = []
    for (const value of current) {
      const applied = modifier.takes.includes(value.type)
        ? modifier.apply(value, { field, position })
        : `cannot be applied to ${typeName(value)}`
      if (typeof applied === 'string')
        return applied.startsWith(name) || applied.startsWith('no ') ? applied : `${name} ${applied}`
      if (Array.isArray(applied)) next.push(...(applied as readonly SigmaValue[]))
      else next.push(applied as SigmaValue)
    }
    current = next
  }
  return current
}

/** `note`: what a person should know, where the value cannot be asked for as it is. */
export function testOf(value: SigmaValue, field: string | null): { readonly test: Test; readonly note: string | null } {
  const refused = value.type === 'regex' ? refusedRegex(value.source) : null
  if (refused !== null)
    return {
      test: { kind: 'never' },
      note: `not supported: the regular expression cannot be run in bounded time (${refused.reason}); this value matches nothing`,
    }
  return { test: plainTest(value, field), note: null }
}

function plainTest(value: SigmaValue, field: string | null): Test {
  switch (value.type) {
    case 'text':
      return { kind: 'text', parts: field === null ? openStart(openEnd(value.parts)) : value.parts, cased: value.cased }
    case 'number': {
      if (value.unit !== null) return { kind: 'compare', op: 'eq', value: value.value, unit: value.unit }
      const parts = parsePattern(value.text)
      return { kind: 'text', parts: field === null ? openStart(openEnd(parts)) : parts, cased: false }
    }
    case 'boolean':
      return { kind: 'text', parts: [String(value.value)], cased: false }
    case 'null':
      return { kind: 'null' }
    case 'regex':
      return { kind: 'regex', source: value.source, flags: value.flags }
    case 'cidr':
      return { kind: 'cidr', network: value.network }
    case 'exists':
      return { kind: 'exists', value: value.value }
    case 'compare':
      return { kind: 'compare', op: value.op, value: value.value, unit: value.unit }
    case 'field':
      return {
        kind: 'field',
        field: value.name,
        place: value.start && value.end ? 'anywhere' : value.start ? 'start' : value.end ? 'end' : 'whole',
        cased: value.cased,
      }
  }
}

export const typeName = ({ type }: SigmaValue): string => TYPE_NAMES[type]

const TYPE_NAMES: Readonly<Record<SigmaValue['type'], string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'a boolean',
  null: 'null',
  regex: 'a regular expression',
  cidr: 'a network',
  exists: 'a check of existence',
  compare: 'a comparison',
  field: 'a reference to a field',
}
