/** Log sources and lists of a desk, through the built engine and a real browser: changed, kept over a restart, taken back. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDesk, type Desk } from './desk.ts'

let desk: Desk
const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-log-sources-'))
beforeAll(async () => {
  mkdirSync(join(dataDir, 'rules'))
  writeFileSync(
    join(dataDir, 'rules', 'door.yml'),
    'title: Door opened by an administrator\nid: 5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b10\nstatus: test\nlogsource:\n  product: acme\n  service: badge\ndetection:\n  selection:\n    user|expand: "%Admins%"\n  condition: selection\nlevel: high\n',
  )
  desk = await openDesk({ dataDir, width: 1366, height: 768 })
})
afterAll(async () => {
  await desk.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const TEXT = `id: badge
title: Badge readers
format: jsonl
sources:
  - names: { product: acme, service: badge }
    when: { has: door }
    fields: { user: holder }
examples:
  - name: a door
    format: jsonl
    record: '{"time":"2026-01-02T03:04:05Z","door":"7","holder":"kim"}'
    is: { product: acme, service: badge }
    reads: { user: lee }
`

it('adds a log source once its examples come true, and a list that a rule asks for', async () => {
  const { page } = desk
  await desk.go('#/rules')
  await page.getByRole('tab', { name: 'Rules' }).waitFor()
  await desk.press('s')
  await page.getByRole('button', { name: 'Windows event log' }).waitFor()
  await desk.picture('log-sources')

  await page.getByRole('button', { name: 'New log source' }).click()
  const text = page.getByRole('textbox', { name: 'Text of the log source' })
  await text.fill(TEXT)
  await page.getByText('reads something else than lee as user').waitFor()
  expect(await page.getByRole('button', { name: 'Save for this desk' }).isDisabled()).toBe(true)
  await desk.picture('log-sources-problem')
  await text.fill(TEXT.replace('user: lee', 'user: kim'))
  await page.getByText('No problems; its examples come true.').waitFor()
  await page.getByRole('button', { name: 'Save for this desk' }).click()
  const added = page.locator('tbody', { has: page.getByRole('button', { name: 'Badge readers' }) })
  await added.getByText('added here').waitFor()
  expect(await added.locator('tr').nth(1).innerText()).toMatch(/acme \/ badge[^]*1 field\s+1$/)

  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await desk.press('l')
  await page.getByText('not made yet').waitFor()
  await desk.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Values, one on a line' }).fill('kim\nadm-*')
  await page.getByRole('button', { name: 'Save the list' }).click()
  await page.getByRole('cell', { name: 'kim, adm-*' }).waitFor()
  await desk.picture('lists')
  expect(readFileSync(join(dataDir, 'lists', 'Admins.txt'), 'utf8')).toBe('kim\nadm-*\n')
  expect(desk.complaints).toEqual([])
})

it('has both after a restart, and the original again once the own one is removed', async () => {
  const { page } = desk
  await desk.kill()
  await desk.restart()
  await page.reload()
  await desk.go('#/rules/badge?show=sources')
  await page.getByRole('complementary', { name: 'Badge readers' }).waitFor()
  await page.getByRole('complementary').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Badge readers' }).waitFor({ state: 'detached' })
  await desk.go('#/rules/Admins?show=lists')
  await page.getByRole('button', { name: '%Admins%' }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Values, one on a line' }).inputValue()).toBe('kim\nadm-*')
})
