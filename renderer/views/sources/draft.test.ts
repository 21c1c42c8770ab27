import { describe, expect, it } from 'vitest'
import { SourceSettings } from '../../../shared/model/source.ts'
import { joinPath } from '../../widgets/path-chooser/join-path.ts'
import { columnsOf, draftOf, emptyDraft, placeOf, settle } from './draft.ts'

const settled = (settings: unknown): SourceSettings => SourceSettings.parse(settings)

describe('a source being written', () => {
  it('is the same after it was settled and opened again', () => {
    const all: SourceSettings[] = [
      settled({ name: 'eve', input: { kind: 'file', path: '/var/log/eve.json' } }),
      settled({
        name: 'zeek',
        input: { kind: 'folder', path: '/var/log/zeek', pattern: '*.log' },
        format: 'zeek-tsv',
        zone: 'Asia/Seoul',
        paused: true,
      }),
      settled({ name: 'udp', input: { kind: 'syslog-udp', address: '::1', port: 5514 } }),
      settled({
        name: 'tls',
        input: { kind: 'syslog-tls', address: '127.0.0.1', port: 6514, cert: '/c.pem', key: '/k.pem', ca: '/ca.pem' },
      }),
      settled({
        name: 'table',
        input: { kind: 'file', path: '/x.tsv' },
        format: 'csv',
        csv: { delimiter: '\t', header: false, columns: { '1': 'src.ip', when: 'time' }, time: 'when', timeFormat: 'epoch' },
      }),
      settled({ name: 'old', input: { kind: 'import', paths: ['/a', '/b'] } }),
      settled({ name: 'pipe', input: { kind: 'stdin' } }),
    ]
    for (const settings of all) expect(settle(draftOf(settings))).toEqual({ ok: true, settings })
  })

  it('says which fields stand in the way', () => {
    const problems = (change: object): string[] => {
      const result = settle({ ...emptyDraft(), ...change })
      return result.ok ? [] : [...result.problems].sort()
    }
    expect(problems({})).toEqual(['path'])
    expect(problems({ kind: 'syslog-tls', port: '70000', address: ' ' })).toEqual(['address', 'cert', 'key', 'port'])
    expect(problems({ path: '/x', zone: 'Mars/Olympus' })).toEqual(['zone'])
    expect(problems({ path: '/x', format: 'csv', delimiter: ';;', columns: 'no mapping' })).toEqual(['columns', 'delimiter'])
    expect(problems({ path: '/x' })).toEqual([])
  })

  it('names itself after what it reads', () => {
    const name = (change: object): string => {
      const result = settle({ ...emptyDraft(), ...change })
      return result.ok ? result.settings.name : ''
    }
    expect(name({ path: '/var/log/suricata/eve.json' })).toBe('eve.json')
    expect(name({ kind: 'folder', path: 'C:\\logs\\zeek\\' })).toBe('zeek')
    expect(name({ kind: 'syslog-udp', port: '5514' })).toBe('syslog udp 5514')
    expect(name({ path: '/x', name: ' mine ' })).toBe('mine')
  })

  it('reads mappings without believing their names', () => {
    expect(columnsOf('a = src.ip\n\n b=dst.ip ')).toEqual({ a: 'src.ip', b: 'dst.ip' })
    expect(columnsOf('__proto__ = x')).toBeNull()
    expect(columnsOf('a')).toBeNull()
    expect(columnsOf('= b')).toBeNull()
  })

  it('writes places in their own notation', () => {
    expect(joinPath('/', 'var')).toBe('/var')
    expect(joinPath('C:\\logs', 'a.log')).toBe('C:\\logs\\a.log')
    expect(placeOf({ kind: 'syslog-tcp', address: '::1', port: 514 })).toBe('[::1]:514')
    expect(placeOf({ kind: 'folder', path: '/var/log', pattern: '*.log' })).toBe('/var/log/*.log')
    expect(placeOf({ kind: 'import', paths: ['/a', '/b', '/c'] })).toBe('/a +2')
  })
})
