import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamPiece } from '../../../../../shared/model/capture.ts'
import { decodeBase64, StreamBytes, type Direction } from './stream-bytes.ts'
import { StreamLines, type Layout } from './stream-lines.ts'
import { hitsIn, nextHit, searchStream, wantedBytes } from './stream-search.ts'
import { shownParts } from './stream-text.ts'

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const piece = (direction: Direction, text: string | Uint8Array, packet = 1, missing = 0): StreamPiece => ({
  direction,
  packet,
  missing,
  bytes: encode(typeof text === 'string' ? new TextEncoder().encode(text) : text),
})
const streamOf = (...pieces: StreamPiece[]): StreamBytes => {
  const stream = new StreamBytes()
  stream.append(pieces)
  return stream
}
const BOTH: Layout = { shape: 'utf8', only: null, columns: 80 }
const texts = (lines: StreamLines, stream: StreamBytes): string[] =>
  Array.from({ length: lines.count }, (_, index) => {
    const line = lines.line(index)
    return line === null ? '' : new TextDecoder().decode(stream.data.subarray(line.start, line.end))
  })

const anyPiece = fc.record({
  direction: fc.constantFrom<Direction>(0, 1),
  packet: fc.integer({ min: 1, max: 1e6 }),
  missing: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 5000 })),
  bytes: fc
    .oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string().map((text) => new TextEncoder().encode(`${text}\r\n`)),
    )
    .map(encode),
})
const anyLayout = fc.record({
  shape: fc.constantFrom('ascii', 'utf8', 'hex', 'raw'),
  only: fc.constantFrom(null, 0, 1),
  columns: fc.integer({ min: 16, max: 200 }),
}) as fc.Arbitrary<Layout>

describe('StreamBytes', () => {
  it('joins pieces of one direction and knows the packet of every byte', () => {
    const stream = streamOf(piece(0, 'GET ', 4), piece(0, '/ HTTP', 6), piece(1, '200', 9))
    expect(stream.runs.map(({ direction, start, end }) => [direction, start, end])).toEqual([
      [0, 0, 10],
      [1, 10, 13],
    ])
    expect([0, 3, 4, 9, 10, 12, 13, -1].map((at) => stream.packetAt(at))).toEqual([4, 4, 6, 6, 9, 9, null, null])
  })
  it('counts what is missing into the place of what follows', () => {
    const stream = streamOf(piece(1, 'abc', 1), piece(1, 'xyz', 3, 1460))
    expect(stream.missing).toBe(1460)
    expect(stream.runs.map(({ missing, offset }) => [missing, offset])).toEqual([
      [0, 0],
      [1460, 3],
      [0, 1463],
    ])
    expect([0, 2, 3, 5, 6].map((at) => stream.runAt(at))).toEqual([0, 0, 2, 2, -1])
  })
  it('takes what is no base64 as nothing', () => {
    expect(decodeBase64('%%%').length).toBe(0)
    expect(streamOf({ direction: 0, packet: 1, missing: 0, bytes: '%' }).runs).toEqual([])
  })
})

describe('StreamLines', () => {
  it('breaks at line feeds and at the width', () => {
    const stream = streamOf(piece(0, `GET / HTTP/1.1\r\nHost: a\r\n\r\n${'x'.repeat(40)}`))
    const lines = new StreamLines(stream, { ...BOTH, columns: 16 })
    expect(texts(lines, stream)).toEqual([
      'GET / HTTP/1.1\r\n',
      'Host: a\r\n',
      '\r\n',
      'x'.repeat(16),
      'x'.repeat(16),
      'x'.repeat(8),
    ])
  })
  it('shows one direction alone, and gaps as lines', () => {
    const stream = streamOf(piece(0, 'ask'), piece(1, 'answer'), piece(1, 'more', 5, 20))
    const lines = new StreamLines(stream, { ...BOTH, only: 1 })
    expect(texts(lines, stream)).toEqual(['answer', '', 'more'])
  })
  it('does not break a character of several bytes', () => {
    const stream = streamOf(piece(0, '한'.repeat(30)))
    const lines = new StreamLines(stream, { ...BOTH, columns: 17 })
    expect(texts(lines, stream)).toEqual(['한'.repeat(8), '한'.repeat(8), '한'.repeat(8), '한'.repeat(6)])
  })
  it('grown piece by piece has the lines of the whole, each byte in exactly one', () => {
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 20 }), anyLayout, (pieces, layout) => {
        const whole = streamOf(...pieces)
        const atOnce = new StreamLines(whole, layout)
        const stream = new StreamBytes()
        const grown = new StreamLines(stream, layout)
        for (const one of pieces) {
          stream.append([one])
          grown.extend()
        }
        const all = (lines: StreamLines) => Array.from({ length: lines.count }, (_, index) => lines.line(index))
        // UTF-8 that is cut by a piece's end is whole once the next has come: the last line is made anew, those before stay.
        if (layout.shape !== 'utf8') expect(all(grown)).toEqual(all(atOnce))
        const expected = whole.runs.filter(({ direction }) => layout.only === null || direction === layout.only)
        for (const lines of [grown, atOnce]) {
          let bytes = 0
          for (let index = 0; index < lines.count; index += 1) {
            const line = lines.line(index)
            if (!line) throw new Error('no line')
            bytes += line.end - line.start
            if (line.end > line.start) {
              expect(lines.lineAt(line.start)).toBe(index)
              expect(lines.lineAt(line.end - 1)).toBe(index)
            }
          }
          expect(bytes).toBe(expected.reduce((sum, { start, end }) => sum + end - start, 0))
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('shownParts', () => {
  const shown = (bytes: Uint8Array, encoding: 'ascii' | 'utf8'): string =>
    shownParts(bytes, 0, bytes.length, encoding)
      .map(({ text, escaped }) => (escaped ? `[${text}]` : text))
      .join('')
  it('escapes what cannot be seen and what is no character', () => {
    expect(shown(new TextEncoder().encode('a\u0000\u001b[0m\r\n\t\u202eb'), 'utf8')).toBe(
      'a[\\x00][\\x1b][0m[\\r][\\n][\\t][\\u202e]b',
    )
    expect(shown(Uint8Array.of(0x61, 0xff, 0xc0, 0xaf, 0x7f, 0xed, 0xa0, 0x80), 'utf8')).toBe(
      'a[\\xff][\\xc0][\\xaf][\\x7f][\\xed][\\xa0][\\x80]',
    )
    expect(shown(new TextEncoder().encode('é'), 'ascii')).toBe('[\\xc3][\\xa9]')
    expect(shown(new TextEncoder().encode('é 한 😀'), 'utf8')).toBe('é 한 😀')
  })
  it('shows what TextDecoder reads, where all of it is visible', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let decoded: string
        try {
          decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
        } catch {
          return
        }
        const plain = shownParts(bytes, 0, bytes.length, 'utf8')
        if (plain.every(({ escaped }) => !escaped)) expect(plain.map(({ text }) => text).join('')).toBe(decoded)
        // Nothing of it was taken for bytes that are no characters.
        for (const { text, escaped } of plain) if (escaped && /^\\x[89a-f]/.test(text)) expect(decoded).toMatch(/[\u0080-\u00ff]/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the search', () => {
  const stream = streamOf(piece(0, 'GET /a HTTP\r\nGet'), piece(1, 'target get\u0000'), piece(0, 'gETget', 3, 4))
  const found = (text: string, caseSensitive = false, only: Direction | null = null): readonly number[] =>
    searchStream(stream, wantedBytes(text), caseSensitive, only).starts
  it('finds within runs, in either case, in one direction', () => {
    expect(found('get')).toEqual([0, 13, 19, 23, 27, 30])
    expect(found('get', true)).toEqual([19, 23, 30])
    expect(found('get', false, 1)).toEqual([19, 23])
    // `Get` of the client and `target` of the server are not one word.
    expect(found('gettarget')).toEqual([])
  })
  it('reads escapes', () => {
    expect(found('HTTP\\r\\n')).toEqual([7])
    expect(found('\\x00')).toEqual([26])
    expect([...wantedBytes('\\\\x41 한')]).toEqual([...new TextEncoder().encode('\\x41 한')])
  })
  it('goes to the next and the one before, round the ends', () => {
    const hits = searchStream(stream, wantedBytes('get'), false, null)
    expect(nextHit(hits, 0, false)).toBe(0)
    expect(nextHit(hits, 1, false)).toBe(1)
    expect(nextHit(hits, 31, false)).toBe(0)
    expect(nextHit(hits, 0, true)).toBe(5)
    expect(nextHit(hits, 13, true)).toBe(0)
    expect(hitsIn(hits, 14, 20)).toEqual({ first: 1, behind: 3 })
  })
  it('finds what String.indexOf finds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'A', 'c') }),
        fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }),
        (text, wanted) => {
          const expected: number[] = []
          for (let at = text.toLowerCase().indexOf(wanted); at >= 0; at = text.toLowerCase().indexOf(wanted, at + wanted.length))
            expected.push(at)
          expect(searchStream(streamOf(piece(0, text)), wantedBytes(wanted), false, null).starts).toEqual(expected)
        },
      ),
    )
  })
})
