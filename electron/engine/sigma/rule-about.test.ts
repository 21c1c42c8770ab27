/** What rules say of themselves is read, and what the specification does not know is said without refusing the rule. */
import { describe, expect, it } from 'vitest'
import { rulesOfText } from './parse-rules.ts'

const read = (more: string) => {
  const text = `title: Rule\nid: 0d1c2b3a-0000-4000-8000-000000000001\n${more}logsource:\n  product: windows\ndetection:\n  selection:\n    User: x\n  condition: selection\n`
  const [found] = [...rulesOfText({ file: 'rule.yml', folder: '/', text })]
  return found!
}

describe('what a rule says of itself', () => {
  it('is given as the specification names it', () => {
    const { rule, problems } = read(
      'status: stable\nauthor: Kim\ndate: 2026-01-02\nmodified: 2026/02/03\nlicense: MIT\ntaxonomy: ecs\nscope: [server]\nrelated:\n  - id: 0d1c2b3a-0000-4000-8000-000000000002\n    type: obsolete\ntags: [attack.t1059.001, attack.defense-evasion, attack.ds0005, cve.2026-12345, tlp.amber-strict, detection.dfir, own.thing]\n',
    )
    expect(problems).toEqual([])
    expect(rule?.about).toEqual({
      author: 'Kim',
      date: '2026-01-02',
      modified: '2026-02-03',
      license: 'MIT',
      taxonomy: 'ecs',
      scope: ['server'],
      related: [{ id: '0d1c2b3a-0000-4000-8000-000000000002', type: 'obsolete' }],
    })
  })

  it('is empty where nothing is said', () => {
    expect(read('').rule?.about).toEqual({
      author: null,
      date: null,
      modified: null,
      license: null,
      taxonomy: 'sigma',
      scope: [],
      related: [],
    })
  })

  it.each([
    ['status: ready\n', 'status is one of stable, test, experimental, deprecated, unsupported'],
    ['date: 2026-02-30\n', 'date is a date like 2026-01-31'],
    ['modified: yesterday\n', 'modified is a date like 2026-01-31'],
    ['author: {a: b}\n', 'author is text'],
    ['taxonomy: splunk\n', 'the taxonomy splunk is not known here: fields are taken as they are named'],
    ['scope: [1]\n', 'scope is a list of texts'],
    ['tags: [Attack.T1059]\n', 'the tag Attack.T1059 is not of the form namespace.name in small letters'],
    ['tags: [tlp.blue]\n', 'the tag tlp.blue is none of the namespace tlp'],
    ['related:\n  - {id: 7, type: similar}\n', 'the related rule 7 is not named by a UUID'],
  ])('%s is a note with its line', (more, message) => {
    const { rule, problems } = read(more)
    expect(rule).not.toBeNull()
    expect(problems).toEqual([{ file: 'rule.yml', line: 3, column: 1, message, fatal: false }])
  })

  it.each([
    ['related: x\n', 'related is a list of rules'],
    ['related:\n  - type: similar\n', 'a related rule has an id and a type'],
    [
      'related:\n  - {id: 0d1c2b3a-0000-4000-8000-000000000002, type: cousin}\n',
      'is one of derived, obsolete, merged, renamed, similar',
    ],
  ])('%s refuses the rule', (more, message) => {
    const { rule, problems } = read(more)
    expect(rule).toBeNull()
    expect(problems[0]).toMatchObject({ line: 3, fatal: true, message: expect.stringContaining(message) as string })
  })
})
