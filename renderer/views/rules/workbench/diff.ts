/** Lines of two texts side by side: what stayed, went and came. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
  /** 1-based lines of the old and the new text; null where it is not in it. */
  readonly before: number | null
  readonly after: number | null
}

/** Above this many lines of change nothing finer is looked for. */
const MOST = 2000

export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.replaceAll('\r\n', '\n').trimEnd().split('\n')
  const b = after.replaceAll('\r\n', '\n').trimEnd().split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const lines: DiffLine[] = []
  for (let i = 0; i < head; i++) lines.push({ kind: 'same', text: a[i]!, before: i + 1, after: i + 1 })
  lines.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head))
  for (let i = tail; i > 0; i--)
    lines.push({ kind: 'same', text: a[a.length - i]!, before: a.length - i + 1, after: b.length - i + 1 })
  return lines
}

/** By the longest common subsequence; what went stands before what came. */
function middle(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  const gone = (i: number): DiffLine => ({ kind: 'gone', text: a[i]!, before: offset + i + 1, after: null })
  const come = (j: number): DiffLine => ({ kind: 'new', text: b[j]!, before: null, after: offset + j + 1 })
  if (a.length > MOST || b.length > MOST) return [...a.keys()].map(gone).concat([...b.keys()].map(come))
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]!, before: offset + i + 1, after: offset + j + 1 })
      i++
      j++
    } else if (i < a.length && (j >= b.length || longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!))
      lines.push(gone(i++))
    else lines.push(come(j++))
  }
  return lines
}
