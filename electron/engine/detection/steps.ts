/** Matches of rules that are steps of scenarios, gathered for one batch: what becomes of them the writer decides. */
import type { EventRow } from '../event/row.ts'
import type { Text } from '../sigma/compile/row-view.ts'
import type { SigmaRule } from '../sigma/types.ts'
import type { StepEvents } from '../store/batch.ts'
import type { Parties } from './asset.ts'

/** Of one value, characters: what tells groups apart is shorter, and a batch stays bounded. */
const LONGEST = 1024
const MOST_VALUES = 64

type StepEvent = StepEvents['events'][number]

export class StepCollector {
  #byRule = new Map<string, { readonly fields: readonly string[]; readonly events: StepEvent[] }>()

  /** `values`: what the rule `reads` of the row. */
  add(rule: SigmaRule, row: EventRow, index: number, values: readonly (Text | undefined)[], parties: Parties): void {
    let found = this.#byRule.get(rule.id)
    if (found === undefined) this.#byRule.set(rule.id, (found = { fields: rule.reads ?? [], events: [] }))
    const { source, destination, asset, user } = parties
    found.events.push({ row: index, time: row.time, values: values.map(bounded), parties: { source, destination, asset, user } })
  }

  /** What was gathered since the last call. */
  take(): StepEvents[] {
    const all = [...this.#byRule].map(([rule, { fields, events }]) => ({ rule, fields, events }))
    this.#byRule = new Map()
    return all
  }
}

function bounded(value: Text | undefined): StepEvent['values'][number] {
  if (value === undefined) return null
  if (typeof value === 'string') return value.slice(0, LONGEST)
  return value.slice(0, MOST_VALUES).map((one) => one.slice(0, LONGEST))
}
