import { describe, expect, it } from 'vitest'
import { say } from '../../shared/model/sentence.ts'
import type { SourceStatus } from '../../shared/model/source.ts'
import { sourceBanners } from './source-banners.ts'

type Source = Pick<SourceStatus, 'id' | 'settings' | 'state' | 'problem'>
const source = (more: Partial<Source>, input: SourceStatus['settings']['input']): Source => ({
  id: 'one',
  settings: { name: 'Firewall', input, format: null, zone: 'UTC', paused: false },
  state: 'running',
  problem: null,
  ...more,
})
const udp = { kind: 'syslog-udp', address: '127.0.0.1', port: 514 } as const
const file = { kind: 'file', path: '/var/log/eve.json' } as const

describe('banners of sources', () => {
  it('name a port that cannot be listened on and a source that failed, and since when', () => {
    const banners = sourceBanners()
    const taken = source({ state: 'waiting', problem: say('port_taken') }, udp)
    expect(banners([taken], 1000)).toEqual([
      {
        id: 'source_failed:one',
        tone: 'fault',
        key: 'source_failed',
        values: { name: 'Firewall', problem: say('port_taken') },
        since: '1970-01-01T00:00:01.000Z',
      },
    ])
    expect(banners([taken], 9000)[0]?.since).toBe('1970-01-01T00:00:01.000Z')
    expect(banners([source({}, udp)], 10_000)).toEqual([])
    expect(banners([taken], 11_000)[0]?.since).toBe('1970-01-01T00:00:11.000Z')
    expect(banners([source({ state: 'failed', problem: say('no_permission') }, file)], 0)).toHaveLength(1)
  })
  it('say nothing of what loses nothing', () => {
    const banners = sourceBanners()
    const quiet = [
      source({ state: 'waiting', problem: say('missing') }, file),
      source({ state: 'waiting' }, udp),
      source({ state: 'paused', problem: say('missing') }, udp),
      source({ state: 'failed', problem: say('missing') }, { kind: 'import', paths: ['/x'] }),
      source({ problem: say('datagrams_lost', { count: 1 }) }, udp),
    ]
    for (const one of quiet) expect(banners([one], 0)).toEqual([])
  })
})
