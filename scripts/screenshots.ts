/**
 * Pictures of every view over the made-up engine, into test/e2e/output: `node scripts/screenshots.ts [view ...] [--quick] [--axe]`.
 * `--quick`: 1440 × 900 dark only. `--axe`: checks each against WCAG 2.2 AA and fails where something is found.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { TOOL_IDS } from '../renderer/views/packets/tools/tool-ids.ts'
import { axeFindings } from '../test/fixtures/axe.ts'
import { READY } from '../test/fixtures/screen/fake-captures.ts'
import '../test/fixtures/screen/fake-window.ts'
import { openBrowser, serveScreens } from '../test/fixtures/screen/serve-screens.ts'

const root = join(import.meta.dirname, '..')
const output = join(root, 'test', 'e2e', 'output')
const SIZES = [
  [1366, 768],
  [1440, 900],
  [3840, 2160],
] as const

export interface Shot {
  readonly name: string
  /** Parameters of the fixture page. */
  readonly params?: string
  readonly hash: string
  /** Brings the view into the state of the picture. */
  prepare?(page: Page): Promise<void>
}

const keys = async (page: Page, ...names: readonly string[]): Promise<void> => {
  for (const name of names) await page.keyboard.press(name)
}

const SHOTS: readonly Shot[] = [
  {
    name: 'alerts',
    hash: '#/alerts',
    prepare: async (page) => {
      await page.evaluate(() => window.fake.arrive(14))
      await page.waitForTimeout(400)
      await page.locator('body').press('j')
      await page.locator('body').press('j')
      await page.waitForTimeout(500)
    },
  },
  {
    name: 'alerts-decided',
    hash: '#/alerts',
    prepare: async (page) => {
      await keys(page, 'd', '3', 'd', '2', 'J', 'J', 'J', 'd')
      await page.waitForTimeout(700)
    },
  },
  {
    name: 'alerts-filter',
    hash: '#/alerts?where=severity%3E%3Dhigh',
    prepare: async (page) => {
      await keys(page, '/')
      await page.keyboard.type(' and kind')
      await page.waitForTimeout(500)
    },
  },
  {
    name: 'alerts-groups',
    hash: '#/alerts?group=detection',
    prepare: async (page) => {
      await keys(page, 'j', 'j', 's')
      await page.waitForTimeout(500)
    },
  },
  {
    name: 'alerts-gone',
    params: 'demo',
    hash: '#/alerts',
    prepare: async (page) => {
      await page.evaluate(() => window.fake.kill())
      await page.waitForTimeout(800)
    },
  },
  { name: 'alerts-banner', params: 'banner', hash: '#/alerts?where=title:zzz' },
  { name: 'welcome', params: 'empty', hash: '#/alerts' },
  {
    name: 'palette',
    hash: '#/alerts',
    prepare: async (page) => {
      await keys(page, 'Control+k')
      await page.keyboard.type('the')
      await page.waitForTimeout(300)
    },
  },
  {
    name: 'sheet',
    hash: '#/alerts',
    prepare: async (page) => {
      await keys(page, '?')
      await page.waitForTimeout(300)
    },
  },
  { name: 'settings', hash: '#/settings' },
  { name: 'events', hash: '#/events' },
  { name: 'incidents', hash: '#/incidents' },
  { name: 'incident', hash: '#/incidents/INC-2026-0117' },
  { name: 'incident-timeline', params: 'entries=10000&entities=500', hash: '#/incidents/INC-2026-0117?tab=timeline' },
  { name: 'incident-entities', params: 'entities=500', hash: '#/incidents/INC-2026-0117?tab=entities' },
  {
    name: 'packets',
    hash: '#/packets?alert=48102',
    prepare: async (page) => {
      await page.locator('.pk-row.pk-on').waitFor()
      await page.locator('.pk-line', { hasText: 'Line-based text data' }).click()
      await keys(page, 'ArrowRight', 'ArrowDown')
      await page.waitForTimeout(900)
    },
  },
  {
    name: 'packets-filter',
    hash: '#/packets?capture=a11ce0000000000000000000000000c2&packet=24&filter=ip.addr+%3D%3D+198.51.100.47',
    prepare: async (page) => {
      await page.locator('.pk-row.pk-on').waitFor()
      await keys(page, '/', 'End')
      await page.keyboard.type(' && tcp.strem')
      await page.waitForTimeout(900)
    },
  },
  { name: 'packets-open', hash: '#/packets' },
  { name: 'packets-damaged', hash: '#/packets?capture=a11ce0000000000000000000000000c3&packet=12' },
  { name: 'overview', hash: '#/overview' },
  { name: 'sources', hash: '#/sources' },
  { name: 'rules', hash: '#/rules' },
  { name: 'rules-panel', hash: '#/rules/wf-web-shell-output-2' },
  { name: 'rules-sources', hash: '#/rules/windows?show=sources', prepare: (page) => page.waitForTimeout(500) },
  { name: 'rules-lists', hash: '#/rules/Administrators?show=lists', prepare: (page) => page.waitForTimeout(500) },
  ...TOOL_IDS.map((tool): Shot => ({
    name: `packets-${tool}`,
    hash: `#/packets?capture=${READY}&packet=58&flow=0&tool=${tool}`,
    prepare: (page) => page.waitForTimeout(800),
  })),
]

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const named = args.filter((arg) => !arg.startsWith('--'))
  const quick = args.includes('--quick')
  const axe = args.includes('--axe')
  const { url, server } = await serveScreens()
  const browser = await openBrowser()
  mkdirSync(output, { recursive: true })
  let findings = 0
  try {
    for (const shot of SHOTS.filter(({ name }) => named.length === 0 || named.includes(name))) {
      for (const [width, height] of quick ? [SIZES[1]] : SIZES) {
        for (const theme of quick ? ['dark'] : ['dark', 'light', 'contrast']) {
          for (const language of quick ? ['en'] : ['en', 'ko']) {
            // The largest picture is only about the layout.
            if (width === 3840 && (theme !== 'dark' || language !== 'en')) continue
            const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
            page.on('pageerror', (error) => console.error(`${shot.name}: ${error.message}`))
            page.on('console', (message) => message.type() === 'error' && console.error(`${shot.name}: ${message.text()}`))
            await page.goto(`${url}?fixed&theme=${theme}&language=${language}&${shot.params ?? ''}${shot.hash}`)
            await page.waitForTimeout(700)
            await shot.prepare?.(page)
            const file = `${shot.name}-${width}-${theme}-${language}.png`
            await page.screenshot({ path: join(output, file) })
            if (axe) {
              for (const finding of await axeFindings(page)) {
                findings += 1
                console.error(`${file}: ${finding.id} (${finding.impact}) ${finding.help}\n    ${finding.targets.join('\n    ')}`)
              }
            }
            await page.close()
          }
        }
      }
    }
  } finally {
    await browser.close()
    server.close()
  }
  if (axe) console.error(`axe: ${findings} findings`)
  if (findings > 0) process.exitCode = 1
}

if (import.meta.main) await main()
