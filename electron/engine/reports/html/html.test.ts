import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildReport } from '../build-report.ts'
import { madeIncident } from '../made-incident.ts'
import { documentHash } from '../signature.ts'
import { toHtml } from './to-html.ts'

const documentOf = (language: 'en' | 'ko', changes = {}) =>
  buildReport(madeIncident(changes), { language, at: '2026-11-20T08:00:00.000Z', by: 'M. Seo' })
const htmlOf = (language: 'en' | 'ko', changes = {}): string => Buffer.from(toHtml(documentOf(language, changes))).toString()

describe('a report as HTML', () => {
  it('has a policy that names its one style sheet and lets nothing else in', () => {
    const page = htmlOf('en')
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`)
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<form| style=| on\w+=|https?:\/\/(?!198\.51)/)
  })

  it.each(['en', 'ko'] as const)('leads only to places in it (%s)', (language) => {
    const page = htmlOf(language)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const links = [...page.matchAll(/ href="([^"]*)"/g)].map(([, href]) => href ?? '')
    expect(links.length).toBeGreaterThan(40)
    for (const link of links) expect(link.startsWith('#') && ids.includes(link.slice(1)), link).toBe(true)
    expect(page).toContain(documentHash(documentOf(language)))
    expect(page).toContain(`<html lang="${language}">`)
  })

  it('shows markup, links and directions as text', () => {
    const hostile = `"><img src=x onerror=alert(1)><svg onload='x'> javascript:alert(1) \u202egnp.exe \u0000 </style>`
    const page = htmlOf('en', { title: hostile, customer: hostile, owner: hostile })
    expect(page).not.toMatch(/<img|<svg onload|onerror=alert\(1\)>(?!&)/)
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;')
    expect(page).toContain('\\u202egnp.exe \\x00 &lt;/style&gt;')
  })
})
