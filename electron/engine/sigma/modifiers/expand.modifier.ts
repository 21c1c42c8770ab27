import { defineModifier, MODIFIER_SPEC } from './define.ts'

export default defineModifier({
  id: 'expand',
  spec: MODIFIER_SPEC,
  doc: 'A name between percent signs is a placeholder: the values of the desk’s list of that name take its place, before any other modifier is applied, wherever `expand` stands. Wildcards in a list’s values are wildcards; after `re` they are parts of the expression. A value that asks for a list that is not there matches nothing, and loading says so. `\\%` is a plain percent sign.',
  takes: ['text', 'number'],
  item: 'fill',
  // Values are filled before: what comes here needs nothing more.
  apply: (value) => value,
  examples: [
    {
      key: 'User|expand',
      value: ['%Administrators%', 'kim'],
      matches: [{ User: 'kim' }],
      misses: [{ User: '%Administrators%' }],
    },
    {
      key: 'User|expand',
      value: 'CORP\\%Administrators%',
      lists: { Administrators: ['root'] },
      matches: [{ User: 'CORP%Administrators%' }],
      misses: [{ User: 'CORP\\root' }],
    },
    {
      key: 'User|expand',
      value: '%Administrators%',
      lists: { Administrators: ['root', 'adm-*'] },
      matches: [{ User: 'Root' }, { User: 'adm-kim' }],
      misses: [{ User: 'kim' }, { User: 'rooter' }],
    },
    {
      key: 'Url|contains|expand',
      value: 'https://%hosts%/%paths%',
      lists: { hosts: ['a.example', 'b.example'], paths: ['x', 'y'] },
      matches: [{ Url: 'to https://b.example/x?1' }, { Url: 'https://a.example/y' }],
      misses: [{ Url: 'https://c.example/x' }, { Url: 'https://a.example/z' }],
    },
    {
      key: 'Ip|expand|cidr',
      value: '%networks%',
      lists: { networks: ['10.1.0.0/16', '192.168.4.0/24'] },
      matches: [{ Ip: '10.1.9.9' }],
      misses: [{ Ip: '10.2.0.1' }],
    },
    {
      key: 'Port|expand|gt',
      value: '%highest%',
      lists: { highest: ['1024'] },
      matches: [{ Port: 5000 }],
      misses: [{ Port: 80 }],
    },
    { key: 'User|expand', value: '\\%x\\%', matches: [{ User: '%x%' }], misses: [{ User: 'x' }] },
    { key: 'User|expand', value: true, error: 'expand cannot be applied to a boolean' },
  ],
})
