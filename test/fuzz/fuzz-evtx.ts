/** Changed event logs through the reader and the parser that gets its lines: whatever comes in, lines of JSON come out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow } from '../../electron/engine/event/row.ts'
import { EvtxLines } from '../../electron/engine/evtx/evtx-lines.ts'
import { EvtxObjects } from '../../electron/engine/evtx/evtx-objects.ts'
import { made, madeChunk, type MadeNode } from '../../electron/engine/evtx/made-evtx.ts'
import { parserById } from '../../electron/engine/ingest/parsers/registry.ts'
import { corpus } from '../corpora.ts'
import { contextFor, wrong } from './fuzz-parsers.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { Random } from './random.ts'

export interface EvtxCounts {
  files: number
  records: number
  damaged: number
}
const CHUNK = 65_536
const FIRST_RECORD = 512
/** More of one chunk: it was made large out of little. */
const MOST_BYTES = 64 * 1024 * 1024

/** Chunks of records, without what lies behind them. */
function originals(): Uint8Array[] {
  const value = (index: number): { value: number; optional: boolean } => ({ value: index, optional: index % 2 === 1 })
  const template: MadeNode[] = [
    {
      name: 'Event',
      attributes: { xmlns: ['urn:x'], id: [value(1)] },
      children: [
        {
          name: 'System',
          children: [
            { name: 'EventID', children: [value(0)] },
            { name: 'Channel', children: ['Security'] },
          ],
        },
        { name: 'EventData', children: [value(2)] },
        { name: 'Other', children: [value(3), ' and ', value(4), { entity: 'amp' }, { cdata: 'x' }] },
      ],
    },
  ]
  const inner: MadeNode[] = [
    { name: 'Data', attributes: { Name: ['a'] }, children: ['b'] },
    { name: 'Data', children: ['c'] },
  ]
  const values = [made.u16(1), made.of(15, '33221100554477668899aabbccddeeff'), { inner }, made.time('2026-01-02T03:04:05Z'), { type: 0x81, bytes: new Uint8Array(Buffer.from('x\0y\0', 'utf16le')) }] // prettier-ignore
  const chunk = madeChunk([1, 2, 3].map((id) => ({ id, template, values })))
  const found: Uint8Array[] = [trimmed(chunk)]
  const folder = corpus('evtx')
  if (folder === null) return found
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.evtx')) found.push(trimmed(readFileSync(join(folder, name)).subarray(4096, 4096 + CHUNK)))
  return found
}
const trimmed = (chunk: Buffer): Uint8Array => Uint8Array.from(chunk.subarray(0, Math.min(chunk.length, chunk.readUInt32LE(48))))

const isDamaged = (object: unknown): boolean => typeof object === 'object' && object !== null && '#damaged' in object

/** Reads `count` changed chunks; throws with the seed and the number of the one that goes wrong. */
export function fuzzEvtx(count: number, seed: number, progress?: (counts: Readonly<EvtxCounts>) => void): EvtxCounts {
  const random = new Random(seed)
  const known = originals()
  const counts: EvtxCounts = { files: 0, records: 0, damaged: 0 }
  const definition = parserById('windows-json')!
  let fields = new FieldRegistry()
  let parser = definition.create(contextFor(definition, fields))
  const row = new EventRow()
  const lines = new EvtxLines()
  const objects = new EvtxObjects()
  for (; counts.files < count; counts.files++) {
    if (counts.files % 1000 === 999) {
      fields = new FieldRegistry()
      parser = definition.create(contextFor(definition, fields))
      progress?.(counts)
    }
    const original = random.pick(known)
    const records = mutateBytes(original.subarray(FIRST_RECORD), random, known)
    // The header is changed now and then; as a rule what it leads to is.
    const header =
      random.below(8) === 0 ? mutateBytes(original.subarray(0, FIRST_RECORD), random, []) : original.subarray(0, FIRST_RECORD)
    const chunk = new Uint8Array(random.below(8) === 0 ? Math.min(CHUNK, FIRST_RECORD + records.length) : CHUNK)
    chunk.set(header.subarray(0, FIRST_RECORD))
    if (chunk.length > FIRST_RECORD) chunk.set(records.subarray(0, chunk.length - FIRST_RECORD), FIRST_RECORD)
    let bytes = 0
    const read: unknown[] = []
    const at = `seed ${seed}, file ${counts.files}`
    try {
      lines.chunk(chunk, 4096, (line) => {
        bytes += line.length
        const text = Buffer.from(line.buffer, line.byteOffset, line.length - 1).toString('utf8')
        read.push(JSON.parse(text))
        row.clear()
        const result = parser.parse(text, row)
        const reason = text.startsWith('{"#damaged"') ? null : wrong(result, row)
        if (reason !== null && result !== 'event') throw new Error(`${reason}: ${text.slice(0, 200)}`)
        if (line.at(-1) !== 0x0a || line.subarray(0, -1).includes(0x0a)) throw new Error('no line')
      })
      // Without lines the same comes of it.
      const made = JSON.stringify([...objects.chunk(chunk, 4096)])
      if (made !== JSON.stringify(read.map((object) => (isDamaged(object) ? null : object)))) throw new Error('other objects')
    } catch (error) {
      throw new Error(`${at}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, { cause: error })
    }
    if (bytes > MOST_BYTES) throw new Error(`${at}: ${bytes} bytes came of it`)
  }
  counts.records = lines.records
  counts.damaged = lines.damaged
  return counts
}
