/** Windows events in the JSON of Winlogbeat 8. */
import type { WindowsFact } from '../facts.ts'
import { Random } from '../random.ts'
import { fqdn, type World } from '../world.ts'
import type { Piece } from './piece.ts'

/** Numbers each channel's records, per host, as the hosts do. */
export class WindowsWriter {
  readonly #world: World
  readonly #records = new Map<string, number>()

  constructor(world: World) {
    this.#world = world
  }

  piece(fact: WindowsFact): Piece {
    const channel = `${fact.host.name}/${fact.channel}`
    const record = (this.#records.get(channel) ?? new Random(`records/${channel}`).int(20_000, 900_000)) + 1
    this.#records.set(channel, record)
    const computer = fqdn(this.#world, fact.host)
    const line = {
      '@timestamp': new Date(Math.floor(fact.at / 1000)).toISOString(),
      message: fact.message ?? fact.task,
      event: {
        code: String(fact.eventId),
        kind: 'event',
        provider: fact.provider,
        action: fact.task,
        ...(fact.keywords === 'Audit Failure' ? { outcome: 'failure' } : {}),
      },
      host: { name: computer },
      log: { level: fact.level },
      winlog: {
        api: 'wineventlog',
        channel: fact.channel,
        computer_name: computer,
        event_data: fact.data,
        event_id: String(fact.eventId),
        ...(fact.channel === 'Security' ? { keywords: [fact.keywords ?? 'Audit Success'] } : {}),
        opcode: 'Info',
        process: { pid: fact.channel === 'Security' ? 684 : 2204, thread: { id: 3000 + (record % 90) } },
        provider_name: fact.provider,
        record_id: String(record),
        task: fact.task,
      },
      agent: { name: fact.host.name, type: 'winlogbeat', version: '8.15.0' },
    }
    return { at: fact.at, file: 'windows.jsonl', data: JSON.stringify(line) }
  }
}
