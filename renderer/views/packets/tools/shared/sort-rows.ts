/** Rows in the order of a value; equal ones stay as they are. Addresses and other texts by their numbers (`10.0.0.9` before `10.0.0.10`). */
const texts = new Intl.Collator('en', { numeric: true })

export function sortRows<T>(rows: readonly T[], value: (row: T) => string | number, descending: boolean): T[] {
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, own: value(row) }))
    .sort((a, b) =>
      typeof a.own === 'number' && typeof b.own === 'number'
        ? sign * (a.own - b.own)
        : sign * texts.compare(String(a.own), String(b.own)),
    )
    .map(({ row }) => row)
}
