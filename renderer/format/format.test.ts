import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBytes, formatNumber, formatRate, formatShare, formatShort } from './number.ts'
import {
  clockOf,
  formatAge,
  formatLength,
  formatDateTime,
  formatExact,
  formatMoment,
  formatPrecise,
  secondsSince,
  zoneName,
  formatMillis,
} from './time.ts'
import { escapeCharacter, joinSpans, visibleParts, visibleText } from './text.ts'

const plain = (text: string): string => text.replaceAll('\u202f', ' ')

describe('figures', () => {
  it.each([
    [0, 0, '0'],
    [1842, 0, '1 842'],
    [1234567, 0, '1 234 567'],
    [999, 0, '999'],
    [-1842, 0, '−1 842'],
    [1.25, 1, '1.3'],
    [2, 1, '2'],
    [-0.01, 1, '0'],
    [Number.NaN, 0, '–'],
    [Number.POSITIVE_INFINITY, 0, '–'],
  ])('%d with %d decimals is %s', (value, decimals, text) => expect(plain(formatNumber(value, decimals))).toBe(text))
  it('keeps every digit', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        (n) => formatNumber(n).replaceAll('\u202f', '').replace('−', '-') === String(n === 0 ? 0 : n),
      ),
    )
  })
  it.each([
    [0, '0 B'],
    [640, '640 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1400, '1.4 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [214_600_000, '214.6 MB'],
    [1e15, '1.0 PB'],
    [1e18, '1000.0 PB'],
    [-1400, '−1.4 kB'],
  ])('%d bytes are %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text))
  it('rates and shares', () => {
    expect(formatRate(0.44)).toBe('0.4')
    expect(plain(formatRate(5012.3))).toBe('5 012')
    expect(formatShare(0.034)).toBe('3.4 %')
    expect(formatShare(1)).toBe('100 %')
    expect(formatShare(0)).toBe('0 %')
  })
  it('never rounds a short figure up', () => {
    expect(formatShort(999)).toBe('999')
    expect(formatShort(1999)).toBe('1.9k')
    expect(formatShort(48_999)).toBe('48k')
    expect(formatShort(3_190_000)).toBe('3.1M')
  })
})

describe('ages', () => {
  it.each([
    [0, '0 s', '0초'],
    [12.9, '12 s', '12초'],
    [59, '59 s', '59초'],
    [60, '1 m 00', '1분 00초'],
    [485, '8 m 05', '8분 05초'],
    [599, '9 m 59', '9분 59초'],
    [600, '10 m', '10분'],
    [1140, '19 m', '19분'],
    [3599, '59 m', '59분'],
    [3600, '1 h 00', '1시간 00분'],
    [4320, '1 h 12', '1시간 12분'],
    [86_399, '23 h 59', '23시간 59분'],
    [86_400, '1 d 00', '1일 00시간'],
    [187_200, '2 d 04', '2일 04시간'],
    [864_000, '10 d', '10일'],
    [-5, '0 s', '0초'],
    [Number.NaN, '–', '–'],
  ])('%d s', (seconds, en, ko) => {
    expect(formatAge(seconds, 'en')).toBe(en)
    expect(formatAge(seconds, 'ko')).toBe(ko)
  })
  it('fine ages have one decimal below ten seconds', () => {
    expect(formatAge(0.4, 'en', true)).toBe('0.4 s')
    expect(formatAge(9.96, 'en', true)).toBe('9 s')
    expect(formatAge(0, 'en', true)).toBe('0 s')
  })
  it.each([
    [86_400, '1 day', '1일'],
    [5400, '1 hour, 30 minutes', '1시간 30분'],
    [90_061, '1 day, 1 hour', '1일 1시간'],
    [86_460, '1 day', '1일'],
    [600, '10 minutes', '10분'],
    [1.9, '1 second', '1초'],
    [0.5, '500 milliseconds', '500밀리초'],
    [0, '0 seconds', '0초'],
    [Number.NaN, '0 seconds', '0초'],
  ])('lengths of time in sentences: %d s', (seconds, en, ko) => {
    expect(formatLength(seconds, 'en')).toBe(en)
    expect(formatLength(seconds, 'ko')).toBe(ko)
  })
  it('counts from an ISO time', () => expect(secondsSince('2026-11-19T18:00:00Z', Date.UTC(2026, 10, 19, 18, 1))).toBe(60))
})

describe('times', () => {
  const at = '2026-11-19T18:21:47.412093Z'
  it('shows UTC whatever the machine says', () => {
    expect(formatDateTime(at)).toBe('2026-11-19 18:21:47')
    expect(formatPrecise(at)).toBe('18:21:47.412093')
    expect(formatExact(at)).toBe('2026-11-19 18:21:47.412093 UTC')
  })
  it('knows zones', () => {
    expect(clockOf(at, 'Asia/Seoul')).toEqual({ date: '2026-11-20', time: '03:21:47' })
    expect(zoneName('Asia/Seoul', Date.parse(at))).toBe('KST')
    expect(zoneName('UTC', Date.parse(at))).toBe('UTC')
    expect(formatDateTime(at, 'No/Such_Zone')).toBe('2026-11-19 18:21:47')
  })
  it('adds the date when it is not today, and the year when it is not this one', () => {
    const now = Date.UTC(2026, 10, 19, 20)
    expect(formatMoment(at, now)).toBe('18:21:47')
    expect(formatMoment('2026-11-18T01:02:03Z', now)).toBe('11-18 01:02:03')
    expect(formatMoment('2025-11-18T01:02:03Z', now)).toBe('2025-11-18 01:02:03')
  })
  it('has an answer for what is no time', () => {
    expect(formatDateTime('junk')).toBe('–')
    expect(formatPrecise('junk')).toBe('junk')
  })
})

describe('foreign text', () => {
  it('shows what hides', () => {
    expect(visibleText('a\u202egpj.exe')).toBe('a\\u202egpj.exe')
    expect(visibleText('\u001b[31mred')).toBe('\\x1b[31mred')
    expect(visibleText('a\r\n\tb')).toBe('a\\r\\n\\tb')
    expect(visibleText('pay\u200bpal')).toBe('pay\\u200bpal')
    expect(visibleText('\ud800')).toBe('\\ud800')
    expect(visibleText('\u{e0041}')).toBe('\\u{e0041}')
    expect(escapeCharacter('\u0000')).toBe('\\x00')
  })
  it('leaves words, emoji and markup alone (markup is text)', () => {
    const text = '<script>alert(1)</script> 웹셸 🦊 naïve'
    expect(visibleParts(text)).toEqual([{ text, escaped: false, start: 0 }])
  })
  it('never loses or reorders a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parts = visibleParts(text)
        let at = 0
        for (const [index, part] of parts.entries()) {
          expect(part.start).toBe(at)
          at = parts[index + 1]?.start ?? text.length
          if (!part.escaped) expect(part.text).toBe(text.slice(part.start, at))
          else expect(part.text).toMatch(/^\\(?:r|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})$/)
        }
        expect(at).toBe(text.length)
      }),
    )
  })
  it('joins spans', () => {
    expect(
      joinSpans(
        [
          { start: 5, end: 9 },
          { start: 0, end: 2 },
          { start: 8, end: 20 },
          { start: 3, end: 3 },
        ],
        12,
      ),
    ).toEqual([
      { start: 0, end: 2 },
      { start: 5, end: 12 },
    ])
  })
})

describe('what lasted less than a second', () => {
  it('is never said to have lasted nothing when it did not', () => {
    expect([0, 0.000004, 0.0049, 0.9].map(formatMillis)).toEqual(['0 ms', '0.004 ms', '4.9 ms', '900.0 ms'])
  })
})
