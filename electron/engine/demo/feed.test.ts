import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { say } from '../../../shared/model/sentence.ts'
import { Banner } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { SourceSettings, SourceStatus } from '../../../shared/model/source.ts'
import { DemoService, demoSources, type FeederOptions } from './demo-service.ts'
import { feed } from './feed.ts'

let parent: string
let folder: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'feed-'))
  folder = join(parent, 'demo')
})
afterEach(() => rm(parent, { recursive: true, force: true }))

const START = Date.UTC(2026, 10, 20, 9, 0, 0) * 1000
interface Line {
  timestamp: string
  event_type: string
  alert?: { signature: string }
}
const eve = async (): Promise<Line[]> =>
  (await readFile(join(folder, 'eve.json'), 'utf8')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line) // prettier-ignore

/** Runs `feed` against a clock that its own waiting moves; gives the clock's time at the end. */
async function run(from: number, seconds: number, options: { speed: number; seed?: number }): Promise<number> {
  const abort = new AbortController()
  let now = from
  const end = from + seconds * 1e6
  await feed({
    folder,
    seed: options.seed ?? 1,
    speed: options.speed,
    history: 20,
    signal: abort.signal,
    clock: () => now,
    wait: async (milliseconds) => {
      now += milliseconds * 1000
      if (now >= end) abort.abort()
    },
  })
  return now
}

describe('the live demonstration', () => {
  it('has its history, the first tries of the intrusion, and nothing from the future', async () => {
    const now = await run(START, 20, { speed: 1 })
    const records = await eve()
    const times = records.map((record) => Date.parse(record.timestamp.replace('+0000', 'Z')) * 1000)
    expect(Math.min(...times)).toBeLessThan(START - 19 * 60e6)
    expect(Math.max(...times)).toBeLessThanOrEqual(now)
    expect(Math.max(...times)).toBeGreaterThan(START)
    expect(records.some((record) => record.alert?.signature.startsWith('Vertical port scan'))).toBe(true)
    for (const file of ['syslog.log', 'windows.jsonl', 'zeek/conn.log', 'zeek/dns.log'])
      expect((await readFile(join(folder, file), 'utf8')).length, file).toBeGreaterThan(1000)
    expect(
      (await readFile(join(folder, 'zeek/conn.log'), 'utf8')).split('\n').filter((line) => line.startsWith('#fields')).length,
    ).toBe(1)
  })

  it('tells the whole story in two and a half minutes at ten times the speed, then keeps to the clock', async () => {
    const now = await run(START, 200, { speed: 10 })
    const records = await eve()
    expect(records.some((record) => record.alert?.signature === 'Archive sent out by HTTP PUT')).toBe(true)
    const last = Date.parse(records.at(-1)!.timestamp.replace('+0000', 'Z')) * 1000
    expect(last).toBeLessThanOrEqual(now)
    expect(now - last).toBeLessThan(10e6)
  })

  it('goes on after a stop without telling anything twice', async () => {
    const stopped = await run(START, 15, { speed: 1 })
    const before = await eve()
    const now = await run(stopped + 30e6, 15, { speed: 1 })
    const after = await eve()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.length).toBeGreaterThan(before.length)
    const times = after.map((record) => record.timestamp)
    expect(times).toEqual([...times].sort())
    expect(Date.parse(times.at(-1)!.replace('+0000', 'Z')) * 1000).toBeLessThanOrEqual(now)
  })

  it('begins anew where another seed is asked for', async () => {
    await run(START, 2, { speed: 1 })
    const before = await readFile(join(folder, 'eve.json'), 'utf8')
    await run(START, 2, { speed: 1, seed: 2 })
    const after = await readFile(join(folder, 'eve.json'), 'utf8')
    expect(after.slice(0, 2000)).not.toBe(before.slice(0, 2000))
  })
})

describe('as sources of a desk', () => {
  const status = (settings: SourceSettings): SourceStatus => ({
    id: settings.name, settings, state: 'running', problem: null, notice: null, formats: [], rate: 0, rates: [], lag: 0, waiting: 0, lastRecord: null, records: 0, events: 0, rejected: 0, bytes: 0,
  }) // prettier-ignore
  function desk() {
    const added: SourceStatus[] = []
    const started: FeederOptions[] = []
    const failures: ((error: Error) => void)[] = []
    let stops = 0
    const service = new DemoService(
      folder,
      {
        list: () => added,
        add: async (settings) => {
          added.push(status(settings))
          return ok(added.at(-1)!)
        },
      },
      (options, failed) => {
        started.push(options)
        failures.push(failed)
        return { stop: async () => void stops++ }
      },
    )
    return { service, added, started, failures, stops: () => stops }
  }

  it('starts once, however often it is asked', async () => {
    const { service, added, started } = desk()
    await Promise.all([service.start({ seed: 1, speed: 10 }), service.start({ seed: 1, speed: 10 })])
    await service.start({ seed: 2, speed: 1 })
    expect(started).toEqual([{ folder, seed: 1, speed: 10 }])
    expect(added.map((source) => source.settings)).toEqual(demoSources(folder))
    expect(service.running).toBe(true)
    await service.stop()
  })

  it('ends when all of its sources are gone', async () => {
    const { service, added, stops } = desk()
    await service.start({ seed: 1, speed: 10 })
    added.splice(0, 3)
    await service.endUnread()
    expect(stops()).toBe(0)
    added.splice(0)
    await service.endUnread()
    expect(stops()).toBe(1)
    expect(service.running).toBe(false)
  })

  it('tells by a banner that it ended by itself, until it is begun again or read by nobody', async () => {
    const { service, added, failures } = desk()
    await service.start({ seed: 1, speed: 10 })
    expect(service.banners).toEqual([])
    failures[0]!(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
    failures[0]!(new Error('it ended with code 1'))
    expect(service.running).toBe(false)
    expect(service.banners).toMatchObject([{ key: 'demo_failed', tone: 'late', values: { problem: say('disk_full') } }])
    expect(Banner.safeParse(service.banners[0]).success).toBe(true)
    await service.start({ seed: 1, speed: 10 })
    expect(service.banners).toEqual([])
    // What the one before says now is of no interest.
    failures[0]!(new Error('late'))
    expect(service.banners).toEqual([])
    failures[1]!(new Error('again'))
    expect(service.banners).toHaveLength(1)
    added.splice(0)
    await service.endUnread()
    expect(service.banners).toEqual([])
  })

  it('resumes what was begun, and only that', async () => {
    const { service, added, started } = desk()
    expect(await service.resume()).toBe(false)
    await run(START, 1, { speed: 4, seed: 5 })
    expect(await service.resume()).toBe(false)
    added.push(status(demoSources(folder)[0]!))
    expect(await service.resume()).toBe(true)
    expect(started).toEqual([{ folder, seed: 5, speed: 4 }])
    expect(added.length).toBe(4)
    await service.stop()
  })
})
