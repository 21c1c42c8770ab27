/** Which indexes go for a folder's budget: those of the oldest captures. */
import type { Entry } from './catalogue.ts'
import type { WatchedFolder } from './library-folders.ts'

/** When a capture ended, as far as is known; in seconds since 1970. */
export const endOf = ({ last, first, modified }: Entry): number => last ?? first ?? modified / 1000

/** `entries` are the folder's. Gives those whose index goes, oldest first. */
export function beyondBudget(entries: readonly Entry[], { budgetBytes, budgetDays }: WatchedFolder, nowSeconds: number): Entry[] {
  const indexed = entries.filter(({ summary }) => summary !== null).sort((a, b) => endOf(a) - endOf(b))
  const oldest = oldestKept(budgetDays, nowSeconds)
  let bytes = indexed.reduce((sum, { summaryBytes }) => sum + summaryBytes, 0)
  const gone: Entry[] = []
  for (const entry of indexed) {
    if (endOf(entry) >= oldest && (budgetBytes === 0 || bytes <= budgetBytes)) break
    gone.push(entry)
    bytes -= entry.summaryBytes
  }
  return gone
}

/** Captures that ended before are not indexed. */
export const oldestKept = (budgetDays: number, nowSeconds: number): number =>
  budgetDays === 0 ? -Infinity : nowSeconds - budgetDays * 86_400
