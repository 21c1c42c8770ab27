/** A scenario's alert from the demonstration, explained; and its rule in the workbench, over the same history. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk, type Desk } from './desk.ts'

const root = join(import.meta.dirname, '..', '..')
const cli = (...args: string[]): void => {
  const run = spawnSync(process.execPath, [join(root, 'dist/engine/cli.js'), ...args], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
}

describe('scenarios', () => {
  let folder: string
  let desk: Desk
  let count = 0
  let scenario = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watchfloor-scenarios-'))
    cli('demo', '--out', join(folder, 'demo'))
    for (const file of ['eve.json', 'zeek', 'syslog.log', 'windows.jsonl'])
      cli('import', join(folder, 'demo', file), '--data', join(folder, 'data'))
    desk = await openDesk({ dataDir: join(folder, 'data') })
  }, 120_000)
  afterAll(async () => {
    await desk.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the intrusion is one alert, from four sources', async () => {
    const { page } = desk
    await desk.go('#/alerts?where=kind:scn severity:critical')
    const row = page.locator('.ag-row').first()
    await row.waitFor()
    await row.click()
    const section = page.getByRole('region', { name: 'How it came about' })
    await section.getByRole('list', { name: /Events in order of time/ }).waitFor()
    const text = (await section.textContent()) ?? ''
    for (const format of ['eve', 'zeek', 'syslog', 'windows']) expect(text).toContain(format)
    expect(text).toContain('Fulfilled at')
    expect(text).toMatch(/It closed at|It is still open/)
    const figure = await page
      .locator('.al-head-facts span')
      .filter({ hasText: / events$/ })
      .first()
      .textContent()
    count = Number(/^(\d+) events$/.exec(figure ?? '')?.[1])
    expect(count).toBeGreaterThan(3)
    await desk.picture('scenario-explained')
    scenario = (await page.getByRole('link', { name: /Open rule/ }).getAttribute('href')) ?? ''
  })

  test('what is shown of it stays there while the alert changes', async () => {
    const { page } = desk
    await page.evaluate(() => {
      const list = document.querySelector('.al-scn-events')
      const gone = new MutationObserver(() => {
        if (list?.isConnected === false) document.body.dataset['gone'] = 'yes'
      })
      gone.observe(document.body, { childList: true, subtree: true })
    })
    await desk.press('a')
    await expect.poll(() => page.getByRole('region', { name: 'History' }).textContent(), { timeout: 20_000 }).toContain('took it')
    await page.locator('.al-scn-events').waitFor()
    expect(await page.evaluate(() => document.body.dataset['gone'])).toBeUndefined()
  })

  test('history finds it again, with the same events', async () => {
    const { page } = desk
    await desk.go(`${scenario.replace(/\?.*$/, '')}?show=edit`)
    await page.getByRole('button', { name: 'Run over history' }).waitFor()
    await page.keyboard.press('Control+Enter')
    const pane = page.getByRole('region', { name: 'History' })
    await expect.poll(() => pane.textContent(), { timeout: 60_000 }).toContain('µs for each event')
    expect(await pane.getByRole('listitem').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining(`${count} events`)]),
    )
    await desk.picture('workbench-history')
  })

  test('what is wrong is said while it is written, and what may be written is offered', async () => {
    const { page } = desk
    const area = page.getByRole('textbox', { name: 'Text of the rule' })
    const before = await area.inputValue()
    await area.fill(`${before.trimEnd()}\nlev`)
    await area.press('End')
    await expect.poll(() => page.locator('.rw-problems').textContent()).toMatch(/\d+:\d+/)
    await area.press('Control+Space')
    await page.getByRole('option').first().waitFor()
    await area.press('Escape')
    await area.fill(before.replace(/^title: .*$/m, 'title: Changed for this desk'))
    await expect.poll(() => page.locator('.rw-problems').textContent()).toContain('No problems')
    // What is written is there again after another view.
    await desk.go('#/alerts')
    await page.locator('.ag-row').first().waitFor()
    await page.goBack()
    await expect.poll(() => area.inputValue()).toContain('title: Changed for this desk')
    await page.getByText('Not saved yet').waitFor()
    await area.press('Control+S')
    await page.getByRole('button', { name: 'Back to the original' }).waitFor()
    await page.getByText('Not saved yet').waitFor({ state: 'hidden' })
    expect(await page.getByRole('button', { name: 'Discard changes' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('button', { name: 'as it came' }).click()
    await expect
      .poll(() => page.locator('.rw-diff .rw-new').allTextContents())
      .toEqual([expect.stringContaining('Changed for this desk')])
    await desk.picture('workbench-versions')
    await page.getByRole('button', { name: 'Back to the original' }).click()
  })

  test('a rule runs on a schedule, over what is stored', async () => {
    const { page } = desk
    await desk.go('#/rules?q=curl')
    await page.locator('.ag-row').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    const evaluation = page.getByRole('region', { name: 'Evaluation' })
    await evaluation.getByRole('combobox').selectOption('24')
    await evaluation.getByText(/Last run .*: \d+ match(es)? in [\d\s]+ events\./).waitFor({ timeout: 60_000 })
    await evaluation.getByText(/Next: /).waitFor()
    await desk.picture('rule-schedule')
    await evaluation.getByRole('combobox').selectOption('0')
    await expect.poll(() => evaluation.textContent(), { timeout: 30_000 }).not.toContain('Last run')
  })

  test('coverage is a matrix', async () => {
    const { page } = desk
    await desk.go('#/rules?show=coverage')
    const gap = page.getByRole('button', { name: /Drive-by Compromise/ })
    await gap.waitFor()
    await page.getByRole('button', { name: 'Techniques without a rule' }).click()
    await expect.poll(() => gap.count()).toBe(0)
    await desk.picture('coverage')
    await page.getByRole('button', { name: /T1190/ }).first().click()
    await expect.poll(() => page.locator('.ag-row').count()).toBeGreaterThan(0)
  })

  test('nothing went wrong on the page', () => {
    expect(desk.complaints).toEqual([])
  })
})
