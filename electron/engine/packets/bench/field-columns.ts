/** Values of fields as text, for columns that somebody added to the list. */
import { fieldByName, decoders, protocolNumber } from '../decode/registry.ts'
import { NO_STREAM, W } from '../flows/flow-record.ts'
import { CHUNK } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { valueText } from '../facts/value-text.ts'
import type { FieldValue } from '../decode/define.ts'
import type { Rows } from './rows.ts'

const MOST_VALUES = 20

export class FieldColumns {
  readonly #index: CaptureIndex
  readonly #rows: Rows

  constructor(index: CaptureIndex, rows: Rows) {
    this.#index = index
    this.#rows = rows
  }

  /** By field; a field that is not there, or only known to the full dissection, has no entry. */
  of(packet: number, names: readonly string[]): Record<string, string> {
    const found: Record<string, string> = {}
    for (const name of names) {
      const text = this.#value(packet, name)
      if (text !== '') found[name] = text
    }
    return found
  }

  #value(packet: number, name: string): string {
    const own = this.#ofFrame(packet, name)
    if (own !== null) return own
    const field = fieldByName(name)
    if (field === undefined) return ''
    if (field.read === undefined)
      return this.#index.notes
        .valuesOfPacket(packet, name)
        .slice(0, MOST_VALUES)
        .map((value) => valueText(field.type, value))
        .join(',')
    const p = this.#rows.decoded(packet)
    const values: FieldValue[] = []
    const decoder = protocolNumber(decoders[field.decoder]!.id)
    for (let layer = 0; layer < p.layers && values.length < MOST_VALUES; layer++) {
      if (p.layerId[layer] !== decoder || p.layerSource[layer] !== p.source) continue
      try {
        const value = field.read(p, p.layerAt[layer]!, p.layerEnd[layer]!)
        if (Array.isArray(value)) values.push(...(value as FieldValue[]))
        else if (value !== undefined) values.push(value as FieldValue)
      } catch (error) {
        // Beyond what was captured: it is not there.
        if (!(error instanceof RangeError)) throw error
      }
    }
    return values.map((value) => valueText(field.type, value)).join(',')
  }

  #ofFrame(packet: number, name: string): string | null {
    const { columns, stacks, flows } = this.#index
    const chunk = columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    switch (name) {
      case 'frame.number':
        return String(packet + 1)
      case 'frame.len':
        return String(chunk.wire[row])
      case 'frame.cap_len':
        return String(chunk.captured[row])
      case 'frame.protocols':
        return stacks.text(chunk.stack[row]!)
      case 'tcp.len':
        return String(chunk.payload[row])
      case 'tcp.stream':
      case 'udp.stream': {
        const flow = chunk.flow[row]! - 1
        if (flow < 0) return ''
        flows.seek(flow)
        const transport = flows.page.words[flows.at + W.kind]! & 255
        const stream = flows.page.words[flows.at + W.stream]!
        return transport === (name === 'tcp.stream' ? 6 : 17) && stream !== NO_STREAM ? String(stream) : ''
      }
    }
    return null
  }
}
