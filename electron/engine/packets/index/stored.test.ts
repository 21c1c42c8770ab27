/** Columns, stacks and notes: what is written is what is read. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { fields, protocolNames, protocolNumber } from '../decode/registry.ts'
import { CHUNK, CHUNK_BYTES, Columns } from './columns.ts'
import { placesEnd, readPlaces, StoredPlaces, storePlaces } from './note-places.ts'
import { Notes } from './notes.ts'
import { Stacks } from './stacks.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-index-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const path = (): string => join(folder, `file-${++files}`)

describe('columns', () => {
  it('are read as they were written, a chunk and a column at a time', () => {
    const file = path()
    const length = 8 * CHUNK + 10
    const columns = new Columns(file, { write: true, length: 0 })
    for (let packet = 0; packet < length; packet++) {
      const chunk = columns.writable
      const row = packet % CHUNK
      chunk.offset[row] = packet * 1e6
      chunk.wire[row] = packet
      chunk.file[row] = packet % 1000
      columns.added()
      // What is being written can be read already.
      if (packet % 50_000 === 7) {
        expect(columns.chunk(Math.floor(packet / CHUNK)).wire[row]).toBe(packet)
        expect(columns.column(0, 'wire')[7]).toBe(7)
      }
    }
    columns.flush()
    columns.close()
    const again = new Columns(file, { write: false, length })
    expect(again.chunks).toBe(9)
    expect([again.lengthOf(0), again.lengthOf(8), again.lengthOf(9)]).toEqual([CHUNK, 10, 0])
    for (let index = 0; index < 9; index++) {
      const row = index === 8 ? 9 : CHUNK - 1
      const packet = index * CHUNK + row
      // Alone, and as a part of the chunk, in either order.
      if (index % 2 === 0) expect(again.column(index, 'offset')[row]).toBe(packet * 1e6)
      const chunk = again.chunk(index)
      expect([chunk.first, chunk.length]).toEqual([index * CHUNK, again.lengthOf(index)])
      expect([chunk.offset[row], chunk.wire[row], chunk.file[row]]).toEqual([packet * 1e6, packet, packet % 1000])
    }
    again.close()
    expect(CHUNK_BYTES % 8).toBe(0)
  })

  it('that are changed are changed for everybody, also where they were read again meanwhile', () => {
    const file = path()
    const columns = new Columns(file, { write: true, length: 0 })
    for (let packet = 0; packet < 9 * CHUNK; packet++) {
      void columns.writable
      columns.added()
    }
    const chunk = columns.own(0)
    chunk.stack[5] = 77
    chunk.wire[5] = 99
    // Rows of other chunks are looked at, and of this one, before it is written.
    for (const index of [1, 2, 3, 4, 5, 6, 7, 0]) columns.chunk(index)
    const held = columns.chunk(0)
    expect(held.stack[5]).toBe(0)
    columns.rewrite(chunk, ['stack'])
    expect(columns.column(0, 'stack')[5]).toBe(77)
    expect(columns.chunk(0).stack[5]).toBe(77)
    expect([held.stack[5], held.wire[5]]).toEqual([77, 0])
    // The chunk that is written, with what was not written yet; and another one in the memory of one that is not needed any more.
    columns.writable.wire[0] = 12
    columns.added()
    const last = columns.own(9, chunk)
    expect([last.first, last.length, last.wire[0], last.stack[5]]).toEqual([9 * CHUNK, 1, 12, 0])
    last.stack[0] = 78
    columns.rewrite(last, ['stack'])
    expect(columns.chunk(9).stack[0]).toBe(78)
    columns.flush()
    columns.close()
    const again = new Columns(file, { write: false, length: 9 * CHUNK })
    expect(again.chunk(0).stack[5]).toBe(77)
    expect(again.chunk(0).wire[5]).toBe(0)
    again.close()
  })

  it('that somebody holds stay as they were while the next are written', () => {
    const columns = new Columns(path(), { write: true, length: 0 })
    const write = (wire: number): void => {
      columns.writable.wire[columns.length % CHUNK] = wire
      columns.added()
    }
    for (let packet = 0; packet < CHUNK; packet++) write(1)
    const chunk = columns.chunk(0)
    for (let packet = 0; packet < CHUNK; packet++) write(2)
    const column = columns.column(1, 'wire')
    write(3)
    expect([chunk.first, chunk.length, chunk.wire[5], column[5]]).toEqual([0, CHUNK, 1, 2])
    for (let packet = 1; packet < CHUNK; packet++) write(3)
    write(4)
    // Nobody held it, but nothing of it is left behind the last packet.
    expect([columns.chunk(3).wire[0], columns.chunk(3).wire[1]]).toEqual([4, 0])
    columns.close()
  })
})

describe('protocol stacks', () => {
  it('are the same numbers for the same protocols, and the same when they are stored', () => {
    const lists = fc.array(fc.array(fc.nat(protocolNames.length - 1), { maxLength: 6 }), { maxLength: 30 })
    fc.assert(
      fc.property(lists, fc.nat(protocolNames.length - 1), (given, wanted) => {
        const stacks = new Stacks()
        const numbers = given.map((list) => list.reduce((stack, protocol) => stacks.child(stack, protocol), 0))
        const again = Stacks.from(JSON.parse(JSON.stringify(stacks)) as ReturnType<Stacks['toJSON']>)
        const containing = again.containing(wanted)
        for (const [i, number] of numbers.entries()) {
          expect(stacks.protocols(number)).toEqual(given[i])
          expect(again.protocols(number)).toEqual(given[i])
          expect(again.innermost(number)).toBe(given[i]!.at(-1) ?? -1)
          expect(containing[number]).toBe(given[i]!.includes(wanted) ? 1 : 0)
          // It goes on where it was: nothing is numbered twice.
          expect(given[i]!.reduce((stack, protocol) => again.child(stack, protocol), 0)).toBe(number)
        }
        expect(new Set(numbers).size).toBe(new Set(given.map(String)).size)
      }),
      { numRuns: 50 },
    )
    const stacks = new Stacks()
    const tcp = ['eth', 'ethertype', 'ip', 'tcp'].reduce((stack, name) => stacks.child(stack, protocolNumber(name)), 0)
    expect(stacks.text(tcp)).toBe('eth:ethertype:ip:tcp')
    expect(stacks.text(stacks.parent(tcp))).toBe('eth:ethertype:ip')
  })

  it('of which there are too many end where they are', () => {
    const stacks = new Stacks()
    const width = protocolNames.length
    for (let i = 0; stacks.size < 65_535; i++) {
      const [first, second] = [i % width, Math.floor(i / width) % width]
      stacks.child(stacks.child(stacks.child(0, Math.floor(i / width / width)), second), first)
    }
    const full = stacks.size
    const stack = stacks.child(0, 0)
    let deepest = stack
    for (let i = 0; i < 20; i++) deepest = stacks.child(deepest, 1)
    expect(stacks.size).toBe(full)
    expect(deepest).toBeLessThan(65_536)
  })
})

describe('notes', () => {
  const host = fields.findIndex(({ name }) => name === 'http.host')
  const query = fields.findIndex(({ name }) => name === 'dns.qry.name')

  it('of a packet are what was said of it, also where that came late', () => {
    const said = fc.array(
      fc.record({
        // Of some chunks, and not in order.
        packet: fc.tuple(fc.nat(12), fc.nat(3)).map(([chunk, row]) => chunk * CHUNK + row * 20_000),
        text: fc.constantFrom('a', 'b', 'c', ''),
        field: fc.constantFrom(-1, host, query),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(said, fc.nat(60), (given, probe) => {
        const file = path()
        const notes = new Notes(file, { write: true })
        const lines = new Map<number, string>()
        const facts = new Map<string, string[]>()
        for (const [i, { packet, text, field }] of given.entries()) {
          if (field < 0) {
            notes.line(packet, 'HTTP', text)
            const known = lines.get(packet)
            lines.set(packet, known === undefined || known === '' || known === text ? text || (known ?? '') : text === '' ? known : `${known}, ${text}`) // prettier-ignore
          } else {
            notes.fact(packet, field, text)
            const key = `${packet} ${fields[field]!.name}`
            facts.set(key, [...(facts.get(key) ?? []), text])
          }
          // Somebody filters meanwhile: what is asked for is written.
          if (i === probe) expect(notes.valuesOfPacket(packet, 'http.host')).toEqual(facts.get(`${packet} http.host`) ?? [])
        }
        notes.flush()
        const stored = storePlaces(notes.places)
        const end = placesEnd(notes.places)
        notes.close()
        const places = readPlaces(StoredPlaces.parse(JSON.parse(JSON.stringify(stored))))
        if (places === null) throw new Error('the places cannot be read')
        expect(statSync(file).size).toBe(end)
        const again = new Notes(file, { write: false, places })
        for (const { packet } of given) {
          expect(again.lineOf(packet)?.text).toBe(lines.get(packet))
          for (const name of ['http.host', 'dns.qry.name'])
            expect(again.valuesOfPacket(packet, name)).toEqual(facts.get(`${packet} ${name}`) ?? [])
        }
        expect([...again.names()].sort()).toEqual([...new Set([...facts.keys()].map((key) => key.split(' ')[1]))].sort())
        again.close()
      }),
      { numRuns: 60 },
    )
  })

  it('lie nowhere where their table is damaged', () => {
    const field = new Map([['http.host', { offset: 0, length: 5 }]])
    const { fields: names, table } = storePlaces([{ lines: null, fields: field }, null])
    expect(readPlaces({ fields: names, table })).toEqual([{ lines: null, fields: field }, null])
    expect(readPlaces({ fields: names, table: table.slice(8) })).toBeNull()
    expect(readPlaces({ fields: [], table: Buffer.from(new Float64Array([0.5, 3]).buffer).toString('base64') })).toBeNull()
    expect(readPlaces({ fields: [], table: Buffer.from(new Float64Array([8, NaN]).buffer).toString('base64') })).toBeNull()
  })

  it('have their bounds: of one chunk, and of what is not written yet', () => {
    const file = path()
    const notes = new Notes(file, { write: true })
    const text = 'x'.repeat(1 << 20)
    for (let packet = 0; packet < 60; packet++) notes.fact(packet, host, text)
    // Another chunk has room of its own.
    notes.fact(CHUNK, host, 'y')
    expect(statSync(file).size).toBeGreaterThan(24 << 20)
    expect(notes.valuesOfPacket(46, 'http.host')).toEqual([text])
    expect(notes.valuesOfPacket(48, 'http.host')).toEqual([])
    expect(notes.valuesOfPacket(CHUNK, 'http.host')).toEqual(['y'])
    notes.close()
  })

  it('do not hold the file they were read from', () => {
    const notes = new Notes(path(), { write: true })
    const large = new Uint8Array(1000)
    const part = large.subarray(10, 14)
    notes.fact(3, host, part)
    large.fill(9)
    expect(notes.valuesOfPacket(3, 'http.host')).toEqual([new Uint8Array(4)])
    notes.close()
  })
})
