import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { KEPT_OF_REFUSED } from '../framer.ts'
import { SyslogFramer } from './syslog-framing.ts'

type Framed = { readonly record: string } | { readonly refused: string; readonly length: number; readonly raw: string }

/** Latin-1, so that every byte is a character. */
function frame(pieces: readonly Uint8Array[], cut: Sentence | null = null, max?: number): Framed[] {
  const out: Framed[] = []
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
  const framer = new SyslogFramer(
    {
      record: (bytes) => out.push({ record: text(bytes) }),
      refused: ({ reason, length, raw }) => out.push({ refused: inEnglish(reason), length, raw: text(raw) }),
    },
    max,
  )
  for (const piece of pieces) framer.push(piece)
  framer.end(cut)
  return out
}
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const records = (text: string, cut: Sentence | null = null): string[] =>
  frame([bytes(text)], cut).map((framed) => ('record' in framed ? framed.record : `refused: ${framed.refused}`))
const counted = (text: string): string => `${bytes(text).length} ${text}`
/** `text` cut at these places (any numbers). */
function pieces(text: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => text.subarray(from, places[i] ?? text.length))
}
const singles = (text: Buffer): Buffer[] => Array.from(text, (_, i) => text.subarray(i, i + 1))

describe('syslog framing', () => {
  it('reads lines up to LF, CRLF and NUL, and an unterminated last one', () => {
    expect(records('<1>a\n<1>b\r\n<1>c\0\n\r\n\0<1>d\0\n<1>e')).toEqual(['<1>a', '<1>b', '<1>c', '<1>d', '<1>e'])
  })
  it('reads counted records, with line feeds in them', () => {
    expect(records(counted('<1>a\nb') + counted('<2>c') + counted('<3>d'))).toEqual(['<1>a\nb', '<2>c', '<3>d'])
  })
  it('forgives line ends behind or within counted records', () => {
    expect(records(`${counted('<1>a\n')}${counted('<2>b')}\n${counted('<3>c\r\n\0')}\r\n\0${counted('<4>d')}`)).toEqual([
      '<1>a',
      '<2>b',
      '<3>c',
      '<4>d',
    ])
  })
  it('reads both from one sender', () => {
    expect(records(`<1>a\n${counted('<2>b')}<3>c\n<4>d\0${counted('<5>e')}${counted('<6>f')}`)).toEqual([
      '<1>a',
      '<2>b',
      '<3>c',
      '<4>d',
      '<5>e',
      '<6>f',
    ])
  })
  it('counts bytes, not characters', () => {
    const korean = Buffer.from('<1>침입').toString('latin1')
    expect(records(counted(korean) + counted('<2>b'))).toEqual([korean, '<2>b'])
  })
  it('sees counts before JSON, CEF and LEEF', () => {
    expect(records(counted('{"a":1}') + counted('x'))).toEqual(['{"a":1}', 'x'])
    expect(records(counted('CEF:0|a') + counted('LEEF:1.0|b'))).toEqual(['CEF:0|a', 'LEEF:1.0|b'])
  })
  it('takes no line for a count that only begins with a number', () => {
    for (const line of [
      '2026-01-02T03:04:05Z host app: x',
      '1767322999 started',
      '42',
      '42 ',
      '42 <b',
      '42 <1b>',
      '0 <1>a',
      '12 CE',
      '123456789 <1>x',
    ])
      expect(records(`${line}\n<1>next\n`)).toEqual([line, '<1>next'])
    // Behind a line only a whole PRI is proof.
    for (const line of ['5 {abc}', '5 CEF:0', '7 <init>', '7 <1234>', '7 <>'])
      expect(records(`<1>a\n${line}\n<1>next\n`)).toEqual(['<1>a', line, '<1>next'])
  })
  it('is not taken away by a huge count', () => {
    expect(records('999999999999 <1>a\n<1>b\n')).toEqual(['999999999999 <1>a', '<1>b'])
    expect(records(`${counted('<1>a')}999999999999 <2>b${counted('<3>c')}${counted('<4>d')}`)).toEqual([
      '<1>a',
      'refused: no length before it, where records have one',
      '<3>c',
      '<4>d',
    ])
  })
  it('passes over a record that is too long, and keeps its beginning', () => {
    const long = `<1>${'x'.repeat(100)}`
    const reason = 'longer than 64 bytes'
    for (const text of [`${long}\n<2>b\n`, `${long}\r\n<2>b\n`, `${long}\0<2>b\0`, `${counted(long)}${counted('<2>b')}`])
      for (const cut of [[bytes(text)], singles(bytes(text))])
        expect(frame(cut, null, 64)).toEqual([{ refused: reason, length: 103, raw: long }, { record: '<2>b' }])
    const huge = frame([bytes(`<1>${'y'.repeat(5_000_000)}`), Buffer.alloc(20_000_000, 'y'), bytes('\n<2>b\n')])
    expect(huge).toMatchObject([{ refused: 'longer than 4194304 bytes', length: 25_000_003 }, { record: '<2>b' }])
    expect('raw' in huge[0]! && huge[0].raw.length).toBe(KEPT_OF_REFUSED)
  })
  it('finds the next record behind a count that was wrong', () => {
    // A sender that counts characters: two bytes too few each time.
    const text = `4 <1>abc5 <2>de${counted('<3>f')}`
    expect(frame([bytes(text)])).toEqual([
      { record: '<1>a' },
      { refused: 'no length before it, where records have one', length: 2, raw: 'bc' },
      { record: '<2>de' },
      { record: '<3>f' },
    ])
  })
  it('refuses what is cut off, and says why', () => {
    expect(frame([bytes('10 <1>abc')])).toEqual([{ refused: 'ended after 6 of 10 bytes', length: 6, raw: '<1>abc' }])
    expect(frame([bytes('<1>a\n<2>b')], say('connection_broke'))).toEqual([
      { record: '<1>a' },
      { refused: 'the connection broke off before its line end', length: 4, raw: '<2>b' },
    ])
    expect(frame([bytes('12')])).toEqual([{ record: '12' }])
    expect(frame([])).toEqual([])
  })

  // Bytes near to what syslog is made of, in any order, and both framings whole.
  const noise = fc
    .array(fc.constantFrom('<', '>', '1', '0', '9', ' ', '\n', '\r', '\0', 'a', '{', 'CEF:', 'LEEF:', '<34>', '12 ', '5 <1>a'), {
      maxLength: 60,
    })
    .map((parts) => parts.join(''))
  const junk = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array).toString('latin1'))
  const whole = fc.stringMatching(/^<\d{1,3}>[a-z0-9 ]{0,40}$/).map(counted)
  const stream = fc.array(fc.oneof(noise, junk, whole), { maxLength: 12 }).map((parts) => bytes(parts.join('')))

  it('gives the same records however the bytes are cut', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom(null, say('source_stopped')),
        fc.constantFrom(16, 1000),
        (text, cuts, cut, max) => {
          const expected = frame([text], cut, max)
          expect(frame(pieces(text, cuts), cut, max)).toEqual(expected)
          expect(frame(singles(text), cut, max)).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
  it('loses no byte but counts and line ends', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const kept = (all: string): string => all.replaceAll(/[\d \r\n\0]/g, '')
        const framed = frame([text])
        expect(kept(framed.map((one) => ('record' in one ? one.record : one.raw)).join(''))).toBe(kept(text.toString('latin1')))
      }),
      { numRuns: 500 },
    )
  })
  it('reads back any messages in either framing', () => {
    const text = fc.stringMatching(/^<\d{1,3}>[^\r\n\0]{0,60}$/).map((string) =>
      Buffer.from(string)
        .toString('latin1')
        .replaceAll(/[\r\n\0]/g, ''),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, fc.constantFrom('count', '\n', '\r\n', '\0'))),
        fc.array(fc.nat(), { maxLength: 10 }),
        (messages, cuts) => {
          const all = bytes(messages.map(([message, how]) => (how === 'count' ? counted(message) : message + how)).join(''))
          expect(frame(pieces(all, cuts))).toEqual(messages.map(([record]) => ({ record })))
        },
      ),
      { numRuns: 300 },
    )
  })
  it('holds one record and one piece', () => {
    const framer = new SyslogFramer({ record: () => undefined, refused: () => undefined }, 1000)
    for (let i = 0; i < 100; i++) {
      framer.push(Buffer.alloc(100_000, 'x'))
      expect(framer.waiting).toBeLessThanOrEqual(KEPT_OF_REFUSED + 64 * 1024)
    }
    expect(framer.open).toBe(true)
  })
})
