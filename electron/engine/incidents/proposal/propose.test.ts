import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../shared/model/alert.ts'
import { Edge, Entity, RouteSentence } from '../../../../shared/model/incident.ts'
import type { Material, MaterialAlert } from './material.ts'
import { propose } from './propose.ts'
import { routeSteps } from './registry.ts'

const end = (text: string | null): Alert['source'] =>
  text === null ? { ip: null, port: null, name: null } : /^\d/.test(text) ? { ip: text, port: 1, name: null } : { ip: null, port: null, name: text } // prettier-ignore
type Result = NonNullable<MaterialAlert['verification']>['result']
export const alertOf = (
  id: number, minute: number, attack: readonly string[], source: string | null, destination: string | null, result: Result, test: string, more: Partial<MaterialAlert> = {},
): MaterialAlert => ({
  id: String(id), kind: 'sig', title: `Alert ${id}`, attack: [...attack], source: end(source), destination: end(destination), asset: destination ?? source ?? '', user: null,
  first: `2026-11-19T18:${String(minute).padStart(2, '0')}:00.000000Z`, last: `2026-11-19T18:${String(minute).padStart(2, '0')}:05.000000Z`, login: null,
  verification: { result, confidence: 0.9, findings: [{ test, result, confidence: 0.9, reason: { en: `Why ${id}`, ko: `근거 ${id}` }, cites: [{ kind: 'event', event: String(1000 + id) }] }] },
  ...more,
}) // prettier-ignore
const OUT = '198.51.100.47'
const [WEB, FILE, DC] = ['10.0.1.1', '10.0.2.2', '10.0.2.3']
const alerts: readonly MaterialAlert[] = [
  alertOf(1, 1, ['TA0043', 'T1595'], OUT, WEB, 'attempted', 'scan-answers'),
  alertOf(2, 2, ['T1190'], OUT, WEB, 'failed', 'not-found-or-refused'),
  alertOf(3, 3, ['T1190'], OUT, WEB, 'succeeded', 'sql-rows-returned'),
  alertOf(4, 4, ['T1505.003'], OUT, WEB, 'succeeded', 'command-output-shown'),
  alertOf(5, 6, ['TA0008', 'T1021.002'], WEB, FILE, 'succeeded', 'smb-access-granted'),
  alertOf(6, 7, ['T1003.001'], null, 'file-01.corp.example.com', 'likely', 'ran-on-host'),
  alertOf(7, 8, ['TA0011'], FILE, '192.0.2.1', 'succeeded', 'beacon-is-answered', { asset: FILE }),
  alertOf(8, 9, ['TA0008', 'T1021'], FILE, 'dc-01', 'attempted', 'x', {
    login: { event: '77', user: 'adm.lee', accepted: true },
  }),
  alertOf(9, 10, ['TA0010'], FILE, '192.0.2.2', 'succeeded', 'data-left', { asset: FILE }),
  alertOf(10, 5, ['T1053.005'], null, 'ws-1', 'likely', 'ran-on-host'),
]
const hosts: Material['hosts'] = [
  { asset: 'a1', name: 'web-01', names: [], addresses: [WEB], zone: 'DMZ', weaknesses: [{ cve: 'CVE-2026-0001', score: 9.8, exploited: true, epss: 0.9, remedy: '' }] },
  { asset: 'a2', name: 'file-01', names: ['file-01.corp.example.com'], addresses: [FILE], zone: 'Servers', weaknesses: [] },
  { asset: 'a3', name: 'dc-01', names: [], addresses: [DC], zone: 'Servers', weaknesses: [] },
] // prettier-ignore
const material: Material = { alerts, hosts, ours: [WEB, FILE, DC] }

describe('kinds of steps', () => {
  it.each(routeSteps.flatMap((step) => step.examples.map((example) => [step.id, example, step] as const)))(
    '%s knows %j',
    (_, { attack, outside, fits }, step) => expect(step.fits({ attack: [...attack] }, { outside })).toBe(fits),
  )
  it('say whole sentences in both languages, without a particle that depends on a value', () => {
    for (const step of routeSteps) {
      const words = { from: 'A', to: 'B', user: 'u', title: 'T' }
      const tests = { has: () => true } as unknown as ReadonlySet<string>
      const weak = step.weakness?.(words, tests) ?? []
      for (const { en, ko } of [
        step.worked(words, tests),
        step.worked(words, new Set()),
        step.tried(words),
        ...weak.flatMap((one) => [one.weakness, one.advice]),
      ]) {
        expect(en).toMatch(/^[A-Z]/)
        expect(ko).toMatch(/[가-힣]/)
        expect(ko).not.toMatch(/[을를이가은는]\([을를이가은는]\)/)
      }
    }
  })
})

describe('a proposal', () => {
  it('names the hosts in the order in which they were reached, with what only was tried beside them', () => {
    const { entities, edges, sentences } = propose(material)
    const label = (id: string): string => {
      const found = entities.find((one) => one.id === id)
      return found?.label || found?.value || ''
    }
    const way = edges
      .filter(({ step }) => step !== null)
      .map(({ from, to, state, step }) => [step, label(from), label(to), state])
    expect(way).toEqual([
      [1, OUT, 'web-01', 'worked'],
      [2, OUT, 'web-01', 'worked'],
      [3, 'web-01', 'file-01', 'worked'],
      [4, 'file-01', 'file-01', 'worked'],
      [5, 'file-01', '192.0.2.1', 'worked'],
      [6, 'file-01', 'dc-01', 'worked'],
      [7, 'file-01', '192.0.2.2', 'worked'],
    ])
    expect(edges.filter(({ step }) => step === null).map(({ state }) => state)).toEqual(['tried', 'tried', 'seen'])
    expect(sentences.filter(({ section }) => section === 'reached').map(({ text }) => text.en.split(' ')[0])).toEqual(['web-01', 'file-01', 'dc-01']) // prettier-ignore
    expect(sentences.find(({ text }) => text.en.includes('adm.lee'))?.cites).toContainEqual({ kind: 'event', event: '77' })
    expect(sentences.some(({ text }) => text.en.includes('CVE-2026-0001'))).toBe(true)
  })
  it('says of a host that only gave data away no more than that, and of a web shell what was seen of it', () => {
    const said = (...ids: readonly number[]): string[] =>
      propose({ ...material, alerts: ids.map((id) => alerts[id - 1]!) }).sentences.flatMap(({ section, text }) =>
        section === 'reached' || text.en.includes('web shell') || text.en.includes('script was uploaded') ? [text.en] : [],
      )
    expect(said(3)).toEqual([
      'web-01 (10.0.1.1) gave data to the attacker at 2026-11-19 18:03:00 UTC: exploit. That it was taken over is not shown.',
    ])
    expect(said(3, 4)).toEqual([
      '2026-11-19 18:04:00–18:04:05 UTC, 198.51.100.47 → web-01 (10.0.1.1): Commands ran through a web shell. Why 4.',
      'web-01 (10.0.1.1) was reached at 2026-11-19 18:04:00 UTC: web shell.',
    ])
    // What came from it afterwards shows it too.
    expect(said(3, 5)[0]).toMatch(/^web-01 .* was reached before 2026-11-19 18:06:00 UTC: lateral movement\.$/)
    const stored = alertOf(20, 5, ['T1505.003'], OUT, WEB, 'succeeded', 'upload-stored')
    expect(propose({ ...material, alerts: [stored] }).sentences[0]?.text.en).toContain(
      'A script was uploaded; that commands ran through it is not shown.',
    )
  })
  it('takes a scenario where nothing else tells of its step, and only where it is one step', () => {
    const web = alertOf(21, 4, ['TA0001', 'T1190', 'TA0003', 'T1505.003'], OUT, WEB, 'succeeded', 'command-output-shown', {
      kind: 'scn',
    })
    const whole = alertOf(22, 4, ['T1190', 'TA0010'], OUT, WEB, 'succeeded', 'command-output-shown', { kind: 'scn' })
    const cited = (list: readonly MaterialAlert[]): string[] =>
      propose({ ...material, alerts: list }).edges.flatMap(({ cites }) =>
        cites.flatMap((cite) => (cite.kind === 'alert' ? [cite.alert] : [])),
      )
    expect(cited([web])).toEqual(['21'])
    expect(cited([web, alerts[3]!])).toEqual(['4'])
    expect(cited([whole])).toEqual([])
  })
  it('begins nowhere inside that nobody reached', () => {
    expect(propose({ ...material, alerts: [alerts[4]!, alerts[9]!] }).edges.map(({ step }) => step)).toEqual([null, null])
    expect(propose({ ...material, alerts: [alerts[6]!] }).edges.map(({ step }) => step)).toEqual([1])
  })

  const some = fc.array(
    fc.record({
      minute: fc.nat(59),
      attack: fc.constantFrom(['T1190'], ['T1595'], ['T1505.003'], ['TA0008'], ['TA0011'], ['TA0010'], ['T1003'], ['T1110'], ['T1136'], ['T9999']),
      source: fc.constantFrom(OUT, WEB, FILE, 'dc-01', null),
      destination: fc.constantFrom(WEB, FILE, 'file-01', 'dc-01.corp', '192.0.2.1', null),
      result: fc.constantFrom<Result>('blocked', 'failed', 'attempted', 'likely', 'succeeded'),
      test: fc.constantFrom('data-left', 'beacon-is-answered', 'ran-on-host', 'sql-rows-returned'),
    }),
    { maxLength: 20 },
  ) // prettier-ignore
  const made = (list: readonly { minute: number; attack: readonly string[]; source: string | null; destination: string | null; result: Result; test: string }[]) =>
    list.map(({ minute, attack, source, destination, result, test }, i) => alertOf(i + 1, minute, attack, source, destination, result, test)) // prettier-ignore

  it('is the same whatever the order, and each sentence rests on something', () => {
    fc.assert(
      fc.property(some, fc.array(fc.nat()), (list, keys) => {
        const given = made(list)
        const mixed = given.map((alert, i) => ({ alert, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key).map(({ alert }) => alert) // prettier-ignore
        const proposal = propose({ ...material, alerts: given })
        expect(propose({ alerts: mixed, hosts: [...hosts].reverse(), ours: [...material.ours].reverse() })).toEqual(proposal)
        const written = { revision: 1, at: '2026-11-19T18:00:00.000Z', by: 'watchfloor' }
        const ids = [...proposal.entities, ...proposal.edges, ...proposal.sentences].map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        for (const sentence of proposal.sentences) {
          expect(sentence.cites.length).toBeGreaterThan(0)
          expect(RouteSentence.safeParse({ ...sentence, written }).success).toBe(true)
        }
        for (const entity of proposal.entities) expect(Entity.safeParse({ ...entity, written }).success).toBe(true)
        const proved = new Set(given.filter(({ verification }) => ['likely', 'succeeded'].includes(verification?.result ?? '')).map(({ id }) => id)) // prettier-ignore
        for (const edge of proposal.edges) {
          expect(Edge.safeParse({ ...edge, written }).success).toBe(true)
          if (edge.state === 'worked')
            expect(edge.cites.some((cite) => cite.kind === 'alert' && proved.has(cite.alert))).toBe(true)
        }
        const numbers = proposal.edges.flatMap(({ step }) => (step === null ? [] : [step]))
        expect(numbers).toEqual(numbers.map((_, i) => i + 1))
      }),
      { numRuns: 200 },
    )
  })
})
