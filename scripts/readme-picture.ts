/** The picture in README: the demonstration, as a newcomer sees it after a minute. `node scripts/readme-picture.ts` */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDesk } from '../test/e2e/desk.ts'
import { buildStale } from './build.ts'

await buildStale(['engine', 'renderer'])
const folder = join(import.meta.dirname, '..', 'docs', 'images')
mkdirSync(folder, { recursive: true })
const desk = await openDesk({ args: ['--demo'] })
const { page } = desk
await page.locator('.ag-row').first().waitFor({ timeout: 120_000 })
const critical = page.locator('.ag-row[row-index="0"] [aria-label="critical"]')
for (let second = 0; second < 120 && (await critical.count()) === 0; second++) {
  await page.waitForTimeout(1000)
  await desk.press('n')
}
// A decision or two, so that the queue looks worked on.
await page.waitForTimeout(30_000)
await desk.press('n', 'Home', 'j', 'a', 'j', 'a', 'k', 'k')
await page.waitForTimeout(3000)
await page.screenshot({ path: join(folder, 'alerts.png') })
await page.evaluate(() => (location.hash = '#/events'))
await page.waitForTimeout(3000)
await desk.press('j', 'Enter')
await page.waitForTimeout(1500)
await page.screenshot({ path: join(folder, 'events.png') })
// The packets of the web shell's answer, from the demonstration's own rolling capture.
await page.evaluate(() => (location.hash = '#/alerts'))
await page.locator('.ag-row', { hasText: 'Output of the id command' }).first().click()
await page.waitForTimeout(1000)
await desk.press('p')
await page.locator('[role=grid][aria-label="Packets"] [role=row][aria-selected=true]').waitFor({ timeout: 120_000 })
await page.waitForTimeout(8000)
await page.screenshot({ path: join(folder, 'packets.png') })
await desk.close()
