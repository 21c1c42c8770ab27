/** When each value of a field was first there. */
import { ok } from '../../../../shared/model/result.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { blocksFor, fitting, planFor, timesOf } from './events.ts'
import type { Scope, Search } from './events.ts'
import { resolveField } from './field-names.ts'
import { reading } from './library.ts'

export interface FirstsAsked {
  readonly where: string
  readonly window: { readonly from: string | null; readonly to: string | null }
  readonly field: string
  /** Values at most: where there are more, `complete` is false. */
  readonly most: number
}
export interface FirstValues {
  /** Value as text → microseconds of the earliest event with it. */
  readonly firsts: ReadonlyMap<string, number>
  readonly complete: boolean
}

export function* firstValues({ where, window, field, most }: FirstsAsked, scope: Scope): Search<FirstValues> {
  const plan = planFor(where, window, scope)
  if (!plan.ok) return plan
  const named = resolveField(field, scope.aliases)
  const columns = 'system' in named ? [] : named.columns
  const firsts = new Map<string, number>()
  let complete = true
  let scanned = 0
  for (const info of blocksFor(plan.value, scope.library)) {
    scanned += info.rows
    const found = fitting(plan.value, info)
    if (found)
      reading(info.partition.day, () => {
        const { mask, block } = found
        const times = timesOf(block)
        const there = columns.flatMap((name) => block.reader.column(info.partition.field(name)) ?? [])
        for (let row = 0; row < info.rows; row++) {
          if (mask !== true && (mask as Uint8Array)[row] === 0) continue
          for (const column of there) {
            const value = column.value(row)
            if (value === undefined) continue
            for (const one of typeof value === 'object' ? value : [value]) {
              const text = String(one)
              const known = firsts.get(text)
              if (known === undefined && firsts.size >= most) complete = false
              else if (known === undefined || times[row]! < known) firsts.set(text, times[row]!)
            }
            break
          }
        }
      })
    yield { scanned }
  }
  return ok({ firsts, complete }) satisfies Result<FirstValues>
}
