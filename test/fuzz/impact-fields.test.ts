/** Fields of records are an attacker's to write: whatever stands in them, no impact test throws, and what it says cites what there is. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ImpactFinding } from '../../shared/model/impact.ts'
import { makeCase, type CaseDraft, type EventDraft } from '../../electron/engine/verify/made-case.ts'
import { impactTests } from '../../electron/engine/verify/registry.ts'
import { runTests } from '../../electron/engine/verify/run-tests.ts'

const drafts = impactTests.flatMap(({ examples }) => examples.map(({ of }) => of))
const value = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '',
    '-',
    '0x',
    '0xffffffffffff',
    '%%1',
    '../',
    '\\\\',
    '${jndi:ldap://',
    'http://[::',
    '::ffff:',
    '999.1.1.1',
    '%zz%',
    '\0',
  ),
  fc.double(),
  fc.boolean(),
  fc.array(fc.string({ maxLength: 12 }), { maxLength: 3 }),
)

const changed = (event: EventDraft, at: number, put: EventDraft['fields'][string], drop: boolean): EventDraft => {
  const names = Object.keys(event.fields)
  const name = names[at % Math.max(1, names.length)]
  if (name === undefined) return event
  const { [name]: _, ...rest } = event.fields
  return { ...event, fields: drop ? rest : { ...rest, [name]: put } }
}

it('survives any value in any field of any example', () => {
  fc.assert(
    fc.property(
      fc.nat(drafts.length - 1),
      fc.array(fc.tuple(fc.nat(3), fc.nat(12), fc.nat(20), value, fc.boolean()), { minLength: 1, maxLength: 6 }),
      (which, changes) => {
        let draft: CaseDraft = drafts[which]!
        for (const [list, event, field, put, drop] of changes) {
          const name = (['own', 'flow', 'before', 'after'] as const)[list]!
          const events = draft[name] ?? []
          const index = event % Math.max(1, events.length)
          draft = { ...draft, [name]: events.map((one, i) => (i === index ? changed(one, field, put, drop) : one)) }
        }
        const of = makeCase(draft)
        const errors: unknown[] = []
        const { findings } = runTests(impactTests, of, (test, error) => errors.push([test, error]))
        expect(errors).toEqual([])
        const known = new Set([...of.own, ...of.flow, ...of.before, ...of.after].map(({ id }) => id))
        for (const { cites } of of.exchanges) for (const cite of cites) if (cite.kind === 'event') known.add(cite.event)
        for (const { sent, answered } of of.conversations)
          for (const { place } of [sent, answered]) if (place.kind === 'field') known.add(place.event)
        for (const finding of findings) {
          ImpactFinding.parse(finding)
          for (const cite of finding.cites) if (cite.kind === 'event') expect(known.has(cite.event)).toBe(true)
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
