import { describe, expect, it } from 'vitest'
import { readPlaybook } from './read-playbook.ts'

const HEAD = `id: made
version: 3
title: { en: Made, ko: 시험 }
description: { en: Made for tests, ko: 시험용 }
propose: { techniques: [T1190] }
steps:
`
const step = (id: string, kind: string, ...lines: string[]): string =>
  [`  - id: ${id}`, `    kind: ${kind}`, `    title: { en: ${id}, ko: ${id} 단계 }`, '    text: { en: Do it, ko: 수행하십시오 }', ...lines.map((line) => `    ${line}`), ''].join('\n') // prettier-ignore

const problems = (text: string): string[] => {
  const read = readPlaybook(text)
  return read.ok ? [] : read.error.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

describe('reading a playbook', () => {
  it('gives steps with their edges, durations in milliseconds, and what is left out as it is meant', () => {
    const read = readPlaybook(
      HEAD +
        step('look', 'check', 'auto: impact >= likely', 'on_success: [act, tell]', 'on_failure: tell', 'due: PT15M') +
        step(
          'act',
          'contain',
          'phase: contained',
          'needs: [look]',
          'next: tell',
          'due: { within: P1DT2H, after: look }',
          'optional: true',
        ) +
        step('tell', 'notify', 'to: [customer]', 'template: incident_opened', 'message: { en: It is so, ko: 그렇습니다 }'),
    )
    if (!read.ok) throw new Error(JSON.stringify(read.error))
    expect(read.value).toMatchObject({ id: 'made', version: 3, start: ['look'], propose: { severity: 'info', impacts: [] } })
    expect(read.value.steps).toMatchObject([
      { kind: 'check', yes: 'impact >= likely', no: 'not (impact >= likely)', onSuccess: ['act', 'tell'], onFailure: ['tell'], due: { within: 900_000, after: null }, role: null },
      { kind: 'contain', onSuccess: ['tell'], onFailure: ['tell'], due: { within: 93_600_000, after: 'look' }, optional: true, phase: 'contained' },
      { kind: 'notify', to: ['customer'], template: 'incident_opened', message: { en: 'It is so', ko: '그렇습니다' }, onSuccess: [] },
    ]) // prettier-ignore
  })

  it.each<[what: string, text: string, expected: string[]]>([
    ['an unknown key', HEAD + step('a', 'contain', 'colour: red'), ['11:5 unknown key colour']],
    ['an unknown key at the top', `owner: kim\n${HEAD}${step('a', 'contain')}`, ['1:1 unknown key owner']],
    ['a key of another kind', HEAD + step('a', 'contain', 'to: [customer]'), ['11:5 unknown key to']],
    ['a missing language', HEAD.replace(', ko: 시험용', '') + step('a', 'contain'), ['4:14 description.ko is missing']],
    ['an empty language', HEAD.replace('ko: 시험용', "ko: ' '") + step('a', 'contain'), ['4:40 description.ko: Too small: expected string to have >=1 characters', '4:40 description.ko: the Korean text has no Korean in it']], // prettier-ignore
    ['English for Korean', HEAD.replace('ko: 시험용', 'ko: Made for tests') + step('a', 'contain'), ['4:40 description.ko: the Korean text is the English one', '4:40 description.ko: the Korean text has no Korean in it']], // prettier-ignore
    ['no kind there is', HEAD + step('a', 'celebrate'), ['8:11 steps[0].kind is one of check, decide, contain, eradicate, recover, notify, wait']], // prettier-ignore
    ['no kind at all', HEAD + step('a', 'contain').replace('    kind: contain\n', ''), ['7:5 steps[0].kind is missing']],
    ['no version', HEAD.replace('version: 3\n', '') + step('a', 'contain'), ['1:1 version is missing']],
    ['an id with blanks', HEAD + step('a b', 'contain'), ['7:9 steps[0].id: is lower case words joined by -']],
    ['two of one id', HEAD + step('a', 'contain') + step('a', 'contain'), ['11:9 there are two steps a']],
    ['a step that is not there', HEAD + step('a', 'contain', 'next: [b]'), ['11:12 there is no step b']],
    ['a step that is not there, as text', HEAD + step('a', 'contain', 'next: b'), ['11:11 there is no step b']],
    ['a need that is not there', HEAD + step('a', 'contain', 'needs: [c]'), ['11:13 there is no step c']],
    ['a due after nothing', HEAD + step('a', 'contain', 'due: { within: PT1H, after: d }'), ['11:33 there is no step d']],
    [
      'a start that is not there',
      HEAD.replace('steps:', 'start: [z]\nsteps:') + step('a', 'contain'),
      ['6:9 there is no step z'],
    ],
    ['a step named twice', HEAD + step('a', 'contain', 'next: [b, b]') + step('b', 'contain'), ['11:15 b is named twice']],
    ['a step that needs itself', HEAD + step('a', 'contain', 'needs: [a]'), ['11:13 a names itself']],
    ['a step nothing leads to', HEAD + step('a', 'contain') + step('b', 'contain'), ['11:9 nothing leads to b']],
    ['a loop without a wait', HEAD + step('a', 'check', 'on_success: b', 'on_failure: a') + step('b', 'contain'), ['7:9 a loop without a wait: a → a']], // prettier-ignore
    ['a loop without an end', HEAD + step('a', 'wait', 'for: PT1H', 'next: a'), ['7:9 no way leads from a to an end']],
    ['needs in a circle', HEAD + step('a', 'contain', 'next: [b]', 'needs: [b]') + step('b', 'contain'), ['12:12 a step needs what can only be done after it: a → b → a']], // prettier-ignore
    ['a step before what leads to it', HEAD.replace('steps:', 'start: b\nsteps:') + step('a', 'contain', 'next: b') + step('b', 'wait', 'for: PT1H', 'on_success: a', 'on_failure: []'), ['8:9 a stands before the step that leads to it: move it down']], // prettier-ignore
    ['a duration of months', HEAD + step('a', 'contain', 'due: P1M'), ['11:10 steps[0].due: P1M: years and months have no fixed length; write days']], // prettier-ignore
    ['no duration', HEAD + step('a', 'contain', 'due: 15 min'), ['11:10 steps[0].due: 15 min is no ISO 8601 duration such as PT30M, PT4H or P2D']], // prettier-ignore
    ['a duration of nothing', HEAD + step('a', 'wait', 'for: PT0S'), ['11:10 steps[0].for: PT0S is no time at all']],
    ['a duration of years in days', HEAD + step('a', 'wait', 'for: P400D'), ['11:10 steps[0].for: P400D is more than 366 days']],
    [
      'due before its wait is over',
      HEAD + step('a', 'wait', 'for: PT2H', 'due: PT1H'),
      ['12:10 a is due before its wait can be over'],
    ],
    ['a wait for nothing', HEAD + step('a', 'wait'), ['7:9 a: a wait says one of for, until and when']],
    [
      'a wait for two things',
      HEAD + step('a', 'wait', 'for: PT1H', 'until: 08:00Z'),
      ['7:9 a: a wait says one of for, until and when'],
    ],
    ['a clock without its zone', HEAD + step('a', 'wait', "until: '08:00'"), ['11:12 steps[0].until: is a time of day with its zone, such as 08:00+09:00 or 23:00Z']], // prettier-ignore
    ['half an answer', HEAD + step('a', 'check', 'on_success: b') + step('b', 'contain'), ['7:9 a: a question has two answers: give on_success (yes) and on_failure (no), or next']], // prettier-ignore
    ['next that says nothing', HEAD + step('a', 'contain', 'next: b', 'on_success: b', 'on_failure: b') + step('b', 'contain'), ['11:5 a: next says nothing where on_success and on_failure are both there']], // prettier-ignore
    ['a choice of one', HEAD + step('a', 'decide', 'choices: [{ id: b, title: { en: B, ko: 나 } }]'), ['11:14 steps[0].choices: Too small: expected array to have >=2 items']], // prettier-ignore
    ['a fact there is none of', HEAD + step('a', 'check', 'auto: severity >= high and weather = bad'), [expect.stringMatching(/^11:32 there is no fact weather; there are impact, /) as unknown as string]], // prettier-ignore
    ['a value there is none of', HEAD + step('a', 'check', "auto: { yes: 'impact = worked' }"), ['11:28 impact is one of blocked, failed, attempted, likely, succeeded']], // prettier-ignore
    ['a query that cannot be read', HEAD + step('a', 'check', "look: ['src.ip:(']"), [expect.stringMatching(/^11:13 the query src\.ip:\( cannot be read: /) as unknown as string]], // prettier-ignore
    ['a placeholder there is none of', HEAD + step('a', 'check', "look: ['src.ip:<victim>']"), [expect.stringMatching(/^11:20 there is no placeholder <victim>; /) as unknown as string]], // prettier-ignore
    ['an attack class there is none of', HEAD.replace('techniques: [T1190]', 'classes: [magic]') + step('a', 'contain'), [expect.stringMatching(/^5:22 propose\.classes\[0\]: Invalid option/) as unknown as string]], // prettier-ignore
    ['a proposal for nothing', HEAD.replace('techniques: [T1190]', 'severity: high') + step('a', 'contain'), ['5:10 propose: names neither classes, techniques nor tags: it would never be proposed']], // prettier-ignore
    ['no map', '- a\n- b\n', ['1:1 a playbook is a map of id, version, title, description, propose and steps']],
    ['nothing', '# only a comment\n', ['1:1 the file is empty']],
    ['two documents', `${HEAD}${step('a', 'contain')}---\nid: b\n`, ['11:1 a file has one playbook']],
    ['a key twice', `${HEAD}${step('a', 'contain')}id: b\n`, [expect.stringMatching(/^11:1 /) as unknown as string]],
  ])('refuses %s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  it('names everything that is wrong, in the order of lines, at most fifty of it', () => {
    expect(problems(HEAD.replace('version: 3', 'version: 0') + step('a', 'contain', 'phase: done', 'x: 1'))).toEqual([
      '2:10 version: Too small: expected number to be >=1',
      '11:12 steps[0].phase: Invalid option: expected one of "contained"|"eradicated"|"recovered"',
      '12:5 unknown key x',
    ])
    const many = Array.from({ length: 150 }, (_, at) => step(`s${at}`, 'contain', 'x: 1')).join('')
    expect(problems(HEAD + many)).toHaveLength(50)
  })

  it('is bounded: length, nesting, aliases, steps', () => {
    expect(problems(HEAD + step('a', 'contain', `look: ['${'x'.repeat(200_000)}']`))).toEqual([
      '1:1 a playbook has at most 65536 characters',
    ])
    expect(problems(`${HEAD}${'['.repeat(5000)}`)).toEqual(['1:1 the document is nested too deeply'])
    const bomb = `a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c]\n`
    expect(problems(bomb)[0]).toMatch(/^1:1 aliases cannot be followed: /)
    const many = Array.from({ length: 201 }, (_, at) => step(`s${at}`, 'contain', `next: s${at + 1}`)).join('')
    expect(problems(HEAD + many)).toEqual(['6:1 steps: Too big: expected array to have <=200 items'].map((text) => expect.stringContaining(text.slice(4)) as unknown as string)) // prettier-ignore
  })

  it('takes an alias where a text comes again', () => {
    const text = HEAD + step('a', 'contain', 'evidence: [&log { en: The log, ko: 로그 }]', 'next: b') + step('b', 'contain', 'evidence: [*log]') // prettier-ignore
    const read = readPlaybook(text)
    expect(read.ok && read.value.steps[1]?.evidence).toEqual([{ en: 'The log', ko: '로그' }])
    expect(problems(text.replace('ko: 로그', 'ko: log'))[0]).toMatch(/^11:\d+ steps\[0\]\.evidence\[0\]\.ko: /)
  })

  it('names of the language are no traps', () => {
    for (const id of ['constructor', 'tostring', 'valueof']) {
      const read = readPlaybook(HEAD + step(id, 'contain', 'next: b') + step('b', 'contain', `needs: [${id}]`))
      expect(read.ok && read.value.steps.map((found) => found.id)).toEqual([id, 'b'])
    }
    expect(problems(`__proto__: { id: x }\n${HEAD}${step('a', 'contain')}`)).toEqual(['1:1 unknown key __proto__'])
  })
})
