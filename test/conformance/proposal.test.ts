/** The proposed route over the demonstration, through the whole engine: what happened is known (`manifest.json`). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WatchfloorContract } from '../../shared/contract.ts'
import type { Alert } from '../../shared/model/alert.ts'
import type { Cite } from '../../shared/model/impact.ts'
import type { Result } from '../../shared/model/result.ts'
import { PERMISSIONS, type ClientOf } from '../../shared/rpc/kinds.ts'
import { ATTACKER, BEACON, DROP } from '../../electron/engine/demo/intrusion.ts'
import { DEFAULT_START, writeDemo } from '../../electron/engine/demo/write-demo.ts'
import { createEngine } from '../../electron/engine/engine.ts'
import type { Engine } from '../../electron/engine/hosts/engine-interface.ts'
import { connectInMemory } from '../../electron/engine/hosts/in-memory.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-proposal-'))
let engine: Engine | null = null
let kim: ClientOf<WatchfloorContract>
let number: string
let alerts: readonly Alert[]
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const parts = async () => must(await kim.query('incidents.parts', { number }))
type Parts = Awaited<ReturnType<typeof parts>>

beforeAll(async () => {
  await writeDemo(join(folder, 'in'), { seed: 7, minutes: 12, start: DEFAULT_START })
  engine = must(await createEngine({ dataDir: join(folder, 'desk') }))
  kim = connectInMemory(engine, { caller: { id: 'kim', name: 'kim', permissions: new Set(PERMISSIONS) } })
  must(await kim.job('import.run', { paths: [join(folder, 'in')] }).done)
  // All alerts are there and verified once nothing is new for a while.
  for (let before = -1; ;) {
    const found = must(await kim.query('alerts.search', { states: ['open'], limit: 500 })).alerts
    const done = found.every(({ impact }) => impact !== null)
    if (done && found.length === before) break
    before = done ? found.length : -1
    await new Promise((resolve) => setTimeout(resolve, 1500))
  }
  const all = must(await kim.query('alerts.search', { states: ['open'], limit: 500 })).alerts
  const strangers = new Set([ATTACKER, BEACON.ip, DROP.ip])
  const ours = /^(file-01|dc-01|web-01)\b/
  alerts = all.filter(
    ({ source, destination, asset }) =>
      strangers.has(source.ip ?? '') || strangers.has(destination.ip ?? '') || source.ip === '10.20.10.21' || ours.test(asset),
  )
  number = must(await kim.command('incidents.create', { title: 'Demonstration', alerts: alerts.map(({ id }) => id) })).number
  must(await kim.command('incidents.propose', { number }))
}, 240_000)
afterAll(async () => {
  kim?.close()
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
})

const labelIn = ({ entities }: Parts, id: string): string => {
  const found = entities.find((one) => one.id === id)
  return found?.label || found?.value || ''
}

describe('the proposed route of the demonstration', () => {
  it('names all hosts in the order in which they were reached', async () => {
    const found = await parts()
    const route = found.edges.filter(({ step }) => step !== null).sort((a, b) => (a.step ?? 0) - (b.step ?? 0))
    if (process.env['SHOW'])
      for (const { section, step, text, cites } of found.sentences) process.stdout.write(`${section} ${step ?? '-'} ${text.en}\n      ${text.ko} [${cites.length}]\n`) // prettier-ignore
    if (process.env['SHOW'])
      for (const one of found.edges) process.stdout.write(`${one.step ?? '-'} ${one.state} ${labelIn(found, one.from)} -> ${labelIn(found, one.to)} ${one.label} ${one.time}\n`) // prettier-ignore
    const hops = route.map(({ from, to }) => [labelIn(found, from), labelIn(found, to)])
    const between = hops.filter(([from, to]) => from !== to).map((hop) => hop.join(' > '))
    expect([...new Set(between)]).toEqual([
      `${ATTACKER} > web-01`,
      'web-01 > file-01',
      `file-01 > ${BEACON.name}`,
      'file-01 > dc-01',
      `file-01 > ${DROP.ip}`,
    ])
    expect(route.every(({ state }) => state === 'worked')).toBe(true)
    expect(found.sentences.filter(({ section }) => section === 'reached').map(({ text }) => text.en.split(' ')[0])).toEqual([
      'web-01',
      'file-01',
      'dc-01',
    ])
    expect(found.sentences.filter(({ section }) => section === 'left')).toHaveLength(1)
    expect(found.sentences.find(({ section }) => section === 'left')?.text.en).toContain('arc-0417.zip')
    expect(new Set(found.sentences.filter(({ section }) => section === 'weakness').map(({ asset }) => asset))).toEqual(
      new Set(['web-01', 'file-01', 'dc-01']),
    )
  })

  it('says of the scan and of failed attempts that they were tried, and of what worked that it did', async () => {
    const { edges } = await parts()
    const of = (title: RegExp): string => alerts.find((alert) => title.test(alert.title))?.id ?? 'none'
    const states = (title: RegExp): string[] =>
      edges
        .filter(({ cites }) => cites.some((cite) => cite.kind === 'alert' && cite.alert === of(title)))
        .map(({ state, step }) => (step === null ? state : `${state} step`))
    expect(states(/^Vertical port scan/)).toEqual(['tried'])
    expect(states(/^Path traversal to/)).toEqual(['tried'])
    expect(states(/^SQL injection, time-based/)).toEqual(['tried'])
    expect(states(/^SQL injection, UNION/)).toEqual(['worked step'])
    expect(states(/^Output of the id command/)).toEqual(['worked step'])
    expect(states(/^Archive sent out by HTTP PUT/)).toEqual(['worked step'])
  })

  it('says in both languages only what stands in what is cited', async () => {
    const { sentences } = await parts()
    expect(sentences.length).toBeGreaterThan(15)
    for (const { text, cites, id } of sentences) {
      expect(cites.length, id).toBeGreaterThan(0)
      const told = await toldBy(cites)
      for (const language of [text.en, text.ko]) {
        for (const [address] of language.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/g)) expect(told, language).toContain(address)
        for (const [time] of language.matchAll(/\b\d\d:\d\d:\d\d\b/g)) expect(told, language).toContain(time)
      }
      // The same figures in both.
      const figures = (of: string): string[] => [...new Set(of.match(/\d+(?:\.\d+)*/g) ?? [])].sort()
      expect(figures(text.ko)).toEqual(expect.arrayContaining(figures(text.en).filter((one) => one.length > 3)))
    }
  })

  it('changes nothing where nothing changed, and leaves alone what a person wrote, confirmed or took out', async () => {
    // Not the revision: evidence of the alerts is being sealed meanwhile.
    const proposed = async (): Promise<number> =>
      must(await kim.query('incidents.ledger', { number, limit: 1000 })).entries.filter(
        ({ action }) => action === 'proposal.made',
      ).length
    const before = await proposed()
    expect(must(await kim.command('incidents.propose', { number }))).toMatchObject({ added: 0, changed: 0, removed: 0 })
    expect(await proposed()).toBe(before)
    expect(before).toBeGreaterThan(0)
    const { sentences } = await parts()
    const [first, second, third] = sentences
    if (!first || !second || !third) throw new Error('too few sentences')
    const { id, written, ...part } = first
    must(await kim.command('incidents.save', { number, draft: { kind: 'sentence', id, base: written.revision, part: { ...part, text: { en: 'Mine', ko: '내 문장' } } } })) // prettier-ignore
    must(await kim.command('incidents.remove', { number, kind: 'sentence', id: second.id }))
    expect(must(await kim.command('incidents.confirm', { number, sentences: [third.id] }))).toEqual({ confirmed: 1 })
    expect(must(await kim.command('incidents.propose', { number }))).toMatchObject({ added: 0, changed: 0, removed: 0, left: 3 })
    const now = await parts()
    expect(now.sentences.find((one) => one.id === id)?.text.en).toBe('Mine')
    expect(now.sentences.some((one) => one.id === second.id)).toBe(false)
    expect(now.sentences.find((one) => one.id === third.id)?.state).toBe('confirmed')
  })

  it('takes back by itself what has no basis any more, and gives the timeline its brackets', async () => {
    const timeline = must(await kim.query('incidents.timeline', { number }))
    const groups = new Set(timeline.entries.map(({ group }) => group))
    expect([...groups]).toEqual(expect.arrayContaining(['Scan · 스캔', 'Web shell · 웹셸', 'Data sent out · 데이터 유출']))
    const out = alerts.filter(({ destination }) => destination.ip === DROP.ip).map(({ id }) => id)
    must(await kim.command('incidents.removeAlerts', { number, alerts: out, reason: 'A test.' }))
    // Nobody asks for it.
    let found = await parts()
    while (found.sentences.some(({ section }) => section === 'left')) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      found = await parts()
    }
    expect(found.edges.some(({ to }) => labelIn(found, to) === DROP.ip)).toBe(false)
  })

  /** All that a reader of the cites sees: alerts with their ends and findings, records of events, the inventory. */
  async function toldBy(cites: readonly Cite[]): Promise<string> {
    const { assets } = { assets: must(await kim.query('assets.list', { limit: 500 })).rows }
    const texts: string[] = []
    for (const cite of cites) {
      if (cite.kind === 'alert') {
        const alert = alerts.find(({ id }) => id === cite.alert)
        texts.push(JSON.stringify(alert))
        const { verifications } = must(await kim.query('impact.get', { alert: cite.alert }))
        texts.push(JSON.stringify(verifications[0]?.findings))
        // A host that an alert has by its name has the address of the inventory.
        for (const { asset } of assets)
          if (JSON.stringify(alert).includes(asset.name) || asset.seen.names.some((name) => JSON.stringify(alert).includes(name)))
            texts.push(...asset.seen.addresses, ...asset.addresses)
      } else if (cite.kind === 'event') {
        const event = await kim.query('events.get', { id: cite.event })
        texts.push(JSON.stringify(event.ok ? event.value : null))
      }
    }
    return texts.join('\n')
  }
})
