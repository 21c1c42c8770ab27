/** One name for the files of a capture: `dmz-1800.pcapng`, or `dmz-18*.pcapng` where they begin and end alike. */
export function nameOfFiles(names: readonly string[]): string {
  const [first = '', ...others] = names
  if (others.length === 0) return first
  let head = 0
  while (head < first.length && others.every((name) => name[head] === first[head])) head++
  let tail = 0
  const room = Math.min(...names.map((name) => name.length)) - head
  while (tail < room && others.every((name) => name.at(-1 - tail) === first.at(-1 - tail))) tail++
  // The ending counts from its dot.
  const end = first.slice(first.length - tail)
  const dot = end.indexOf('.')
  return head === 0 ? `${first} …` : `${first.slice(0, head)}*${dot < 0 ? '' : end.slice(dot)}`
}
