/** From a value to another search. */
import { printQuery, addTerm, termFor, writeField } from '../../../shared/query/print.ts'
import type { EventRow } from '../../../shared/model/event.ts'
import type { QueryNode } from '../../../shared/query/ast.ts'
import { valuesOf } from './values.ts'

export type Pivot =
  | { readonly kind: 'exists' | 'missing'; readonly field: string }
  | { readonly kind: 'filter' | 'exclude' | 'only'; readonly field: string; readonly value: string }

/** The query after a pivot. */
export function pivoted(where: string, pivot: Pivot): string {
  if (!('value' in pivot)) return addTerm(where, `${writeField(pivot.field)}:*`, pivot.kind === 'exists' ? 'filter' : 'exclude')
  const term = termFor(pivot.field, pivot.value)
  return pivot.kind === 'only' ? term : addTerm(where, term, pivot.kind)
}

export type Neighbour = 'flow' | 'hosts' | 'host' | 'source'

/** Queries for what happened near an event: the same flow, the same hosts, the same source; only those it has the values for. */
export function neighboursOf(event: EventRow): readonly { readonly kind: Neighbour; readonly where: string }[] {
  const span = { start: 0, end: 0 }
  const equals = (field: string, value: string): QueryNode => ({ kind: 'field', field, test: { op: 'equals', value }, span })
  const any = (items: QueryNode[]): QueryNode => (items.length === 1 ? (items[0] as QueryNode) : { kind: 'or', items })
  const first = (field: string): string | undefined => valuesOf(event, field)[0]
  const found: { kind: Neighbour; where: string }[] = []
  const flow = ['net.community_id', 'flow.id'].flatMap((field) =>
    valuesOf(event, field)
      .slice(0, 1)
      .map((value) => equals(field, value)),
  )
  if (flow.length > 0) found.push({ kind: 'flow', where: printQuery(any(flow)) })
  const from = first('src.ip')
  const to = first('dst.ip')
  const addresses = [...new Set([from, to].filter((one) => one !== undefined))]
  if (addresses.length > 0)
    found.push({ kind: 'hosts', where: printQuery(any(addresses.map((address) => equals('ip', address)))) })
  const host = first('host.name')
  if (host !== undefined) found.push({ kind: 'host', where: printQuery(equals('host', host)) })
  found.push({ kind: 'source', where: printQuery(equals('source', event.source)) })
  return found
}
