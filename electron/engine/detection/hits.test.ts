import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow, type RowValue } from '../event/row.ts'
import type { RuleMatcher, SigmaRule } from '../sigma/types.ts'
import { isInternal } from './asset.ts'
import { Detector } from './hits.ts'

const MINUTE = 60_000_000
const fields = new FieldRegistry()
function event(type: string, values: Record<string, RowValue>, time = 100 * MINUTE, format = 'eve'): EventRow {
  const row = new EventRow()
  row.type = type
  row.format = format
  row.time = time
  row.received = time
  for (const [name, value] of Object.entries(values)) row.set(fields.id(name), value)
  return row
}
const alert = (values: Record<string, RowValue> = {}, time?: number): EventRow =>
  event(
    'alert',
    {
      'src.ip': '203.0.113.9',
      'src.port': 4000,
      'dst.ip': '10.0.0.5',
      'dst.port': 443,
      'sig.gid': 1,
      'sig.id': 9000101,
      'sig.rev': 3,
      'sig.name': 'TEST upload',
      'sig.category': 'Web',
      'sig.priority': 1,
      'sig.attack': ['T1190'],
      ...values,
    },
    time,
  )
const raw = '{"event_type":"alert","alert":{"signature_id":9000101,"rev":3}}'

const rule = (id: string): SigmaRule => ({
  id,
  title: `Rule ${id}`,
  level: 'high',
  status: 'test',
  description: 'd',
  references: ['r'],
  falsePositives: ['f'],
  attack: ['T1059'],
  about: { author: null, date: null, modified: null, license: null, taxonomy: 'sigma', scope: [], related: [] },
  logsource: { product: 'windows', category: 'process_creation' },
  file: `/rules/${id}.yml`,
  folder: '/rules',
  text: `id: ${id}`,
  detection: null,
})
function matcher(matches: number[]): RuleMatcher & { explained: number } {
  return {
    size: matches.length,
    explained: 0,
    wants: () => true,
    match: () => matches,
    read: () => [],
    slow: [],
    costs: () => [],
    putAside: () => undefined,
    explain(index) {
      this.explained++
      return [{ part: `selection[${index}]`, line: 2, field: 'process.command', value: 'whoami', start: 0, end: 6 }]
    },
  }
}

describe('IDS alerts', () => {
  it('of one signature on one pair are one group, with what the record says', () => {
    const detector = new Detector(fields)
    for (const index of [0, 3, 9]) detector.event(alert({ 'src.port': 4000 + index }, (100 + index) * MINUTE), index, raw)
    const { hits, detections } = detector.take()
    expect(hits).toHaveLength(1)
    expect(hits[0]).toMatchObject({
      key: 'sig|1:9000101|203.0.113.9|10.0.0.5|',
      kind: 'sig',
      detection: '1:9000101',
      title: 'TEST upload',
      severity: 3,
      attack: ['T1190'],
      category: 'Web',
      source: { ip: '203.0.113.9', port: 4000 },
      destination: { ip: '10.0.0.5', port: 443 },
      asset: '10.0.0.5',
      first: 100 * MINUTE,
      last: 109 * MINUTE,
      marks: [{ part: 'signature', field: 'sig.name', start: 0, end: 11 }],
    })
    expect([...hits[0]!.rows]).toEqual([0, 3, 9])
    expect(JSON.parse(hits[0]!.text!.text)).toEqual({ signature_id: 9000101, rev: 3 })
    expect(detections.map(({ minute, count }) => [minute, count])).toEqual([
      [100, 1],
      [103, 1],
      [109, 1],
    ])
    expect(detector.take()).toEqual({ hits: [], detections: [], steps: [] })
  })
  it.each([
    [1, 3],
    [2, 2],
    [3, 1],
    [4, 0],
    [255, 0],
  ])('of priority %i have the severity %i', (priority, severity) => {
    const detector = new Detector(fields)
    detector.event(alert({ 'sig.priority': priority }), 0, raw)
    expect(detector.take().hits[0]!.severity).toBe(severity)
  })
  it('are critical where the metadata says so at priority 1', () => {
    const detector = new Detector(fields)
    detector.event(alert({ 'alert.metadata.signature_severity': ['Critical'] }), 0, raw)
    expect(detector.take().hits[0]!.severity).toBe(4)
  })
  it('send their text once, and again for another revision', () => {
    const detector = new Detector(fields)
    const texts = [alert(), alert({ 'src.ip': '203.0.113.10' }), alert({ 'src.ip': '203.0.113.11', 'sig.rev': 4 })].map(
      (row, index) => {
        detector.event(row, index, raw)
        return detector.take().hits[0]!.text?.revision ?? null
      },
    )
    expect(texts).toEqual(['3', null, '4'])
  })
  it('without any field are still an alert', () => {
    const detector = new Detector(fields)
    detector.event(event('alert', {}), 0, 'no JSON')
    expect(detector.take().hits[0]).toMatchObject({ detection: '1:0', title: 'signature 1:0', asset: '' })
  })
  it('keep groups apart whatever stands in their parts', () => {
    const detector = new Detector(fields)
    detector.event(alert({ 'src.ip': 'a|b', 'dst.ip': 'c' }), 0, raw)
    detector.event(alert({ 'src.ip': 'a', 'dst.ip': 'b|c' }), 1, raw)
    expect(detector.take().hits).toHaveLength(2)
  })
})

describe('matches of rules', () => {
  const host = (values: Record<string, RowValue> = {}): EventRow =>
    event('1', { 'host.name': 'WS5', 'user.name': 'kim', 'win.channel': 'Sysmon', ...values }, 100 * MINUTE, 'windows-json')
  it('on a host group by host and user, each rule for itself', () => {
    const detector = new Detector(fields)
    detector.setRules([rule('a'), rule('b')], matcher([0, 1]))
    detector.event(host(), 0, '')
    detector.event(host(), 1, '')
    detector.event(host({ 'user.name': 'lee' }), 2, '')
    const { hits, detections } = detector.take()
    expect(hits.map(({ key, rows }) => [key, [...rows]])).toEqual([
      ['rule|a||WS5|kim', [0, 1]],
      ['rule|b||WS5|kim', [0, 1]],
      ['rule|a||WS5|lee', [2]],
      ['rule|b||WS5|lee', [2]],
    ])
    expect(hits[0]).toMatchObject({
      asset: 'WS5',
      user: 'kim',
      severity: 3,
      attack: ['T1059'],
      category: 'process_creation',
      text: { text: 'id: a', file: '/rules/a.yml' },
      marks: [{ part: 'selection[0]' }],
    })
    expect(hits[2]!.text).toBeNull()
    expect(detections.reduce((sum, { count }) => sum + count, 0)).toBe(6)
  })
  it('repeated 100,000 times are explained once a minute', () => {
    const detector = new Detector(fields)
    const one = matcher([0])
    detector.setRules([rule('a')], one)
    for (let i = 0; i < 100_000; i++) {
      detector.event(host(), i % 8192, '')
      if (i % 8192 === 8191) detector.take()
    }
    expect(one.explained).toBe(1)
    detector.take()
    const late = host()
    late.received += MINUTE
    detector.event(late, 0, '')
    expect(one.explained).toBe(2)
  })
  it('are explained again where they are so far apart that they may be another alert, or somebody may have decided meanwhile', () => {
    const one = matcher([0])
    const detector = new Detector(fields)
    detector.setRules([rule('a')], one)
    const marksAt = (time: number, received: number): number => {
      const row = event('process', { 'host.name': 'ws-1' }, time, 'windows')
      row.received = received
      detector.event(row, 0, '{}')
      return detector.take().hits[0]!.marks.length
    }
    expect([marksAt(100 * MINUTE, 1), marksAt(101 * MINUTE, 2), marksAt(200 * MINUTE, 3), marksAt(100 * MINUTE, 4)]).toEqual([
      1, 0, 1, 1,
    ])
    // In one batch too; and times that jump to and fro are bounded.
    for (const [index, time] of [300, 301, 400, 401].entries())
      detector.event(event('process', { 'host.name': 'ws-2' }, time * MINUTE, 'windows'), index, '{}')
    expect(detector.take().hits.map(({ rows, marks }) => [[...rows], marks.length])).toEqual([
      [[0, 1], 1],
      [[2, 3], 1],
    ])
    for (let i = 0; i < 1000; i++)
      detector.event(event('process', { 'host.name': 'ws-3' }, (i % 2) * 1000 * MINUTE, 'windows'), i, '{}')
    const jumping = detector.take().hits
    expect([jumping.length, jumping.reduce((sum, { rows }) => sum + rows.length, 0)]).toEqual([65, 1000])
    expect([marksAt(100 * MINUTE, 4_000_000), marksAt(100 * MINUTE, 6_000_000)]).toEqual([0, 1])
  })
})

describe('the asset', () => {
  const assetOf = (values: Record<string, RowValue>): string => {
    const detector = new Detector(fields)
    detector.setRules([rule('a')], matcher([0]))
    detector.event(event('x', values, MINUTE, 'text'), 0, '')
    return detector.take().hits[0]!.asset
  }
  it.each([
    [{ 'src.ip': '203.0.113.1', 'dst.ip': '10.1.1.1' }, '10.1.1.1'],
    [{ 'src.ip': '10.1.1.2', 'dst.ip': '203.0.113.1' }, '10.1.1.2'],
    [{ 'src.ip': '10.1.1.2', 'dst.ip': '192.168.0.9', 'dst.host': 'files' }, 'files'],
    [{ 'src.ip': '203.0.113.1', 'dst.ip': '198.51.100.2' }, '198.51.100.2'],
    [{ 'src.ip': '203.0.113.1', 'host.name': 'vpn' }, 'vpn'],
    [{ 'src.ip': '10.0.0.1', 'dst.ip': '8.8.8.8', 'host.name': 'WS5', 'win.channel': 'Sysmon' }, 'WS5'],
    [{ 'src.ip': '10.0.0.1', 'dst.ip': '8.8.8.8', 'host.name': 'sensor' }, '10.0.0.1'],
    [{ 'src.ip': '10.0.0.1' }, '10.0.0.1'],
  ] as const)('of %o is %s', (values, asset) => expect(assetOf(values)).toBe(asset))
  it.each([
    ['10.0.0.1', true],
    ['172.15.0.1', false],
    ['172.31.255.1', true],
    ['192.168.1.1', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['2001:db8::1', false],
    ['::1', true],
    ['8.8.8.8', false],
    ['nonsense', false],
  ])('%s is internal: %s', (ip, internal) => expect(isInternal(ip)).toBe(internal))
})
