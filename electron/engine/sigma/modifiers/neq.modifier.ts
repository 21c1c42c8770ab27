import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'neq',
  spec: MODIFIER_SPEC,
  doc: 'The field is there and is different from the value; with several values, from each of them.',
  takes: ['text', 'number', 'boolean', 'regex', 'cidr', 'field'],
  item: 'negate',
  apply: (value) => value,
  examples: [
    { key: 'User|neq', value: ['root', 0], matches: [{ User: 'kim' }, { User: 1 }], misses: [{ User: 'ROOT' }, { User: 0 }, {}] },
  ],
})
