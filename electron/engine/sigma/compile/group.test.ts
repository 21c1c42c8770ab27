/** The law of the compiled matcher: it gives what evaluating every rule plainly gives, whatever the literals let through. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow, type RowValue } from '../../event/row.ts'
import { compileRulesWith } from '../compile.ts'
import { readRule } from '../read-rule.ts'
import { splitDocuments } from '../yaml-source.ts'

type Values = Readonly<Record<string, string | number | readonly string[]>>
/** `Field|modifier` → values; a rule is `all of must*` and, where there is one, `not filter`. */
interface Drawn {
  readonly must: readonly Readonly<Record<string, readonly (string | number)[]>>[]
  readonly filter: Readonly<Record<string, readonly (string | number)[]>> | null
  readonly any: boolean
}

const fieldName = fc.constantFrom('A', 'B', 'C')
const modifier = fc.constantFrom('', '|contains', '|startswith', '|endswith', '|contains|all')
const word = fc.oneof(fc.stringMatching(/^[abx]{1,6}$/), fc.constantFrom('abab', 'xx', 'ABBA', 7, 42))
const map = fc.dictionary(
  fc.tuple(fieldName, modifier).map((pair) => pair.join('')),
  fc.array(word, { minLength: 1, maxLength: 3 }),
  { minKeys: 1, maxKeys: 3 },
)
const drawn: fc.Arbitrary<Drawn> = fc.record({
  must: fc.array(map, { minLength: 1, maxLength: 3 }),
  filter: fc.option(map),
  any: fc.boolean(),
})
const value = fc.oneof(
  fc.stringMatching(/^[abxABX]{0,10}$/),
  fc.constantFrom(7, 42),
  fc.array(fc.stringMatching(/^[abx]{0,8}$/), { maxLength: 2 }),
)
const event = fc.dictionary(fieldName, value, { maxKeys: 3 })

function fitsOne(own: string, mode: string, wanted: string | number): boolean {
  const [text, want] = [own.toLowerCase(), String(wanted).toLowerCase()]
  if (mode.startsWith('|contains')) return text.includes(want)
  return mode === '|startswith' ? text.startsWith(want) : mode === '|endswith' ? text.endsWith(want) : text === want
}
function fitsMap(fields: Drawn['must'][number], values: Values): boolean {
  return Object.entries(fields).every(([key, wanted]) => {
    const own = values[key.slice(0, 1)]
    if (own === undefined) return false
    const texts = typeof own === 'object' ? own : [String(own)]
    const fits = wanted.map((want) => texts.some((text) => fitsOne(text, key.slice(1), want)))
    return key.endsWith('|all') ? fits.every(Boolean) : fits.some(Boolean)
  })
}
function fits({ must, filter, any }: Drawn, values: Values): boolean {
  const all = must.map((fields) => fitsMap(fields, values))
  return (any ? all.some(Boolean) : all.every(Boolean)) && !(filter !== null && fitsMap(filter, values))
}

function ruleOf({ must, filter, any }: Drawn, index: number) {
  const searches = Object.fromEntries(must.map((fields, i) => [`must${i}`, fields]))
  const text = stringify({
    title: `Rule ${index}`,
    logsource: { category: 'drawn' },
    detection: {
      ...searches,
      ...(filter === null ? {} : { filter }),
      condition: `${any ? '1' : 'all'} of must*${filter === null ? '' : ' and not filter'}`,
    },
  })
  const { rule, problems } = readRule(splitDocuments(text)[0]!, `${index}.yml`, '.')
  if (rule === null) throw new Error(JSON.stringify(problems))
  return rule
}

describe('compiled rules', () => {
  it('match what the rules match one by one', () => {
    fc.assert(
      fc.property(
        fc.array(drawn, { minLength: 1, maxLength: 12 }),
        fc.array(event, { minLength: 1, maxLength: 6 }),
        (rules, events) => {
          const fields = new FieldRegistry()
          const sources = [{ names: [{ category: 'drawn' }], when: { format: ['drawn'] } }]
          const { matcher } = compileRulesWith(rules.map(ruleOf), fields, { sources, aliasesOf: () => ({}) })
          const row = new EventRow()
          row.format = 'drawn'
          for (const values of events) {
            row.clear()
            for (const [name, own] of Object.entries(values)) row.set(fields.id(name), own as RowValue)
            const matched = [...matcher.match(row)]
            expect(matched).toEqual(rules.flatMap((rule, i) => (fits(rule, values) ? [i] : [])))
            for (const rule of matched)
              for (const mark of matcher.explain(rule, row)) {
                const own = values[mark.field]
                expect(typeof own === 'object' ? own : [String(own)]).toContain(mark.value)
              }
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('match the same where texts come again and again, and where they do not', () => {
    const rules = ['mimikatz', 'whoami', 'powershell'].map((text, index) =>
      ruleOf({ must: [{ 'A|contains': [text] }], filter: { 'B|endswith': ['abc'] }, any: false }, index),
    )
    const fields = new FieldRegistry()
    const sources = [{ names: [{ category: 'drawn' }], when: { format: ['drawn'] } }]
    const compiled = (unfiltered: boolean) =>
      compileRulesWith(rules, fields, { sources, aliasesOf: () => ({}), unfiltered }).matcher
    const [quick, plain] = [compiled(false), compiled(true)]
    const row = new EventRow()
    row.format = 'drawn'
    let matches = 0
    for (let i = 0; i < 12_000; i++) {
      // At first all is new, then little is.
      const own = `C:\\${['Mimikatz', 'who am I', 'WHOAMI and PowerShell'][i % 3]!} ${i < 6000 ? i : i % 50}`
      row.clear()
      row.set(fields.id('A'), own)
      row.set(fields.id('B'), i % 7 === 0 ? `${i}xabc` : 'another text')
      const found = [...quick.match(row)]
      if (found.join() !== plain.match(row).join()) expect(found, own).toEqual(plain.match(row))
      matches += found.length
    }
    expect(matches).toBeGreaterThan(8000)
  })

  it('match with a letter whose lower case depends on what follows it', () => {
    const fields = new FieldRegistry()
    const sources = [{ names: [{ category: 'drawn' }], when: { format: ['drawn'] } }]
    const rules = ['A|contains|cased', 'A|re'].map((name, index) =>
      ruleOf({ must: [{ [name]: ['ΑΣ'] }], filter: null, any: false }, index),
    )
    const { matcher } = compileRulesWith(rules, fields, { sources, aliasesOf: () => ({}) })
    const row = new EventRow()
    row.format = 'drawn'
    row.set(fields.id('A'), 'ΑΣΒ')
    expect(matcher.match(row)).toEqual([0, 1])
  })
})
