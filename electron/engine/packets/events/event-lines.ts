/** Events as lines of JSON: the records that an import of a capture stores. */
import { Buffer } from 'node:buffer'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { EventValue, EventValues, FlowName, Moment } from './define.ts'

const LONGEST = 16_384
const MOST_ITEMS = 256

export class EventLines {
  /** `"capture":"name"` */
  readonly #capture: string
  /** Lines that are only counted: they are stored already. */
  #skip: number
  #parts: string[] = []
  #length = 0

  /** `name` of the capture; the first `skip` lines are left out. */
  constructor(name: string, skip: number) {
    this.#capture = `"capture":${JSON.stringify(name)}`
    this.#skip = skip
  }

  /** Characters that wait to be taken. */
  get waiting(): number {
    return this.#length
  }

  add(type: string, at: Moment, flow: FlowName, values: EventValues): void {
    if (this.#skip > 0) {
      this.#skip--
      return
    }
    const time = timeOf(at)
    let line = `{"_path":"${type}",${time === null ? '' : `"ts":"${time}",`}${this.#capture},"packet":${at.packet + 1},${flow.json}`
    for (const name in values) {
      const value = values[name]
      if (!isEmpty(value)) line += `,${JSON.stringify(name)}:${written(value)}`
    }
    line += '}\n'
    this.#parts.push(line)
    this.#length += line.length
  }

  take(): Uint8Array<ArrayBuffer> {
    const bytes = Uint8Array.from(Buffer.from(this.#parts.join(''), 'utf8'))
    this.#parts = []
    this.#length = 0
    return bytes
  }
}

/** ISO text; null where the capture states no time, or none that there is. */
export function timeOf({ seconds, nanos }: { readonly seconds: number; readonly nanos: number }): string | null {
  return Number.isFinite(seconds) && Math.abs(seconds) < 250_000_000_000
    ? isoFromMicros(seconds * 1e6 + Math.floor(nanos / 1000), nanos % 1000)
    : null
}

const isEmpty = (value: EventValue): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && value.length === 0)

function written(value: EventValue): string {
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST ? value.slice(0, LONGEST) : value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value !== 'object') return String(value)
  return `[${(value ?? []).slice(0, MOST_ITEMS).map(written).join(',')}]`
}
