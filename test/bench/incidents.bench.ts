/**
 * A large incident on the real screen over the real engine: 10,000 timeline entries and 500 entities. Prints one JSON object: milliseconds
 * from the key in the list to its head, timeline and route being drawn, and the frames while it is edited. `INCIDENT_ENTRIES` changes how many.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { PartDraft } from '../../shared/incident-contract.ts'
import { as, created, deskWith, entity, must } from '../fixtures/store/incidents.ts'
import { end, openBrowser, serve } from './desk-on-screen.ts'

const ENTRIES = Number(process.env['INCIDENT_ENTRIES'] ?? 10_000)
const ENTITIES = 500
const ROUNDS = 5
const EDITING_MS = 6000
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const round = (value: number): number => Math.round(value * 10) / 10
const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN)
}

/** All edits one after the other, as the writer takes them. */
function fill(data: string): string {
  mkdirSync(data)
  const desk = deskWith(data, [])
  const { number } = created(desk, 'A large one')
  const save = (draft: PartDraft): void => void must(desk.writer.incidents.save({ number, draft }, as('bench')))
  const time = (minute: number): string => new Date(Date.UTC(2026, 10, 19) + minute * 60_000).toISOString()
  const kinds = ['action', 'call', 'event'] as const
  for (let n = 0; n < ENTRIES; n++)
    save({
      kind: 'entry',
      id: null,
      base: null,
      part: {
        kind: kinds[n % 3] ?? 'action',
        time: time(n % 4320),
        until: null,
        title: `Entry ${n}: what was seen and done on host-${n % ENTITIES}`,
        text: '',
        severity: null,
        alert: null,
        event: null,
        cites: [],
        group: '',
        internal: false,
      },
    })
  for (let n = 0; n < ENTITIES; n++)
    save(
      entity(`host-${n}`, {
        label: '',
        role: n === 0 ? 'attacker' : n % 7 === 0 ? 'target' : 'seen',
        zone: `10.20.${n % 6}.0/24`,
      }),
    )
  const ids = desk.writer.desk
    .prepare("SELECT id FROM incident_part WHERE kind = 'entity' ORDER BY rowid")
    .pluck()
    .all() as string[]
  for (const [n, to] of ids.slice(1).entries())
    save({
      kind: 'edge',
      id: null,
      base: null,
      part: { from: ids[n >> 2] ?? to, to, label: '', state: n % 5 === 0 ? 'worked' : 'seen', step: null, time: null, cites: [] },
    })
  desk.close()
  return number
}

/** From the key in the list until head, timeline and route stand in a frame that was drawn. */
async function opening(page: Page): Promise<number> {
  await page.evaluate(() => void (window.location.hash = '#/incidents'))
  await page.locator('.ag-row').first().waitFor()
  await page.keyboard.press('j')
  await pause(500)
  await page.evaluate(() => {
    const watched = window as unknown as { opened: Promise<number> }
    watched.opened = new Promise<number>((resolve) =>
      window.addEventListener(
        'keydown',
        () => {
          const began = performance.now()
          const look = (): void => {
            const there = ['.in-title', '.in-plot', '.in-plot .in-lanecount', '.in-node'].every(
              (selector) => document.querySelector(selector) !== null,
            )
            if (there) requestAnimationFrame(() => resolve(performance.now() - began))
            else requestAnimationFrame(look)
          }
          requestAnimationFrame(look)
        },
        { once: true, capture: true },
      ),
    )
  })
  await page.keyboard.press('Enter')
  const took = page.evaluate(() => (window as unknown as { opened: Promise<number> }).opened)
  const never = pause(20_000).then(() => null)
  const done = await Promise.race([took, never])
  if (done === null) throw new Error(`the incident did not open: ${await page.locator('body').innerText()}`.slice(0, 2000))
  return done
}

/** Milliseconds between frames while `work` goes on. */
async function frames(page: Page, work: () => Promise<void>) {
  await page.evaluate((length) => {
    const gaps: number[] = []
    const began = performance.now()
    let last = began
    const watched = window as unknown as { frames: Promise<number[]> }
    watched.frames = new Promise((resolve) => {
      const step = (now: number): void => {
        gaps.push(now - last)
        last = now
        if (now - began < length) requestAnimationFrame(step)
        else resolve(gaps.slice(5))
      }
      requestAnimationFrame(step)
    })
  }, EDITING_MS)
  const until = Date.now() + EDITING_MS - 500
  while (Date.now() < until) await work()
  const gaps = await page.evaluate(() => (window as unknown as { frames: Promise<number[]> }).frames)
  return {
    frames: gaps.length,
    perSecond: round(gaps.length / (gaps.reduce((sum, gap) => sum + gap, 0) / 1000)),
    p50: quantile(gaps, 0.5),
    p95: quantile(gaps, 0.95),
    worst: quantile(gaps, 1),
  }
}

try {
  const data = join(folder, 'data')
  const began = performance.now()
  fill(data)
  const filled = (performance.now() - began) / 1000
  const { child, url } = await serve(data)
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(url)
    const opened: number[] = []
    for (let n = 0; n < ROUNDS; n++) opened.push(await opening(page))
    const firstOfPages: number[] = []
    for (let n = 0; n < ROUNDS; n++) {
      await page.reload()
      firstOfPages.push(await opening(page))
    }
    const sorted = (times: readonly number[]): number[] => times.toSorted((a, b) => a - b)
    const [pages, later] = [sorted(firstOfPages), sorted(opened.slice(1))]
    await pause(1000)
    const press =
      (...keys: readonly string[]) =>
      async (): Promise<void> => {
        for (const key of keys) {
          await page.keyboard.press(key)
          await pause(60)
        }
      }
    const nothing = await frames(page, () => pause(60))
    const zooming = await frames(page, press('+', '+', '+', 'ArrowRight', 'ArrowRight', '-', '-', '-'))
    await page.keyboard.press('m')
    await page.locator('.in-noteform textarea').waitFor()
    const typing = await frames(page, press(...'what was found on it '))
    await page.keyboard.press('Escape')
    await page.keyboard.press('2')
    await pause(1000)
    const walking = await frames(page, press('j', 'j', 'j', 'j', 'k'))
    console.log(
      JSON.stringify({
        entries: ENTRIES,
        entities: ENTITIES,
        editsPerSecondWhileFilling: Math.round((ENTRIES + 2 * ENTITIES) / filled),
        openMs: {
          // A second after the desk was started: nothing of it has run before.
          firstOfDesk: round(opened[0] ?? NaN),
          firstOfPage: { median: quantile(pages, 0.5), worst: quantile(pages, 1) },
          later: { median: quantile(later, 0.5), worst: quantile(later, 1) },
        },
        bound: 'opens in 500 ms, edits at 60 frames a second',
        frameMs: { nothing, zooming, typing, walking },
      }),
    )
  } finally {
    await browser.close()
    await end(child)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
