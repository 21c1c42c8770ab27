import { describe, expect, it } from 'vitest'
import { makeCase } from '../made-case.ts'
import { fieldOctets } from '../octets.ts'
import { bytesOf, excerpt, formsOf, shownIn, unescaped } from './forms.ts'
import { ownAnswers, requestsOf } from './requests.ts'
import { computedIn, hiddenTexts } from './sql.ts'

describe('forms of text', () => {
  it('undoes percent escapes over and over', () => {
    expect(unescaped('%252e%252e%252fetc')).toBe('../etc')
    expect(unescaped('%u002f%zz%2')).toBe('/%zz%2')
  })
  it('reads entities, JSON and UTF-16, and says that places are of the decoded text', () => {
    const html = fieldOctets('1', 'f', 'a &lt;b&gt; &#39;c&#x27;')
    expect(formsOf(html).map(({ text }) => text)).toContain("a <b> 'c'")
    expect(formsOf(fieldOctets('1', 'f', '{"a":"x\\ny\\u0041"}')).map(({ text }) => text)).toContain('{"a":"x\nyA"}')
    const wide = fieldOctets('1', 'f', Buffer.from('uid=0(root) gid=0(root)', 'utf16le'))
    const shown = shownIn(wide, /uid=0\(root\)/)
    expect(shown).not.toBeNull()
    expect(shown && bytesOf(shown)).toMatchObject({ decoded: true, field: 'f' })
  })
  it('shows the bytes that decided as they are in the field', () => {
    const shown = shownIn(fieldOctets('7', 'f', 'xxxx SECRET yyyy'), /SECRET/)
    const bytes = shown && bytesOf(shown)
    expect(bytes).toMatchObject({ offset: 0, start: 5, end: 11, decoded: false, cite: { kind: 'event', event: '7' } })
  })
  it('cuts excerpts to one printable line', () => {
    expect(excerpt('a\r\nb\0c')).toBe('a b c')
    expect(excerpt('x'.repeat(200)).length).toBe(81)
  })
})

describe('requests', () => {
  it('knows the answer that another sensor tells of the same request', () => {
    const of = makeCase({
      title: 'x',
      exchanges: [
        { url: '/a?b=c', status: null },
        { url: '/a?b=c', status: 404, own: false },
        { url: '/other', status: 200, own: false },
      ],
    })
    expect(
      ownAnswers(of)
        ?.flat()
        .map(({ status }) => status),
    ).toEqual([404])
    expect(requestsOf(of).map(({ own }) => own)).toEqual([true, true, false])
  })
  it('knows none where one of its own was not answered', () => {
    expect(
      ownAnswers(
        makeCase({
          title: 'x',
          exchanges: [
            { url: '/a', status: 404 },
            { url: '/b', status: null },
          ],
        }),
      ),
    ).toBeNull()
    expect(ownAnswers(makeCase({ title: 'x' }))).toBeNull()
  })
})

describe('what injections hide', () => {
  it('finds texts in other forms, and results', () => {
    expect(hiddenTexts('CONCAT(0x7170786271,CHAR(65,66,67),CHR(113)||CHR(120)||CHR(122))')).toEqual(['qpxbq', 'ABC', 'qxz'])
    expect(hiddenTexts('0x7170786271 qpxbq')).toEqual([])
    expect(computedIn('8123*7717')).toEqual([{ asked: '8123*7717', result: '62685191' }])
    expect(computedIn('7*7')).toEqual([])
    expect(computedIn('md5(31337)')).toEqual([{ asked: 'md5(31337)', result: '6f3249aa304055d63828af3bfab778f6' }])
  })
})
