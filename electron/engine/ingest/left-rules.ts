/** What is left out of a set of rules, where nothing else changed: then threads need not compile the others anew. */
import type { SigmaRule } from '../sigma/types.ts'

/** Ids of the rules that `after` lacks; null where it lacks none, has others, or another order. */
export function leftOut(before: readonly SigmaRule[], after: readonly SigmaRule[]): readonly string[] | null {
  const left: string[] = []
  let at = 0
  for (const rule of before) {
    const next = after[at]
    if (next !== undefined && isSame(rule, next)) at++
    else left.push(rule.id)
  }
  return at === after.length && left.length > 0 ? left : null
}

/** Rules that are steps are made anew with every set. */
const isSame = (a: SigmaRule, b: SigmaRule): boolean =>
  a === b ||
  (a.id === b.id &&
    a.detection === b.detection &&
    a.text === b.text &&
    a.file === b.file &&
    a.alerts === b.alerts &&
    a.reads?.join('\0') === b.reads?.join('\0'))
