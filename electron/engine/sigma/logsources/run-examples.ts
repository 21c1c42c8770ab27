/** The examples of a log source file, through the real parsers: what a record is, and what is read of it. */
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { parserById } from '../../ingest/parsers/registry.ts'
import type { Detection, Expression } from '../detection.ts'
import { RuleExplainer } from '../explain-rule.ts'
import type { SigmaRule } from '../types.ts'
import type { LogSource, LogSourceDefinition, LogSourceExample, LogSourceName } from './log-source.ts'
import type { TextProblem } from './read-log-source.ts'

const RECEIVED = Date.UTC(2026, 0, 2) * 1000

/** What does not come true, at the example it is of. `sources`: those of the definition and whatever stands beside it. */
export function runExamples({ examples }: LogSourceDefinition, sources: readonly LogSource[]): TextProblem[] {
  return examples.flatMap((example) => {
    const { line, column, name } = example
    return wrongWith(example, sources).map((message) => ({ line, column, message: `the example “${name}” ${message}` }))
  })
}

function wrongWith({ format, record, is, isNot, reads }: LogSourceExample, sources: readonly LogSource[]): string[] {
  const fields = new FieldRegistry()
  const row = new EventRow()
  row.format = format
  const parsed = parserById(format)!.create({ fields, zone: 'UTC', received: RECEIVED, fileName: 'example' }).parse(record, row)
  if (parsed !== 'event') return [`is no event: ${parsed === 'header' ? 'a header' : parsed.rejected}`]
  const asked = (logsource: LogSourceName, expressions: readonly Expression[]) =>
    new RuleExplainer(ruleOf(logsource, expressions), fields, sources).explain(row)
  const wrong: string[] = []
  for (const name of is) if (!asked(name, []).logsource) wrong.push(`is not ${inWords(name)}`)
  for (const name of isNot) if (asked(name, []).logsource) wrong.push(`is ${inWords(name)}`)
  const [first] = is
  const wanted = Object.entries(reads)
  if (first === undefined && wanted.length > 0) wrong.push('says what is read, but not by which log source (is)')
  else if (first !== undefined) {
    const { searches } = asked(
      first,
      wanted.map(([field, value]) => itemOf(field, String(value))),
    )
    wanted.forEach(([field, value], i) => {
      if (searches[String(i)] === false) wrong.push(`reads something else than ${String(value)} as ${field}`)
    })
  }
  return wrong
}

const itemOf = (field: string, value: string): Expression => ({
  op: 'item',
  item: {
    field,
    join: 'any',
    negate: false,
    values: [{ test: { kind: 'text', parts: value === '' ? [] : [value], cased: true }, path: field, line: 1 }],
  },
})

/** A rule whose searches are the expressions, named by their place. */
function ruleOf(logsource: LogSourceName, expressions: readonly Expression[]): SigmaRule {
  const all = expressions.length > 0 ? expressions : [itemOf('none', 'none')]
  const detection: Detection = {
    searches: all.map((expression, i) => ({ name: String(i), expression })),
    condition: { op: 'search', search: 0 },
  }
  return {
    id: 'example',
    title: 'example',
    level: 'info',
    status: '',
    description: '',
    references: [],
    falsePositives: [],
    attack: [],
    about: { author: null, date: null, modified: null, license: null, taxonomy: 'sigma', scope: [], related: [] },
    logsource,
    file: '',
    folder: '',
    text: '',
    detection,
  }
}

const inWords = ({ product, category, service }: LogSourceName): string =>
  [product ?? '*', category ?? '*', service ?? '*'].join(' / ')
