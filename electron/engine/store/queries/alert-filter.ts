/** The query language over the fields of an alert: which columns a query needs, and whether a row fits. */
import { IMPACTS } from '../../../../shared/model/impact.ts'
import { SEVERITIES, severityOf, severityRank } from '../../../../shared/model/severity.ts'
import type { FieldTest, QueryNode } from '../../../../shared/query/ast.ts'
import { STATES } from '../alert-row.ts'
import type { AlertRow } from '../alert-row.ts'
import type { Scalar } from '../../event/row.ts'
import { planOf } from './plan.ts'
import { containsTest, fits, testOf } from './value-test.ts'

type Cells = Pick<AlertRow, 'id'> & Partial<AlertRow>
export interface AlertTest {
  /** Columns of the alert table that `fits` reads; empty where every alert fits. */
  readonly columns: ReadonlySet<keyof AlertRow>
  fits(row: Cells): boolean
}

const column = (...names: (keyof AlertRow)[]): { columns: (keyof AlertRow)[]; values: (row: Cells) => Scalar[] } => ({
  columns: names,
  values: (row) =>
    names.flatMap((name) => {
      const value = row[name]
      return typeof value === 'string' || typeof value === 'number' ? [value] : []
    }),
})
type Field = ReturnType<typeof column>
const attack: Field = {
  columns: ['attack'],
  values: (row) => (row.attack === undefined ? [] : (JSON.parse(row.attack) as string[])),
}
const impact: Field = {
  columns: ['impact', 'impact_confidence'],
  values: (row) =>
    row.impact_confidence === null || row.impact_confidence === undefined ? [] : [IMPACTS[row.impact ?? 2] ?? ''],
}
const state: Field = { columns: ['state'], values: (row) => [STATES[row.state ?? 0] ?? ''] }

const FIELDS: Readonly<Record<string, Field>> = {
  id: column('id'),
  kind: column('kind'),
  detection: column('detection'),
  title: column('title'),
  category: column('category'),
  attack,
  state,
  'src.ip': column('src_ip'),
  'src.port': column('src_port'),
  'src.host': column('src_name'),
  'dst.ip': column('dst_ip'),
  'dst.port': column('dst_port'),
  'dst.host': column('dst_name'),
  source: column('src_ip', 'src_name'),
  destination: column('dst_ip', 'dst_name'),
  ip: column('src_ip', 'dst_ip'),
  port: column('src_port', 'dst_port'),
  host: column('src_name', 'dst_name', 'asset'),
  asset: column('asset'),
  user: column('user'),
  'user.name': column('user'),
  count: column('count'),
  owner: column('owner'),
  verdict: column('verdict'),
  impact,
  reason: column('reason'),
  by: column('decided_by'),
  'sig.name': column('title'),
  'rule.name': column('title'),
  'sig.attack': attack,
  'threat.technique.id': attack,
  'source.ip': column('src_ip'),
  'destination.ip': column('dst_ip'),
  'source.port': column('src_port'),
  'destination.port': column('dst_port'),
}
const TIMES: Readonly<Record<string, keyof AlertRow>> = {
  time: 'last',
  last: 'last',
  first: 'first',
  raised: 'raised',
  taken: 'taken_at',
  decided: 'decided_at',
  snoozed: 'snoozed_until',
}
/** What free text is looked for in. */
const TEXTS = [
  'title',
  'detection',
  'category',
  'src_ip',
  'src_name',
  'dst_ip',
  'dst_name',
  'asset',
  'user',
  'owner',
  'reason',
] as const satisfies readonly (keyof AlertRow)[]

/** `now` in microseconds. */
export function alertTest(node: QueryNode, now: number): AlertTest {
  const columns = new Set<keyof AlertRow>()
  const test = compile(node, now, columns)
  return { columns, fits: test }
}

function compile(node: QueryNode, now: number, columns: Set<keyof AlertRow>): (row: Cells) => boolean {
  switch (node.kind) {
    case 'all':
      return () => true
    case 'and': {
      const items = node.items.map((item) => compile(item, now, columns))
      return (row) => items.every((item) => item(row))
    }
    case 'or': {
      const items = node.items.map((item) => compile(item, now, columns))
      return (row) => items.some((item) => item(row))
    }
    case 'not': {
      const item = compile(node.item, now, columns)
      return (row) => !item(row)
    }
    case 'text': {
      const test = containsTest(node.text, node.wildcard)
      for (const name of TEXTS) columns.add(name)
      columns.add('attack')
      return (row) =>
        TEXTS.some((name) => typeof row[name] === 'string' && test.text(row[name].toLowerCase())) ||
        attack.values(row).some((id) => test.text(String(id).toLowerCase()))
    }
    case 'field': {
      const name = node.field.toLowerCase()
      if (name === 'severity') return severityTest(node.test, columns)
      const time = Object.hasOwn(TIMES, name) ? TIMES[name] : undefined
      if (time) return timeTest(time, node.test, now, columns)
      const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
      if (!field) return () => false
      for (const one of field.columns) columns.add(one)
      const test = testOf(node.test)
      return test ? (row) => field.values(row).some((value) => fits(test, value)) : (row) => field.values(row).length > 0
    }
  }
}

/** Severities compare by rank: `severity>=medium`. */
function severityTest(test: FieldTest, columns: Set<keyof AlertRow>): (row: Cells) => boolean {
  columns.add('severity')
  const rank = (text: string): number =>
    SEVERITIES.some((one) => one === text.toLowerCase())
      ? severityRank(severityOf(SEVERITIES.findIndex((one) => one === text.toLowerCase())))
      : /^[0-4]$/.test(text)
        ? Number(text)
        : NaN
  const of = (row: Cells): number => row.severity ?? 0
  switch (test.op) {
    case 'lt':
      return (row) => of(row) < rank(test.value)
    case 'lte':
      return (row) => of(row) <= rank(test.value)
    case 'gt':
      return (row) => of(row) > rank(test.value)
    case 'gte':
      return (row) => of(row) >= rank(test.value)
    case 'range':
      return (row) => (test.from === null || of(row) >= rank(test.from)) && (test.to === null || of(row) <= rank(test.to))
    default: {
      const value = testOf(test)
      return (row) => value === null || fits(value, severityOf(of(row)))
    }
  }
}

function timeTest(name: keyof AlertRow, test: FieldTest, now: number, columns: Set<keyof AlertRow>): (row: Cells) => boolean {
  columns.add(name)
  if (test.op === 'exists') return (row) => typeof row[name] === 'number'
  const plan = planOf({ kind: 'field', field: 'time', test, span: { start: 0, end: 0 } }, () => [], now)
  return (row) => {
    const value = row[name]
    if (typeof value !== 'number') return false
    return (
      plan.kind === 'all' ||
      (plan.kind === 'system' && value >= plan.from && value <= plan.to && (!plan.test || plan.test(value)))
    )
  }
}
