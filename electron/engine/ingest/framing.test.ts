import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { say } from '../../../shared/model/sentence.ts'
import { type Chunk, CHUNK_RECORDS, type Framer, type FramerStart, KEPT_OF_REFUSED, MAX_RECORD } from './framer.ts'
import { createFramer } from './framing.ts'
import { MAX_DEPTH } from './json-framer.ts'
import { MAX_QUOTED_LINES } from './quoted-framer.ts'
import { csvRow, isOpen } from './normalise/csv.ts'
import type { Framing } from './parsers/define.ts'

/** Bytes of lines that were looked at for quotes. */
let looked = 0
vi.mock('./normalise/csv.ts', async (original) => {
  const csv = await original<typeof import('./normalise/csv.ts')>()
  return {
    ...csv,
    quoteBehind: (...line: Parameters<typeof csv.quoteBehind>) => {
      looked += line[2] - line[1]
      return csv.quoteBehind(...line)
    },
  }
})

interface Seen {
  offset: number
  record: number
  text: string
  refused: number | null
}

function drain(framer: Framer, chunks: Chunk[], now: boolean): void {
  for (let chunk = framer.take(now); chunk !== null; chunk = framer.take(now)) chunks.push(chunk)
}
/** Frames `pieces`, taking what there is after every `eager`-th piece. */
function frame(framing: Framing, pieces: readonly Uint8Array[], start: FramerStart = {}, eager = 1): Chunk[] {
  const framer = createFramer(framing, start)
  const chunks: Chunk[] = []
  pieces.forEach((piece, index) => {
    framer.push(piece)
    drain(framer, chunks, index % eager === 0)
  })
  framer.finish()
  drain(framer, chunks, true)
  return chunks
}
function recordsOf(chunks: readonly Chunk[]): Seen[] {
  const seen: Seen[] = []
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.bounds.length; i += 2) {
      const start = chunk.bounds[i]!
      seen.push({
        offset: chunk.offset + start,
        record: chunk.record + i / 2,
        text: Buffer.from(chunk.bytes.subarray(start, chunk.bounds[i + 1])).toString('latin1'),
        refused: null,
      })
    }
    if (chunk.refused)
      seen.push({
        offset: chunk.refused.offset,
        record: chunk.refused.record,
        text: Buffer.from(chunk.refused.raw).toString('latin1'),
        refused: chunk.refused.length,
      })
  }
  return seen
}
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? bytes.length)
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}
const limits = { maxRecord: 20, chunkRecords: 5, chunkBytes: 64, delimiter: ',', quotedLines: 4, quotedBytes: 14 }
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })
const soup = (alphabet: string): fc.Arbitrary<Buffer> =>
  fc.array(fc.constantFrom(...alphabet), { maxLength: 300 }).map((letters) => Buffer.from(letters.join(''), 'latin1'))

describe.each(['line', 'quoted', 'json'] as const)('%s framing', (framing) => {
  const alphabet = {
    line: 'ab\r\n\n\0\xef\xbb\xbf',
    quoted: 'a,,""""\r\n\n\xef\xbb\xbf',
    json: '{{}}[]",:\\ab \n\r1',
  }[framing]
  it('gives the same records however the bytes are cut', () => {
    fc.assert(
      fc.property(soup(alphabet), sizes, sizes, fc.integer({ min: 1, max: 4 }), (bytes, one, two, eager) => {
        const a = frame(framing, cut(bytes, one), limits, eager)
        const b = frame(framing, cut(bytes, two), limits)
        expect(recordsOf(a)).toEqual(recordsOf(b))
        const whole = recordsOf(a)
        expect(whole.map((seen) => seen.record)).toEqual(whole.map((_, index) => index + 1))
      }),
      { numRuns: 2000 },
    )
  })
  it('covers every byte once, and says where each record stands', () => {
    fc.assert(
      fc.property(soup(alphabet), sizes, (bytes, cuts) => {
        let at = 0
        const chunks = frame(framing, cut(bytes, cuts), limits)
        for (const chunk of chunks) {
          expect(chunk.offset).toBe(at)
          expect(Buffer.from(chunk.bytes).equals(bytes.subarray(at, at + chunk.bytes.length))).toBe(true)
          at = chunk.end
          expect(Buffer.from(chunk.tail).equals(bytes.subarray(Math.max(0, at - 1024), at))).toBe(true)
        }
        expect(at).toBe(bytes.length)
        for (const seen of recordsOf(chunks)) {
          const length = seen.refused ?? seen.text.length
          expect(bytes.subarray(seen.offset, seen.offset + Math.min(length, seen.text.length)).toString('latin1')).toBe(seen.text)
        }
      }),
      { numRuns: 2000 },
    )
  })
  it('goes on at the end of any chunk as if it had never stopped', () => {
    fc.assert(
      fc.property(soup(alphabet), sizes, fc.nat(20), (bytes, cuts, stop) => {
        const all = frame(framing, cut(bytes, cuts), limits)
        const before = all.slice(0, stop)
        const last = before.at(-1)
        if (!last) return
        const after = frame(framing, cut(bytes.subarray(last.end), cuts), {
          ...limits,
          offset: last.end,
          records: last.records,
          tail: last.tail,
        })
        // A BOM counts at the very start only, and a broken object may end differently only where it was refused for length.
        expect(recordsOf([...before, ...after])).toEqual(recordsOf(all))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('lines', () => {
  const lines = (text: string | Buffer): string[] => recordsOf(frame('line', [Buffer.from(text)])).map((seen) => seen.text)
  it('agree with a plain split', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '\r', 'é') })), (parts) => {
        const text = parts.map((part) => part.replace(/\r+$/, '')).join('\n') + '\n'
        expect(lines(text)).toEqual(Buffer.from(text).toString('latin1').split('\n').slice(0, -1))
      }),
    )
  })
  it('drop CR and a byte order mark, keep what has no line end', () => {
    expect(lines('\ufeffone\r\ntwo\n\nfour')).toEqual(['one', 'two', '', 'four'])
  })
  it('keep a partial line for later', () => {
    const framer = createFramer('line')
    framer.push(Buffer.from('one\ntw'))
    expect(recordsOf([framer.take(true)!]).map((seen) => seen.text)).toEqual(['one'])
    expect(framer.take(true)).toBeNull()
    expect(framer.waiting).toBe(2)
    framer.push(Buffer.from('o\n'))
    expect(recordsOf([framer.take(true)!])).toEqual([{ offset: 4, record: 2, text: 'two', refused: null }])
  })
  it('lie in the same memory again when their chunk is given back', () => {
    const text = Buffer.from(Array.from({ length: 40_000 }, (_, n) => `${n} ${'x'.repeat((n * 7919) % 400)}`).join('\n'))
    const framer = createFramer('line', { chunkBytes: 600_000 })
    const seen: string[] = []
    const memory = new Set<ArrayBuffer>()
    const take = (now = false): void => {
      for (let chunk = framer.take(now); chunk !== null; chunk = framer.take(now)) {
        seen.push(...recordsOf([chunk]).map((record) => record.text))
        memory.add(chunk.bytes.buffer)
        framer.giveBack(chunk)
      }
    }
    for (const piece of cut(text, [200_000])) {
      framer.push(piece)
      take()
    }
    framer.finish()
    take(true)
    expect(seen).toEqual(text.toString().split('\n'))
    expect(memory.size).toBeLessThan(text.length / 600_000 / 2)
  })
  it('by the megabyte come out as they went in, in chunks of bounded size', () => {
    const text = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `${n} ${'x'.repeat((n * 7919) % 400)}`).join('\n'))
    for (const size of [1024 * 1024, 100_000]) {
      const chunks = frame('line', cut(text, [size]), {}, 1000)
      expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).equals(text)).toBe(true)
      expect(recordsOf(chunks).map((seen) => seen.text)).toEqual(text.toString().split('\n'))
      for (const { bounds } of chunks) expect(bounds.length / 2).toBeLessThanOrEqual(CHUNK_RECORDS)
    }
  })
  it('of 200 MB are refused with their place, holding next to nothing', () => {
    const framer = createFramer('line')
    const piece = Buffer.alloc(1024 * 1024, 'x')
    const chunks: Chunk[] = []
    framer.push(Buffer.from('before\n'))
    let held = 0
    for (let i = 0; i < 200; i++) {
      framer.push(piece)
      drain(framer, chunks, false)
      held = Math.max(held, (framer as unknown as { buffer: Buffer }).buffer.length)
    }
    framer.push(Buffer.from('\r\nafter\n'))
    drain(framer, chunks, true)
    expect(held).toBeLessThan(3 * MAX_RECORD)
    expect(recordsOf(chunks)).toEqual([
      { offset: 0, record: 1, text: 'before', refused: null },
      { offset: 7, record: 2, text: 'x'.repeat(KEPT_OF_REFUSED), refused: 200 * 1024 * 1024 },
      { offset: 7 + 200 * 1024 * 1024 + 2, record: 3, text: 'after', refused: null },
    ])
  })
})

describe('separated values', () => {
  const rows = (text: string, start: FramerStart = {}): string[] =>
    recordsOf(frame('quoted', [Buffer.from(text)], start)).map((seen) => seen.text)
  /** The rule as it is stated, record by record. */
  const stated = (lines: readonly string[], mostLines: number, mostBytes: number): string[] => {
    const records: string[] = []
    for (let first = 0; first < lines.length; first++) {
      let last = first
      let text = lines[first]!
      while (isOpen(csvRow(text, ',')) && last + 1 < lines.length) text += `\n${lines[++last]!}`
      const closed = Array.isArray(csvRow(text, ','))
      const whole = closed && (last === first || (last - first < mostLines && text.length <= mostBytes))
      records.push(whole ? text : lines[first]!)
      if (whole) first = last
    }
    return records
  }
  it('are framed as the rule says, whatever they hold', () => {
    const line = fc.array(fc.constantFrom('a', ',', '"', '"', '",', ',"', '""'), { maxLength: 8 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), sizes, fc.integer({ min: 1, max: 8 }), (lines, cuts, quotedLines) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''))
        const chunks = frame('quoted', cut(bytes, cuts), { delimiter: ',', quotedLines, quotedBytes: 40 })
        expect(recordsOf(chunks).map((seen) => seen.text)).toEqual(stated(lines, quotedLines, 40))
      }),
      { numRuns: 3000 },
    )
  })
  it('that were written by the rules of RFC 4180 come back, whatever is in their fields', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '\n', '\r\n', 'é') })
    const rowsOf = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(rowsOf, sizes, (table, cuts) => {
        const written = table.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n')
        const read = recordsOf(frame('quoted', cut(Buffer.from(written), cuts), { delimiter: ',' }))
        expect(read.map(({ text }) => csvRow(Buffer.from(text, 'latin1').toString(), ','))).toEqual(table)
      }),
    )
  })
  it('guess the delimiter from the first line: a quote elsewhere than at the beginning of a field opens none', () => {
    expect(rows('a;b\n1;x, "y\n2;"z\nz"\n')).toEqual(['a;b', '1;x, "y', '2;"z\nz"'])
    expect(rows('\na\tb\n1\t"x\ny"\n')).toEqual(['', 'a\tb', '1\t"x\ny"'])
  })
  it('with a quote that is never closed lose no line after it', () => {
    const many = Array.from({ length: 3 * MAX_QUOTED_LINES }, (_, n) => `${n},b,d`)
    const lines = ['x,y,z', '1,"open,2', ...many, '1,open "too,2', '2,"a ""b""",c', ...many, '1,"open at the end,2', 'a,b,c']
    expect(rows(`${lines.join('\n')}\n`)).toEqual(lines)
  })
  it('of which every line opens a field and none is ever closed are looked at no more than twice', () => {
    const text = 'a",b,"x\n'.repeat(100_000)
    looked = 0
    expect(rows(text, { delimiter: ',' })).toHaveLength(100_000)
    expect(looked).toBeLessThanOrEqual(2 * text.length)
    expect(rows('1,"\n2,"'.repeat(10_000), { delimiter: ',' })).toHaveLength(10_000 + 1)
  })
})

describe('JSON objects', () => {
  const objects = (text: string): string[] => recordsOf(frame('json', [Buffer.from(text)])).map((seen) => seen.text)
  it('stand concatenated, on lines, or in arrays', () => {
    expect(objects('{"a":1}{"b":"}{"}\n[{"c":[{}]},\n {"d":"\\"}"}\n]')).toEqual([
      '{"a":1}',
      '{"b":"}{"}',
      '{"c":[{}]}',
      '{"d":"\\"}"}',
    ])
  })
  it('are found again whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.boolean(),
        fc.constantFrom(0, 2),
        (values, array, indent) => {
          const texts = values.map((value) => JSON.stringify(value, null, indent))
          const text = array ? `[${texts.join(',\n')}]` : texts.join('\n')
          expect(
            recordsOf(frame('json', cut(Buffer.from(text), [7, 3]))).map((seen) =>
              JSON.parse(Buffer.from(seen.text, 'latin1').toString()),
            ),
          ).toEqual(texts.map((one) => JSON.parse(one)))
        },
      ),
    )
  })
  it('that are broken in a string end at the line end', () => {
    expect(objects('{"a":"cut o\n{"b":1}\njunk here\n{"c":2}')).toEqual(['{"a":"cut o', '{"b":1}', 'junk here', '{"c":2}'])
  })
  it('that never end give way to the next line that begins one, once too long', () => {
    const chunks = frame('json', cut(Buffer.from(`{"a":[${'1,'.repeat(40)}\n{"b":1}\n`), [9]), limits)
    expect(recordsOf(chunks).at(-1)).toMatchObject({ text: '{"b":1}', refused: null })
  })
  it('nested too deep are refused', () => {
    const chunks = frame('json', [Buffer.from(`${'{"a":'.repeat(MAX_DEPTH + 1)}1${'}'.repeat(MAX_DEPTH + 1)}{"b":1}`)])
    expect(chunks[0]!.refused?.reason).toEqual(say('too_deep', { levels: MAX_DEPTH }))
    expect(recordsOf(chunks)[1]).toMatchObject({ record: 2, text: '{"b":1}' })
  })
})
