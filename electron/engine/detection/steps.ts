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
    const last = found.events.at(-1)?.parties
    // Of a flood they are one object, also in the thread that this goes to.
    const own = last !== undefined && isSame(last, parties) ? last : partiesOf(parties)
    found.events.push({ row: index, time: row.time, values: values.map(bounded), parties: own })
  }

  /** What was gathered since the last call. */
  take(): StepEvents[] {
    const all = [...this.#byRule].map(([rule, { fields, events }]) => ({ rule, fields, events }))
    this.#byRule = new Map()
    return all
  }
}

const partiesOf = ({ source, destination, asset, user }: Parties): StepEvent['parties'] => ({ source, destination, asset, user })

const isSameParty = (a: Parties['source'], b: Parties['source']): boolean =>
  a.ip === b.ip && a.port === b.port && a.name === b.name

const isSame = (a: StepEvent['parties'], b: Parties): boolean =>
  isSameParty(a.source, b.source) && isSameParty(a.destination, b.destination) && a.asset === b.asset && a.user === b.user

function bounded(value: Text | undefined): StepEvent['values'][number] {
  if (value === undefined) return null
  if (typeof value === 'string') return value.slice(0, LONGEST)
  return value.slice(0, MOST_VALUES).map((one) => one.slice(0, LONGEST))
}
