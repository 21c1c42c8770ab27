/** What goes wrong under an open desk: the engine is killed, days are destroyed, the disk fills up, a second desk is started. */
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { basename, join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { addSource, run, temporary } from '../faults/engine.ts'
import { dayName, dayOf } from '../../electron/engine/store/partition-files.ts'
import { batchOf } from '../fixtures/store/batches.ts'
import { opened } from '../fixtures/store/opened.ts'
import { openDesk, type Desk } from './desk.ts'

const began = Date.now() - 600_000
const folders: string[] = []
const folder = (name: string): string => {
  const path = temporary(name)
  folders.push(path)
  return path
}
let desk: Desk | null = null
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await desk?.picture(`failed-${task.name.replaceAll(/\W+/g, '-')}`)
  await desk?.close()
  desk = null
})
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

/** An EVE record of the last ten minutes; with a `signature` it is an alert. */
const line = (n: number, signature?: string, more: object = {}): string =>
  `${JSON.stringify({
    timestamp: new Date(began + n).toISOString().replace('Z', '+0000'),
    flow_id: n,
    event_type: signature === undefined ? 'flow' : 'alert',
    src_ip: '198.51.100.7',
    src_port: 40_000 + (n % 1000),
    dest_ip: '10.1.0.5',
    dest_port: 443,
    proto: 'TCP',
    ...(signature === undefined
      ? {}
      : { alert: { action: 'allowed', gid: 1, signature_id: 9_200_000 + n, rev: 1, signature, category: 'Test', severity: 2 } }),
    ...more,
  })}\n`
const lines = (from: number, count: number, more?: (n: number) => object): string =>
  Array.from({ length: count }, (_, i) => line(from + i, undefined, more?.(from + i))).join('')

const eventually = <T>(read: () => T | Promise<T>, timeout = 20_000) => expect.poll(read, { timeout, interval: 100 })
const titles = (page: Desk['page']): Promise<string[]> => page.locator('.ag-row .al-title').allInnerTexts()
const eventsIn = async (dataDir: string, where = '*'): Promise<number> =>
  Number((await run(['query', where, '--data', dataDir, '--count'])).stdout)
/** Set once: a page that was loaded again has lost it. */
const mark = (page: Desk['page']): Promise<void> => page.evaluate(() => void (window.name = 'the same page'))
const marked = (page: Desk['page']): Promise<string> => page.evaluate(() => window.name)

describe('the engine is killed', () => {
  test('what is on screen stays, said to be old, and all goes on by itself', async () => {
    const base = folder('e2e-killed')
    const data = join(base, 'desk')
    const log = join(base, 'eve.json')
    writeFileSync(log, lines(0, 200) + line(201, 'First alert') + line(202, 'Second alert'))
    await addSource(data, log)
    desk = await openDesk({ dataDir: data })
    const { page } = desk
    await mark(page)
    await desk.go('#/alerts')
    await eventually(() => titles(page)).toEqual(expect.arrayContaining(['First alert', 'Second alert']))
    await desk.press('j')
    await page.getByRole('region', { name: 'Why it fired' }).waitFor()
    await page.locator('.al-picture').waitFor()
    const before = await titles(page)
    const why = await page.getByRole('region', { name: 'Why it fired' }).innerText()

    const killed = Date.now()
    await desk.kill()
    await page.getByText('The engine is not there.').waitFor({ timeout: 5_000 })
    expect(Date.now() - killed).toBeLessThan(6_000)
    await page.locator('.desk-stale').waitFor()
    await page.getByText(/^not live, /).waitFor()
    expect(await titles(page)).toEqual(before)
    expect(await page.getByRole('region', { name: 'Why it fired' }).innerText()).toBe(why)
    await desk.picture('fault-engine-killed')

    appendFileSync(log, line(203, 'While it was away') + lines(300, 50))
    await desk.restart()
    await eventually(() => page.locator('.desk-stale').count()).toBe(0)
    await page.locator('.al-arrival', { hasText: '1 new' }).waitFor({ timeout: 20_000 })
    expect(await titles(page)).toEqual(before)
    await desk.press('n')
    await eventually(() => titles(page)).toContain('While it was away')
    appendFileSync(log, line(204, 'After it came back'))
    await page.locator('.al-arrival', { hasText: '1 new' }).waitFor({ timeout: 20_000 })

    // The same on the page of events, whose stream begins again with the connection.
    await desk.go('#/events')
    await page.locator('.ev-rows .ag-row').first().waitFor()
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('254 events')
    await desk.kill()
    await page.getByText('The engine is not there.').waitFor({ timeout: 5_000 })
    expect(await page.locator('.ev-rows .ag-row').count()).toBeGreaterThan(5)
    await desk.restart()
    await eventually(() => page.locator('.desk-stale').count()).toBe(0)
    appendFileSync(log, lines(400, 7))
    await page.locator('.ev-arrivals', { hasText: '7 new' }).waitFor({ timeout: 20_000 })
    await desk.press('n')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('261 events')
    expect(await marked(page)).toBe('the same page')
    expect(await eventsIn(data)).toBe(261)
    // A page whose engine is gone says in its console that the socket failed, and nothing else.
    expect(desk.complaints.filter((text) => !/WebSocket connection to|ERR_CONNECTION_REFUSED/.test(text))).toEqual([])
  })
})

describe('a day is destroyed', () => {
  /** A desk with 40 events of the day before, and a source that will have 30 of today. */
  async function twoDays(): Promise<{ data: string; events: string; before: string; log: string }> {
    const base = folder('e2e-damage')
    const data = join(base, 'desk')
    const log = join(base, 'eve.json')
    const yesterday = Date.now() - 86_400_000
    const store = opened(data, { now: () => yesterday })
    const old = Array.from({ length: 40 }, (_, n) => ({
      time: (began + n) * 1000,
      type: 'flow',
      fields: { 'flow.id': String(n) },
      // So long that it lies in pages of its own, which no list reads.
      raw: randomBytes(16_000).toString('base64'),
    }))
    expect(store.writer.commit(batchOf(old, { received: yesterday * 1000 })).ok).toBe(true)
    store.close()
    writeFileSync(log, lines(1000, 30))
    await addSource(data, log)
    return { data, events: join(data, 'events'), before: dayName(dayOf(yesterday)), log }
  }
  const junk = (): Buffer =>
    Buffer.concat(Array.from({ length: 4096 }, (_, n) => createHash('sha512').update(`junk ${n}`).digest()))

  test('under the running desk: the banner names it, the rest works', async () => {
    const { data, events, before, log } = await twoDays()
    desk = await openDesk({ dataDir: data })
    const { page } = desk
    await desk.go('#/events')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('70 events')
    writeFileSync(join(events, `${before}.db`), junk())
    await page.locator('.wf-query-input').fill('flow.id:5 or flow.id:1005')
    await page.keyboard.press('Enter')
    // What lists showed may still be in a reader's memory; the raw record is not.
    const banner = page.getByText(`The events of ${before} are damaged and were set aside. All other days are complete.`)
    await eventually(() => page.locator('.wf-query-note').innerText()).toMatch(/^[12] event/)
    if ((await banner.count()) === 0)
      await page
        .locator('.ev-rows .ag-row')
        .last()
        .dblclick({ timeout: 10_000 })
        .catch(() => undefined)
    await banner.waitFor()
    await page.locator('.wf-query-input').fill('flow.id:1005')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('1 event')
    await page.locator('.wf-query-input').fill('')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('30 events')
    appendFileSync(log, lines(2000, 3))
    await page.locator('.ev-arrivals', { hasText: '3 new' }).waitFor()
    await desk.picture('fault-day-damaged')
    expect(readdirSync(events).some((name) => name.startsWith(`${before}.db.damaged-`))).toBe(true)
    expect(desk.complaints).toEqual([])
  })

  test('before it started', async () => {
    const { data, events, before, log } = await twoDays()
    writeFileSync(join(events, `${before}.db`), junk())
    desk = await openDesk({ dataDir: data })
    const { page } = desk
    await page.getByText(`The events of ${before} are damaged and were set aside.`).waitFor()
    await desk.go('#/events')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('30 events')
    appendFileSync(log, lines(2000, 3))
    await page.locator('.ev-arrivals', { hasText: '3 new' }).waitFor()
    // The day that is written to: found as soon as it is read, and begun anew.
    const today = readdirSync(events).find((name) => name.endsWith('.db')) ?? ''
    for (const name of [today, `${today}-wal`]) writeFileSync(join(events, name), junk())
    await page.locator('.wf-query-input').fill('flow.id:1005')
    await page.keyboard.press('Enter')
    await page.getByText(`The events of ${basename(today, '.db')} are damaged and were set aside.`).waitFor()
    appendFileSync(log, lines(4000, 5))
    await eventually(() => eventsIn(data, 'flow.id>=4000')).toBe(5)
    await desk.go('#/events')
    await page.locator('.wf-query-input').fill('flow.id>=4000')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('5 events')
    expect(desk.complaints).toEqual([])
  })
})

describe('the disk fills up', () => {
  let disk: string | null = null
  afterAll(() => {
    if (disk !== null) execFileSync('umount', ['--lazy', disk])
  })
  /** A small file system of its own; null where this machine does not let us. */
  function mount(at: string): string | null {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
    mkdirSync(at)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', at], { stdio: 'ignore' })
      return at
    } catch {
      return null
    }
  }
  test('it is said, and it goes on when there is room', async (context) => {
    const base = folder('e2e-full')
    disk = mount(join(base, 'disk'))
    if (disk === null) return context.skip('needs root to mount a small disk')
    const data = join(disk, 'desk')
    const log = join(base, 'eve.json')
    const records = 60_000
    // A hash in each keeps compression from making the disk last for ever.
    const noise = (n: number): object => ({ noise: createHash('sha512').update(String(n)).digest('hex') })
    writeFileSync(log, lines(0, records, noise))
    await addSource(data, log)
    desk = await openDesk({ dataDir: data })
    const { page } = desk
    const banner = page.getByText(/^The disk is full: /)
    await banner.waitFor({ timeout: 60_000 })
    expect(await banner.innerText()).toContain(`The disk is full: ${data}.`)
    await page.locator('.health', { hasText: 'disk full' }).waitFor()
    await desk.go('#/events')
    await page.locator('.ev-rows .ag-row').first().waitFor()
    const before = await eventsIn(data)
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(records)
    await desk.picture('fault-disk-full')
    execFileSync('mount', ['-o', 'remount,size=256m', disk])
    await eventually(() => banner.count(), 60_000).toBe(0)
    await eventually(() => eventsIn(data), 60_000).toBe(records)
    await desk.press('n')
    await eventually(() => page.locator('.wf-query-note').innerText()).toMatch(/60.000 events/)
    expect(desk.complaints).toEqual([])
  })
})

describe('a second desk on the same data folder', () => {
  test('is refused in one sentence, and the first goes on', async () => {
    const base = folder('e2e-second')
    const data = join(base, 'desk')
    const log = join(base, 'eve.json')
    writeFileSync(log, lines(0, 10))
    await addSource(data, log)
    desk = await openDesk({ dataDir: data })
    const { page } = desk
    await desk.go('#/events')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('10 events')
    const second = await run(['serve', '--data', data, '--no-open'])
    expect(second.code).toBe(1)
    expect(second.stdout).toBe('')
    expect(second.stderr).toMatch(
      new RegExp(String.raw`^Another Watchfloor \(process \d+\) uses the data folder ${data}\. .*\n$`),
    )
    const imported = await run(['import', log, '--data', data, '--json'])
    expect(imported.code).toBe(1)
    expect(imported.stderr).toContain('Another Watchfloor')
    appendFileSync(log, lines(100, 4))
    await page.locator('.ev-arrivals', { hasText: '4 new' }).waitFor()
    expect(desk.complaints).toEqual([])
  })
})

describe('a port that is taken', () => {
  test('is named in a banner until it can be listened on', async () => {
    const data = join(folder('e2e-port'), 'desk')
    const taken = createServer()
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    )
    await addSource(data, { input: { kind: 'syslog-tcp', address: '127.0.0.1', port }, format: null }, 'Firewall <b>\u202edrawer')
    desk = await openDesk({ dataDir: data })
    const { page } = desk
    const banner = page.locator('.wf-banner', { hasText: 'has failed' })
    await banner.waitFor()
    expect(await banner.innerText()).toContain('The source Firewall <b>\\u202edrawer has failed: ')
    expect(await banner.innerText()).toContain(`:${port}`)
    taken.close()
    await eventually(() => banner.count()).toBe(0)
    const sender = connect(port, '127.0.0.1')
    sender.end('<13>Nov 20 10:00:00 fw-01 filter: dropped\n')
    await eventually(() => eventsIn(data)).toBe(1)
    expect(desk.complaints).toEqual([])
  })
})
