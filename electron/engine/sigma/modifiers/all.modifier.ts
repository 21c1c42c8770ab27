import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'all',
  spec: MODIFIER_SPEC,
  doc: 'Every value of the list must fit, in any order; without it one is enough.',
  takes: ['text', 'number', 'boolean', 'null', 'regex', 'cidr', 'exists', 'compare', 'field'],
  item: 'all',
  apply: (value) => value,
  examples: [
    {
      key: 'CommandLine|contains|all',
      value: ['-a', '-b'],
      matches: [{ CommandLine: 'x -b -a' }],
      misses: [{ CommandLine: 'x -a' }],
    },
    { key: '|all', value: ['one', 'two'], matches: [{ a: 'xx two', b: 'one' }], misses: [{ a: 'two' }] },
  ],
})
