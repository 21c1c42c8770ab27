/** The flow diagram: hosts as columns, packets as arrows. */
import type { Rows } from './rows.ts'

const MOST_NODES = 24

export interface Sequence {
  readonly nodes: string[]
  readonly steps: { packet: number; seconds: number; from: number; to: number; ports: string; label: string; signs: string[] }[]
  readonly truncated: boolean
}

/** Of these packets (indexes from 0); packets of hosts beyond the first {@link MOST_NODES} are left out, and said. */
export function sequenceOf(rows: Rows, packets: readonly number[], more: boolean): Sequence {
  const nodes: string[] = []
  const numbers = new Map<string, number>()
  const steps: Sequence['steps'] = []
  let truncated = more
  const node = (address: string): number => {
    const known = numbers.get(address)
    if (known !== undefined) return known
    if (nodes.length >= MOST_NODES) return -1
    numbers.set(address, nodes.length)
    return nodes.push(address) - 1
  }
  for (const packet of packets) {
    const row = rows.row(packet)
    const from = node(row.source)
    const to = node(row.destination)
    if (from < 0 || to < 0) {
      truncated = true
      continue
    }
    steps.push({
      packet: row.number,
      seconds: row.seconds === null ? 0 : row.seconds + row.nanos / 1e9,
      from,
      to,
      ports: row.sourcePort === null ? '' : `${row.sourcePort} → ${row.destinationPort}`,
      label: `${row.protocol}: ${row.info}`,
      signs: [...row.signs],
    })
  }
  return { nodes, steps, truncated }
}
