/** All logs, found by their folder, and which of them a packet is shown to. */
import { protocolNumber } from '../decode/registry.ts'
import type { EventLog } from './define.ts'

const found = import.meta.glob<EventLog>('./logs/*.log.ts', { eager: true, import: 'default' })

function ordered(): EventLog[] {
  const logs = Object.values(found).sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const [i, { id }] of logs.entries()) if (logs[i + 1]?.id === id) throw new Error(`two logs are called ${id}`)
  return logs
}
/** In order of id: so events of one packet come in the same order in every run. */
export const logs: readonly EventLog[] = ordered()

const byProtocol = new Map<number, number[]>()
for (const [i, { protocols }] of logs.entries()) {
  for (const name of protocols) {
    const number = protocolNumber(name)
    if (number >= 0) byProtocol.set(number, [...(byProtocol.get(number) ?? []), i])
  }
}

/** Logs that read one of the protocols, in order. */
export function logsOf(layers: readonly number[]): number[] {
  const wanted = new Set<number>()
  for (const layer of layers) for (const log of byProtocol.get(layer) ?? []) wanted.add(log)
  return wanted.size > 1 ? [...wanted].sort((a, b) => a - b) : [...wanted]
}
