import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REPORT_LANGUAGES, ReportDocument, type Block } from '../../../shared/model/report.ts'
import { buildReport } from './build-report.ts'
import { GLOSSARY } from './glossary-words.ts'
import { largeIncident, madeIncident } from './made-incident.ts'
import { redact } from './redaction/redact.ts'
import { documentHash } from './signature.ts'
import { en, type WordKey } from './words.en.ts'
import { ko } from './words.ko.ts'
import { dateTime, duration, figure, wordsOf } from './words.ts'

const options = { language: 'en', at: '2026-11-20T08:00:00.000Z', by: 'M. Seo' } as const
const blocksOf = (document: ReportDocument): Block[] => document.sections.flatMap(({ blocks }) => blocks)

describe('the words', () => {
  const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()
  it('are there in both languages, with the same values to be filled in', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort())
    for (const key of Object.keys(en) as WordKey[]) expect(holes(ko[key]), key).toEqual(holes(en[key]))
    for (const { term, meaning, found } of GLOSSARY)
      for (const language of REPORT_LANGUAGES) {
        expect(term[language]).not.toBe('')
        expect(meaning[language]).not.toBe('')
        expect(found[language].length).toBeGreaterThan(0)
      }
  })
  it('say how long it took, and figures with their thousands', () => {
    const words = wordsOf('en')
    const from = '2026-11-19T18:15:26Z'
    expect(duration(from, '2026-11-19T18:15:31.9Z', words)).toBe('5 s')
    expect(duration(from, '2026-11-19T18:21:49.113Z', words)).toBe('6 m 23')
    expect(duration(from, '2026-11-19T19:27:26Z', words)).toBe('1 h 12')
    expect(duration(from, '2026-11-21T22:15:26Z', wordsOf('ko'))).toBe('2일 04시간')
    expect(duration(from, '2026-11-19T18:15:25Z', words)).toBeNull()
    expect(figure(1_234_567)).toBe('1\u202f234\u202f567')
    expect(dateTime('2026-11-19T18:21:47.412093Z')).toBe('2026-11-19 18:21:47')
    // A value is no place to be filled in.
    expect(words('evidence.by', { name: '{name} {constructor}' })).toBe('by {name} {constructor}')
  })
})

describe('a report', () => {
  it.each(REPORT_LANGUAGES)('has its parts in order (%s)', (language) => {
    const document = buildReport(madeIncident(), { ...options, language })
    expect(document.sections.map(({ anchor }) => anchor)).toEqual([
      'summary',
      'timeline',
      'route',
      'weakness',
      'actions',
      'evidence',
      'notes',
      'alerts',
      'entities',
      'cites',
      'glossary',
    ])
    expect(document.audience).toBe('internal')
    // One entry and one item are marked more strictly than the incident.
    expect(document.tlp).toBe('RED')
  })

  it('counts what its figures lead to', () => {
    const blocks = blocksOf(buildReport(madeIncident(), options))
    const figures = blocks.flatMap((block) => (block.kind === 'figures' ? block.figures : []))
    expect(figures.map(({ label, value }) => [label, value])).toEqual([
      ['alerts', 4],
      ['succeeded', 2],
      ['failed', 1],
      ['impact not verified', 1],
      ['timeline entries', 8],
      ['entities', 8],
      ['evidence items', 4],
      ['actions done', 2],
      ['actions open', 1],
      ['actions skipped', 1],
    ])
    expect(figures.every(({ counts }) => counts.length > 0)).toBe(true)
    // The document is refused where a figure is another than the number of rows.
    const document = buildReport(madeIncident(), options)
    const [summary] = document.sections
    const wrong = {
      ...document,
      sections: [
        {
          ...summary,
          blocks: summary?.blocks.map((block) =>
            block.kind === 'figures'
              ? { ...block, figures: block.figures.map((own) => ({ ...own, value: own.value + 1 })) }
              : block,
          ),
        },
        ...document.sections.slice(1),
      ],
    }
    expect(ReportDocument.safeParse(wrong).success).toBe(false)
  })

  it('is in order of time, whatever the decimals', () => {
    const [one] = madeIncident().entries
    const times = ['2026-11-19T18:21:47.4Z', '2026-11-19T18:21:47.412093Z', '2026-11-19T18:21:47Z', '2026-11-18T23:00:00.000Z']
    const document = buildReport(
      madeIncident({ entries: times.map((time, index) => ({ ...one, id: `e${index}`, time, alert: null })) }),
      options,
    )
    const timeline = blocksOf(document).find((block) => block.kind === 'timeline')
    expect(timeline?.kind === 'timeline' && timeline.entries.map(({ time }) => time)).toEqual([
      times[3],
      times[2],
      times[0],
      times[1],
    ])
  })

  it('leads each citation to what it cites', () => {
    const document = buildReport(madeIncident(), options)
    const cites = blocksOf(document).flatMap((block) =>
      block.kind === 'paragraph' ? block.runs.filter((run) => run.kind === 'cite') : [],
    )
    expect(cites.length).toBeGreaterThan(8)
    expect(cites.every((run) => run.kind === 'cite' && run.target !== null)).toBe(true)
    const cited = document.sections.find(({ anchor }) => anchor === 'cites')?.blocks[0]
    // The folder of a capture is the desk's business.
    expect(JSON.stringify(cited)).toContain('edge-1800.pcapng')
    expect(JSON.stringify(document)).not.toContain('/srv/captures')
  })

  it('explains the terms that occur, and no others', () => {
    const terms = (language: 'en' | 'ko'): string[] =>
      blocksOf(buildReport(madeIncident(), { ...options, language })).flatMap((block) =>
        block.kind === 'glossary' ? block.terms.map(({ term }) => term) : [],
      )
    expect(terms('en')).toEqual(expect.arrayContaining(['web shell', 'signature', 'TLP', 'true positive', 'CWE']))
    expect(terms('en')).not.toContain('benign true positive')
    expect(terms('en')).not.toContain('indicator')
    expect(terms('ko')).toEqual(expect.arrayContaining(['웹셸', '시그니처', '정탐', 'CWE']))
  })

  it('is the same for the same incident, and another for another', () => {
    const hash = documentHash(buildReport(madeIncident(), options))
    expect(documentHash(buildReport(madeIncident(), options))).toBe(hash)
    // As it comes back from a file.
    expect(documentHash(ReportDocument.parse(JSON.parse(JSON.stringify(buildReport(madeIncident(), options)))))).toBe(hash)
    expect(documentHash(buildReport(madeIncident({ title: 'Web shell on web-01' }), options))).not.toBe(hash)
  })

  it('says what is missing of an empty incident', () => {
    const parts = ['entries', 'alerts', 'entities', 'edges', 'sentences', 'actions', 'evidence', 'notes', 'attack']
    const document = buildReport(
      madeIncident({ summary: '', owner: null, customer: null, ...Object.fromEntries(parts.map((part) => [part, []])) }),
      options,
    )
    expect(document.sections.map(({ anchor }) => anchor)).toEqual([
      'summary',
      'timeline',
      'route',
      'weakness',
      'actions',
      'evidence',
      'glossary',
    ])
    expect(JSON.stringify(document)).toContain('No route has been established.')
  })

  it('draws no more than can be seen, and says how much is left', () => {
    const entities = Array.from({ length: 120 }, (_, n) => ({ ...madeIncident().entities[0], id: `n${n}`, value: `host-${n}` }))
    const edges = Array.from({ length: 119 }, (_, n) => ({
      ...madeIncident().edges[0],
      id: `e${n}`,
      from: `n${n}`,
      to: `n${n + 1}`,
      step: n + 1,
    }))
    const blocks = blocksOf(buildReport(madeIncident({ entities, edges }), options))
    const route = blocks.find((block) => block.kind === 'route')
    expect(route?.kind === 'route' && route.nodes.length).toBe(36)
    const steps = blocks.find((block) => block.kind === 'table' && block.anchor === 'route_steps')
    expect(steps?.kind === 'table' && steps.rows.length).toBe(119)
    expect(JSON.stringify(blocks)).toContain('84 more are in the table.')
  })
})

describe('the version for a customer', () => {
  it('has nothing that is internal or marked more strictly', () => {
    const told = redact(madeIncident(), { tlp: 'AMBER', mask: null })
    expect(told.ok && told.value.leftOut).toEqual({
      entries: 1,
      alerts: 0,
      entities: 0,
      route: 0,
      actions: 0,
      evidence: 1,
      notes: 0,
    })
    if (!told.ok) return
    const document = buildReport(told.value, options)
    expect(document.audience).toBe('customer')
    expect(document.tlp).toBe('AMBER')
    const whole = JSON.stringify(document)
    for (const hidden of ['Roster', 'roster', 'Partner', 'partner']) expect(whole).not.toContain(hidden)
    expect(whole).toContain('1 timeline entry is left out.')
    expect(whole).toContain('1 evidence item is left out.')
  })

  it('withholds what cites something that was left out', () => {
    const source = madeIncident()
    const told = redact(
      { ...source, alerts: source.alerts.map((alert) => (alert.id === '48213' ? { ...alert, tlp: 'RED' as const } : alert)) },
      { tlp: 'AMBER', mask: null },
    )
    if (!told.ok) throw new Error(told.error.message)
    const whole = JSON.stringify(buildReport(told.value, options))
    expect(whole).not.toContain('48213')
    // The entry that tells of it is left out with it.
    expect(whole).not.toContain('id ran through')
    expect(whole).toContain('"withheld"')
  })

  it('is refused where the whole incident is marked more strictly', () => {
    expect(redact(madeIncident(), { tlp: 'GREEN', mask: null })).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(redact(madeIncident(), { tlp: 'AMBER', mask: { own: ['192.0.2.0/33'], hosts: [] } })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', path: 'mask.own.0' },
    })
  })

  it('never shows more than the marking allows', () => {
    const markings = fc.constantFrom(null, 'CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED')
    fc.assert(
      fc.property(
        fc.array(markings, { minLength: 8, maxLength: 8 }),
        fc.constantFrom('AMBER', 'AMBER+STRICT', 'RED'),
        (own, tlp) => {
          const source = madeIncident()
          const entries = source.entries.map((entry, index) => ({
            ...entry,
            alert: null,
            internal: false,
            title: `marked-${index}-`,
            tlp: own[index] as (typeof entry)['tlp'],
          }))
          const told = redact({ ...source, entries }, { tlp: tlp as 'AMBER', mask: null })
          if (!told.ok) throw new Error(told.error.message)
          const whole = JSON.stringify(told.value.source)
          const order = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']
          let left = 0
          for (const [index, marking] of own.entries()) {
            const hidden = order.indexOf(marking ?? 'AMBER') > order.indexOf(tlp)
            if (hidden) left++
            expect(whole.includes(`marked-${index}-`)).toBe(!hidden)
          }
          expect(told.value.leftOut.entries).toBe(left)
        },
      ),
      { numRuns: 50 },
    )
  })
})

it('holds ten thousand entries', () => {
  const document = buildReport(largeIncident(10_000, 500), options)
  const timeline = blocksOf(document).find((block) => block.kind === 'timeline')
  expect(timeline?.kind === 'timeline' && timeline.entries.length).toBe(10_000)
})
