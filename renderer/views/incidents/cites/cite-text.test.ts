import { describe, expect, it } from 'vitest'
import { citeLabel, citeOf, eventIdsOf } from './cite-text.ts'

describe('cites', () => {
  it.each([
    ['A-48213', { kind: 'cite', cite: { kind: 'alert', alert: '48213' } }],
    ['ev-03', { kind: 'evidence', id: 'EV-03' }],
    ['E 9 121 030', { kind: 'cite', cite: { kind: 'event', event: '9121030' } }],
    ['1404927549440120', { kind: 'cite', cite: { kind: 'event', event: '1404927549440120' } }],
    [
      '/caps/a.pcapng#1402 +0xd6:8',
      { kind: 'cite', cite: { kind: 'packet', capture: '/caps/a.pcapng', packet: 1402, offset: 214, length: 8 } },
    ],
    ['/caps/a.pcapng#7', { kind: 'cite', cite: { kind: 'packet', capture: '/caps/a.pcapng', packet: 7, offset: 0, length: 0 } }],
    ['because', null],
    ['x#0', null],
    ['', null],
  ])('reads %s', (text, found) => expect(citeOf(text)).toEqual(found))
  it('are read as they are shown', () => {
    for (const cite of [
      { kind: 'event', event: '9121030' },
      { kind: 'alert', alert: '48213' },
    ] as const)
      expect(citeOf(citeLabel(cite))).toEqual({ kind: 'cite', cite })
  })
  it('finds events in what is pasted, each once', () => {
    expect(eventIdsOf('E 9 121 030\n9121044, 9121030\nnothing; A-1')).toEqual(['9121030', '9121044'])
  })
})
