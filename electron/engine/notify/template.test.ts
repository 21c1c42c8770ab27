import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closedOccasion, EVERY_OCCASION, opened, progressed } from '../../../test/fixtures/notify/occasions.ts'
import { TEMPLATES, valueOf } from '../../../test/fixtures/notify/desk.ts'
import { CHANGED_FIELDS, NOTIFY_KINDS, NOTIFY_LANGUAGES, type Occasion } from '../../../shared/model/notification.ts'
import { SEVERITIES } from '../../../shared/model/severity.ts'
import { renderDigest, renderOccasion } from './occasion-values.ts'
import { escapeHtml, plainLine } from './plain-text.ts'
import { fill, holesOf, parseTemplate, type Piece } from './template.ts'
import { PARTS, Templates } from './templates.ts'

const same = (text: string): string => text
const made = (template: string, values: Parameters<typeof fill>[1]): string =>
  valueOfTemplate(fill(valueOfTemplate(parseTemplate(template)), values, same))
function valueOfTemplate<T>(result: { ok: true; value: T } | { ok: false; error: { line: number; why: string } }): T {
  if (!result.ok) throw new Error(`${result.error.line}: ${result.error.why}`)
  return result.value
}
const templates = valueOf(await Templates.load(TEMPLATES))
const textOf = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'value' ? `{{${piece.name}}}` : textOf(piece.inner)))
    .join('')

describe('a template', () => {
  it('has values, conditions and lists, and leaves out lines that only hold the sign of a section', () => {
    const text = 'To {{name}}\n{{#note}}\nNote: {{note}}\n{{/note}}\n{{#items}}\n- {{what}} for {{name}}\n{{/items}}\nEnd\n'
    expect(made(text, { name: 'Kim', note: '', items: [{ what: 'a' }, { what: 'b', name: 'Lee' }] })).toBe(
      'To Kim\n- a for Kim\n- b for Lee\nEnd\n',
    )
    expect(made(text, { name: 'Kim', note: 'x', items: [] })).toBe('To Kim\nNote: x\nEnd\n')
  })
  it('that is wrong says where', () => {
    const fault = (text: string) => parseTemplate(text)
    expect(fault('a\n{{#x}}b')).toMatchObject({ ok: false, error: { line: 2 } })
    expect(fault('a\n\n{{/x}}')).toMatchObject({ ok: false, error: { line: 3 } })
    expect(fault('{{x y}}')).toMatchObject({ ok: false, error: { line: 1 } })
    expect(fault('a {{x}} }} b').ok).toBe(false)
    expect(fault('{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}').ok).toBe(false)
    expect(fill(valueOfTemplate(parseTemplate('{{x}}')), {}, same).ok).toBe(false)
    // Names of every object are no values.
    expect(fill(valueOfTemplate(parseTemplate('{{constructor}}')), {}, same).ok).toBe(false)
  })
  it('never grows without bound', () => {
    const nested = '{{#a}}{{#a}}{{#a}}{{#a}}xxxxxxxxxx{{/a}}{{/a}}{{/a}}{{/a}}'
    const many = Array.from({ length: 100 }, () => ({}))
    expect(fill(valueOfTemplate(parseTemplate(nested)), { a: many }, same).ok).toBe(false)
  })
  it('puts values in as they are, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(made('<{{v}}>', { v: value })).toBe(`<${value}>`)
      }),
    )
  })
})

describe('foreign text', () => {
  it('is one line without hidden characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
    )
    expect(plainLine('a\r\nBcc: x@y\u202Eb')).toBe('a\\r\\nBcc: x@y\\u202eb')
    expect(plainLine('x'.repeat(5000), 10)).toBe(`${'x'.repeat(10)}…`)
  })
  it('is no markup in HTML', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/)
      }),
    )
  })
})

describe('the templates that ship', () => {
  it.each(NOTIFY_KINDS)('%s is there in every language with the same values', (kind) => {
    const [first, ...others] = NOTIFY_LANGUAGES.map((language) =>
      PARTS.map((part) => [part, [...holesOf(templates.template(kind, language)[part])].sort()]),
    )
    for (const other of others) expect(other).toEqual(first)
  })
  it.each(NOTIFY_KINDS.flatMap((kind) => NOTIFY_LANGUAGES.map((language) => [kind, language] as const)))(
    '%s.%s says the same in HTML and text, and has no value inside of a tag',
    (kind, language) => {
      const template = templates.template(kind, language)
      expect([...holesOf(template.text)].sort()).toEqual([...holesOf(template.html)].sort())
      for (const tag of textOf(template.html).match(/<[^>]*>/g) ?? []) expect(tag).not.toContain('{{')
      // Nothing that a mail would fetch or run.
      expect(textOf(template.html)).not.toMatch(/<(?:script|img|link|iframe|a|form|object)\b|url\(|https?:/i)
    },
  )
  it('know every severity and everything that can change', () => {
    for (const language of NOTIFY_LANGUAGES) {
      const words = templates.words(language)
      expect(Object.keys(words.severity).sort()).toEqual([...SEVERITIES].sort())
      expect(Object.keys(words.field).sort()).toEqual([...CHANGED_FIELDS].sort())
    }
    expect(Object.keys(templates.words('ko').status)).toEqual(Object.keys(templates.words('en').status))
  })
  it.each(NOTIFY_LANGUAGES)('tell of every occasion in %s', (language) => {
    for (const occasion of EVERY_OCCASION) {
      const { subject, short, text, html } = valueOf(renderOccasion(templates, language, occasion, 'desk-1'))
      for (const part of [subject, short, text, html]) expect(part).not.toMatch(/\{\{|undefined|null/)
      expect(text).toContain('desk-1')
    }
  })
  it('put states and severities into words, and say what changed', () => {
    const english = valueOf(renderOccasion(templates, 'en', progressed(), 'd'))
    expect(english.subject).toBe('[TLP:AMBER] INC-2026-0117 progress (contained): Web shell on web-01')
    expect(english.short).toBe('INC-2026-0117 progress, status, note: Web shell on web-01')
    expect(english.text).toContain('- status: acknowledged → contained\n- note: The account was locked.\n')
    const korean = valueOf(renderOccasion(templates, 'ko', progressed(), 'd'))
    expect(korean.text).toContain('- 상태: 확인됨 → 봉쇄 완료\n- 메모: The account was locked.\n')
    expect(valueOf(renderOccasion(templates, 'ko', opened(), 'd')).text).toContain('등급: 심각')
  })
  it('make a digest of what they say shortly, and count what is left', () => {
    const many = Array.from({ length: 130 }, () => closedOccasion())
    const { subject, text } = valueOf(renderDigest(templates, 'en', many, 7, 'd'))
    expect(subject).toMatch(/^137 told together/)
    expect(text.match(/^2026-11-28 19:04:12 UTC {2}INC-2026-0117 closed/gm)).toHaveLength(100)
    expect(text).toContain('And 37 more')
  })
  it('let no value act as markup or break a line', () => {
    const evil = '<img src=x onerror=alert(1)>\r\nBcc: all@acme.example\u202E"\'`{{title}}</title>'
    const occasions: Occasion[] = [
      opened({ title: evil, owner: evil, customer: evil, status: evil.slice(0, 60), summary: [evil] }),
      { ...progressed({ title: evil }), changes: [{ field: 'other', from: evil, to: evil }] } as Occasion,
    ]
    for (const language of NOTIFY_LANGUAGES)
      for (const occasion of occasions) {
        const { subject, short, text, html } = valueOf(renderOccasion(templates, language, occasion, evil))
        expect(html).not.toContain('<img')
        expect(html.match(/<\/title>/g)).toHaveLength(1)
        for (const part of [subject, short]) expect(part).not.toMatch(/[\r\n\u202E]/)
        expect(text).not.toMatch(/^Bcc:/m)
        expect(text + html).not.toContain('\u202E')
      }
  })
})
