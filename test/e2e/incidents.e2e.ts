/**
 * The whole way over the demonstration, by keyboard and mouse: from the alert of the exploit to an incident that is closed and reported,
 * and whose case file another desk takes in. What happened is known: `electron/engine/demo/intrusion.ts`.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ATTACKER, BEACON, DROP } from '../../electron/engine/demo/intrusion.ts'
import { openDesk, type Desk } from './desk.ts'

const root = join(import.meta.dirname, '..', '..')
const command = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'dist/engine/cli.js'), ...args], { encoding: 'utf8', maxBuffer: 64 << 20 })
const must = (...args: string[]): string => {
  const run = command(...args)
  if (run.status !== 0) throw new Error(`${args.join(' ')}: ${run.stderr}`)
  return run.stdout
}
const NUMBER = 'INC-2026-0001'
const readsPdf = spawnSync('pdftotext', ['-v']).error === undefined
/** As one line: a PDF breaks its lines where it likes. */
const textOf = (pdf: string): string =>
  execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ')

describe('from the first alert to a closed, reported incident', () => {
  let folder: string
  let data: string
  let desk: Desk
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watchfloor-incidents-'))
    data = join(folder, 'data')
    must('demo', '--out', join(folder, 'demo'), '--minutes', '12', '--seed', '7')
    must('import', join(folder, 'demo'), '--data', data)
    desk = await openDesk({ dataDir: data })
  }, 120_000)
  afterAll(async () => {
    await desk.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The queue with one alert of this title, which is current. Its row's text. */
  const onlyAlert = async (title: string): Promise<string> => {
    const { page } = desk
    await desk.press('/')
    const filter = page.getByRole('combobox', { name: 'Filter of the queue' })
    await filter.waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.type(`title:"${title}"`)
    await desk.press('Enter')
    const row = page.locator('.ag-row')
    await expect.poll(async () => (await row.allInnerTexts()).map((text) => text.includes(title))).toEqual([true])
    await desk.press('Escape')
    return row.innerText()
  }
  const impact = (): Promise<string | null> => desk.page.getByRole('region', { name: 'Impact' }).textContent()
  const toTab = (name: string): Promise<void> => desk.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
  const notice = () => desk.page.locator('.statusbar-notice, .statusbar-fault').first()

  test('of the scan and the failed attempts it is not said that they worked', async () => {
    const { page } = desk
    await desk.press('g', 'a')
    await page.locator('.ag-row').first().waitFor()
    // All are verified by themselves.
    await expect
      .poll(
        async () =>
          (await page.locator('.ag-row .wf-impact-unverified').count()) + Number((await page.locator('.ag-row').count()) === 0),
        { timeout: 90_000 },
      ) // prettier-ignore
      .toBe(0)
    for (const [title, result] of [
      ['Vertical port scan, many ports of one host', 'Attempted'],
      ['Directory brute force, run of 404 replies', 'Attempted'],
      ['Path traversal to /etc/passwd', 'Failed'],
      ['SQL injection, time-based (SLEEP)', 'Attempted'],
      ['phpMyAdmin setup probe', 'Failed'],
    ] as const) {
      await onlyAlert(title)
      const badge = page.locator('.ag-row .wf-impact')
      await expect.poll(() => badge.innerText(), { timeout: 60_000 }).toBe(result)
      await page.locator('.ag-row').first().click()
      await expect.poll(impact).toContain(result)
      expect(await impact()).not.toMatch(/Succeeded|Likely/)
    }
  })

  test('the exploit succeeded, and the bytes that decided it are on screen', async () => {
    const { page } = desk
    await onlyAlert('Output of the id command in an HTTP reply')
    await page.locator('.ag-row').first().click()
    await expect.poll(impact).toContain('Succeeded')
    await expect.poll(impact).toContain('The answer holds the output of id: uid=33(www-data) gid=33(www-data)')
    const bytes = page.getByRole('region', { name: 'Impact' }).locator('.wf-deciding-text .on')
    await expect.poll(async () => (await bytes.allInnerTexts()).join('')).toBe('uid=33(www-data) gid=33(www-data)')
    await desk.picture('incidents-1-exploit')
  })

  test('decided as a true positive with impact, it opens an incident', async () => {
    const { page } = desk
    await desk.press('1')
    await page.getByRole('button', { name: /^Decide, open an incident/ }).waitFor()
    await desk.press('r')
    await page.keyboard.type('The answer holds the output of id.')
    await page.keyboard.press('Enter')
    await expect.poll(() => notice().innerText()).toContain(NUMBER)
    await desk.press('g', 'i')
    await page.locator('.ag-row', { hasText: NUMBER }).waitFor()
    await desk.press('j', 'Enter')
    await page.locator('.in-title').waitFor()
    expect(await page.locator('.in-title').innerText()).toBe('Output of the id command in an HTTP reply')
    await expect.poll(() => page.locator('.in-head').innerText()).toContain('Succeeded')
  })

  test('alerts of the same story are offered and taken, strangers stay out', async () => {
    const { page } = desk
    // Those that came in tell of further ones: as long as any is offered that shares the attacker or the scenario.
    for (let round = 0; round < 5; round++) {
      await page.locator('.in-offered').waitFor()
      await desk.press('n')
      const dialog = page.getByRole('dialog', { name: 'Alerts of the same story' })
      await dialog.getByRole('checkbox').first().waitFor()
      const chosen = await dialog.getByRole('checkbox', { checked: true }).count()
      expect(await dialog.innerText()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
      if (round === 0) await desk.picture('incidents-2-offered')
      if (chosen === 0) {
        await page.keyboard.press('Escape')
        break
      }
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'detached' })
      await page.waitForTimeout(1500)
    }
    await desk.picture('incidents-3-taken')
  })

  test('the route names all hosts in the right order, and its sentences are confirmed', async () => {
    const { page } = desk
    // It is proposed by itself, and again by hand.
    await page.locator('.in-sentence').first().waitFor()
    await desk.press('r')
    await expect.poll(() => notice().innerText()).toMatch(/^Proposal: /)
    const sentences = page.locator('.in-sentence')
    const hops = async (): Promise<string[]> => {
      const told: { readonly step: number; readonly hop: string }[] = []
      for (const text of await sentences.allInnerTexts()) {
        const found = /^(\d+)\s.*? UTC, (\S+?)(?: \([^)]*\))? → (\S+?)(?: \([^)]*\))?: /su.exec(text)
        if (found) told.push({ step: Number(found[1]), hop: `${found[2]} > ${found[3]}` })
      }
      return [...new Set(told.sort((a, b) => a.step - b.step).map(({ hop }) => hop))]
    }
    await expect
      .poll(hops)
      .toEqual([
        `${ATTACKER} > web-01`,
        'web-01 > file-01',
        `file-01 > ${BEACON.name}`,
        'file-01 > dc-01',
        `file-01 > ${DROP.ip}`,
      ])
    // In the picture too, whatever the size of the window.
    for (const name of [ATTACKER, 'web-01', 'file-01', BEACON.name, 'dc-01', DROP.ip])
      await page.locator('.in-route .in-node', { hasText: name }).first().waitFor()
    const scan = sentences.filter({ hasText: 'Vertical port scan' }).first()
    expect(await scan.innerText()).not.toMatch(/^\d+\s/)
    const total = await sentences.count()
    await desk.press('C')
    await expect.poll(() => notice().innerText()).toBe(`${total} sentences are confirmed.`)
    await expect.poll(() => page.locator('.in-sentence.in-proposed').count()).toBe(0)
    await desk.press('l')
    await page.locator('.in-sentence', { hasText: '웹셸' }).first().waitFor()
    await desk.picture('incidents-4-korean-sentences')
    await desk.press('l')
  })

  test('evidence was carved by itself and is as it was sealed', async () => {
    const { page } = desk
    await toTab('Evidence')
    await page.locator('tr[data-row="evidence"]').first().waitFor()
    await page.getByRole('button', { name: 'Check all' }).click()
    await expect.poll(() => notice().innerText()).toMatch(/^All \d+ items are as they were sealed\.$/)
    await desk.picture('incidents-5-evidence')
    await desk.press('1')
  })

  test('the playbook of web exploits is started, a step done and one skipped', async () => {
    const { page } = desk
    await toTab('Playbook')
    await page.getByRole('button', { name: 'Start playbook' }).click()
    const start = page.getByRole('dialog', { name: 'Start a playbook' })
    await start.getByRole('radio', { name: /^Web exploit succeeded/ }).check()
    await start.getByRole('button', { name: 'Start', exact: true }).click()
    await start.waitFor({ state: 'detached' })
    const steps = page.locator('[data-row="step"]')
    await steps.first().waitFor()
    // What verification knows is answered by itself.
    await page.locator('.in-step-done', { hasText: 'auto' }).first().waitFor()
    const settled = (how: string) => page.locator(`.in-step-${how}`).count()
    // Answered one by one, until there is one that may be skipped.
    for (let turn = 0; (await settled('skipped')) === 0; turn++) {
      expect(turn).toBeLessThan(10)
      const step = page.locator('.in-step-open').first()
      const title = await step.locator('.in-steptext').innerText()
      const before = await settled('done')
      await step.focus()
      await desk.press('Enter')
      const dialog = page.getByRole('dialog', { name: title })
      await dialog.getByText('Ready', { exact: false }).first().waitFor()
      // The cursor is in the note.
      await page.keyboard.type('Seen in the packets.')
      const skip = dialog.getByRole('button', { name: 'Skip' })
      const skips = turn > 0 && (await skip.count()) > 0
      await (skips ? skip : dialog.locator('.wf-btn-primary').first()).click()
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => settled(skips ? 'skipped' : 'done')).toBeGreaterThan(skips ? 0 : before)
    }
    await desk.picture('incidents-6-playbook')
    await desk.press('1')
  })

  test('a note is written, and the incident goes from status to status until it is closed', async () => {
    const { page } = desk
    await desk.press('m')
    await page.getByRole('textbox', { name: 'Write a note' }).waitFor()
    await page.keyboard.type('**web-01** was taken off the network. See EV-01.')
    await desk.press('Control+Enter')
    await page.locator('.in-note', { hasText: 'web-01 was taken off the network' }).waitFor()
    // From the field back to the page.
    await page.getByRole('tab', { name: /^Desk/ }).focus()
    for (const [item, phase] of [
      ['Contained now', 'Contained'],
      ['Eradicated now', 'Eradicated'],
      ['Recovered now', 'Recovered'],
      ['Close now', 'Closed'],
    ] as const) {
      await desk.press('s')
      await page.getByRole('menuitem', { name: item }).focus()
      await desk.press('Enter')
      await page.locator('.in-phase-done', { hasText: phase }).waitFor()
    }
    await desk.picture('incidents-7-closed')
    const times = await page.locator('.in-phase-done').count()
    expect(times).toBe(7)
  })

  test('the report is looked at, and its PDF tells of it in both languages', async () => {
    const { page } = desk
    const out = join(folder, 'report')
    mkdirSync(out)
    await desk.press('R')
    const dialog = page.getByRole('dialog', { name: `Report of ${NUMBER}` })
    const preview = page.frameLocator('iframe[title="Preview"]')
    await preview.getByText(ATTACKER).first().waitFor()
    await dialog.getByRole('checkbox', { name: 'Korean' }).check()
    await dialog.getByLabel('Folder', { exact: true }).fill(out)
    await page.keyboard.press('Enter')
    await dialog.getByText(/^2 files were written/).waitFor()
    await desk.picture('incidents-8-report')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    const files = readdirSync(out)
    expect(files).toHaveLength(2)
    if (!readsPdf) return
    const [english, korean] = [/en/, /ko/].map((one) => textOf(join(out, files.find((name) => one.test(name)) ?? '')))
    for (const text of [english, korean])
      for (const name of [
        NUMBER,
        ATTACKER,
        'web-01',
        'file-01',
        BEACON.name,
        'dc-01',
        DROP.ip,
        'arc-0417.zip',
        'uid=33(www-data)',
      ])
        expect(text).toContain(name)
    expect(english).toContain('Data left the network.')
    expect(english).toContain('An exploit was tried; that it succeeded is not shown.')
    expect(korean).toContain('취약점 공격 시도가 있었지만 성공했다는 근거는 없습니다.')
  })

  test('the case file is written, verifies by itself, and another desk takes it in', async () => {
    const { page } = desk
    const out = join(folder, 'case')
    mkdirSync(out)
    await desk.press('X')
    const dialog = page.getByRole('dialog', { name: `Export the case of ${NUMBER}` })
    await dialog.getByLabel('Folder', { exact: true }).fill(out)
    await page.keyboard.press('Enter')
    await dialog.getByText(/^The case file was written: /).waitFor({ timeout: 60_000 })
    await desk.picture('incidents-9-export')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    const [name] = readdirSync(out)
    const file = join(out, name ?? 'none')
    expect(file).toMatch(/\.wfcase$/)
    // With nothing but the file.
    expect(command('evidence', 'verify', file)).toMatchObject({ status: 0 })

    const second = await openDesk({ dataDir: join(folder, 'other') })
    try {
      const other = second.page
      await other.locator('.rail').waitFor()
      await second.press('g', 'i')
      await other.getByRole('heading', { name: 'Incidents' }).first().waitFor()
      await other.getByText('No incident is open.', { exact: false }).waitFor()
      await second.press('i')
      const taking = other.getByRole('dialog', { name: 'Import a case' })
      await taking.getByLabel('Case file').fill(file)
      await taking.getByRole('button', { name: 'Look at the case' }).click()
      await taking.getByText('Intact.').waitFor({ timeout: 60_000 })
      await taking.getByRole('button', { name: 'Import the case' }).click()
      await taking.getByText(`${NUMBER} was imported.`).waitFor({ timeout: 120_000 })
      await second.picture('incidents-10-import')
      await taking.getByRole('button', { name: `Open ${NUMBER}` }).click()
      await other.locator('.in-sentence', { hasText: 'Data left the network' }).waitFor()
      expect(await other.locator('.in-phase-done').count()).toBe(7)
      await other.getByRole('tab', { name: /^Ledger/ }).click()
      await other.getByText('intact', { exact: false }).waitFor()
      await second.picture('incidents-11-other-desk')
      expect(second.complaints).toEqual([])
    } finally {
      await second.close()
    }
  })

  test('nothing went wrong on the page', () => {
    expect(desk.complaints).toEqual([])
  })
})
