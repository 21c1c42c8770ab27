import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Edge, Entity } from '../../../../shared/model/incident.ts'
import { boxAround, overlap } from './boxes.ts'
import { DISC } from './edges.ts'
import { labelOf, MOST_DRAWN, pictureOf } from './layout.ts'

const written = { revision: 1, at: '2026-11-19T18:00:00.000Z', by: 'kim' }
const entity = (id: string, zone: string, role: Entity['role'] = 'seen'): Entity => ({
  id,
  kind: 'host',
  value: id,
  label: '',
  role,
  zone,
  asset: null,
  note: '',
  written,
})
const edge = (from: string, to: string, step: number | null, state: Edge['state'] = 'worked', label = ''): Edge => ({
  id: `${from}-${to}-${step}`,
  from,
  to,
  label,
  state,
  step,
  time: null,
  cites: [],
  written,
})
const measure = (text: string, mono: boolean): number => text.length * (mono ? 7.2 : 6.4)
const SIZE = { width: 560, height: 262 }

const ENTITIES = [
  entity('198.51.100.47', 'Internet', 'attacker'),
  entity('cdn-sync.example.net', 'Internet', 'staging'),
  entity('192.0.2.201', 'Internet', 'staging'),
  entity('web-01', 'DMZ', 'target'),
  entity('file-01', 'Servers', 'target'),
  entity('dc-01', 'Servers', 'target'),
  entity('db-01', 'Servers'),
  entity('ws-114', 'Office'),
]
const EDGES = [
  edge('198.51.100.47', 'web-01', 1, 'worked', 'SQL injection, web shell'),
  edge('web-01', 'file-01', 2, 'worked', 'svc_order'),
  edge('file-01', 'file-01', 3, 'worked', 'LSASS'),
  edge('file-01', 'dc-01', 4, 'worked', 'adm.lee'),
  edge('file-01', 'cdn-sync.example.net', 5, 'worked', 'TLS every 60 s'),
  edge('file-01', '192.0.2.201', 6, 'worked', 'PUT 214.6 MB'),
  edge('web-01', 'db-01', null, 'tried'),
  edge('file-01', 'ws-114', null, 'seen'),
]

describe('the picture of the route', () => {
  it('has the zones in the order of the route, with every step', () => {
    const picture = pictureOf(ENTITIES, EDGES, null, SIZE, measure)
    expect(picture.zones.map(({ name }) => name)).toEqual(['Internet', 'DMZ', 'Servers', 'Office'])
    expect(picture.nodes).toHaveLength(8)
    expect(picture.edges.filter(({ disc }) => disc !== null).map(({ edge }) => edge.step)).toEqual([1, 2, 3, 4, 5, 6])
    expect(picture.edges[0]?.words).not.toBeNull()
    expect(picture.nodes.find(({ entity }) => entity.id === 'ws-114')?.onRoute).toBe(false)
  })
  it('draws of many entities what the route touches, and what is next to the selected one', () => {
    const crowd = Array.from({ length: 500 }, (_, index) => entity(`ws-${index}`, index % 2 === 0 ? 'Office' : 'Lab'))
    const all = [...ENTITIES, ...crowd]
    const edges = [...EDGES, edge('ws-7', 'ws-9', null, 'seen'), edge('db-01', 'ws-7', null, 'seen')]
    const quiet = pictureOf(all, edges, null, SIZE, measure)
    expect(quiet.nodes.map(({ entity }) => entity.id)).not.toContain('ws-7')
    expect(quiet.zones.map(({ rest }) => rest)).toEqual([0, 0, 0, 250, 251])
    const chosen = pictureOf(all, edges, 'ws-7', SIZE, measure)
    expect(chosen.nodes.map(({ entity }) => entity.id)).toEqual(expect.arrayContaining(['ws-7', 'ws-9', 'db-01']))
    const scan = crowd.map((one) => edge('198.51.100.47', one.id, null, 'tried'))
    expect(pictureOf(all, [...EDGES, ...scan], null, SIZE, measure).nodes).toHaveLength(MOST_DRAWN)
  })
  it('says the ends of what is too long', () => {
    expect(labelOf(entity('a-very-long-host-name-with-many-parts.internal.example.net', ''))).toBe('a-very-l…l.example.net')
  })
  it('lets nothing lie over anything else', () => {
    const nodes = fc.uniqueArray(
      fc.record({ id: fc.integer({ min: 0, max: 99 }), zone: fc.constantFrom('Internet', 'DMZ', 'Servers', 'Office', '') }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 24 },
    )
    fc.assert(
      fc.property(nodes, fc.array(fc.tuple(fc.nat(23), fc.nat(23), fc.boolean()), { maxLength: 16 }), (found, pairs) => {
        const entities = found.map(({ id, zone }) => entity(`host-${'x'.repeat(id % 9)}${id}`, zone))
        const edges = pairs.map(([a, b, step], index) => ({
          ...edge(
            entities[a % entities.length]?.id ?? '',
            entities[b % entities.length]?.id ?? '',
            step ? index + 1 : null,
            'tried',
            `step ${index}`,
          ),
          id: `e${index}`,
        }))
        const picture = pictureOf(entities, edges, entities[0]?.id ?? null, SIZE, measure)
        const boxes = [
          ...picture.nodes.flatMap(({ parts }) => parts.map((part) => ({ ...part, top: part.top + 1, bottom: part.bottom - 2 }))),
          ...picture.edges.flatMap(({ disc }) => (disc ? [boxAround(disc.x, disc.y, DISC, DISC)] : [])),
          ...picture.edges.flatMap(({ words, edge }) => {
            if (!words) return []
            const width = measure(edge.label, false)
            const middle =
              words.anchor === 'middle' ? words.x : words.anchor === 'start' ? words.x + width / 2 : words.x - width / 2
            return [boxAround(middle, words.y - 4, width, 12)]
          }),
        ]
        boxes.forEach((box, index) => {
          for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false)
          expect(box.left).toBeGreaterThanOrEqual(-1)
          expect(box.right).toBeLessThanOrEqual(picture.width + 1)
          expect(box.top).toBeGreaterThanOrEqual(0)
          expect(box.bottom).toBeLessThanOrEqual(picture.height + 1)
        })
      }),
      { numRuns: 200 },
    )
  })
})
