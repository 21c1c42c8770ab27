/** Overview, Sources and Rules in a real browser over the made-up engine: figures lead to lists, everything from the keyboard. */
import { describe, expect, it } from 'vitest'
import { axeFindings, axeInThemes } from '../fixtures/axe.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (hash: string, params = '', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const hash = (): Promise<string> => page.evaluate(() => decodeURIComponent(window.location.hash))
const notice = (text: string): Promise<void> => page.locator('.statusbar [role=status]', { hasText: text }).waitFor()
const rowsThere = (): Promise<void> => page.locator('.ag-row').first().waitFor()
const current = (): Promise<string> =>
  page
    .locator('.ag-row-selected')
    .getAttribute('row-id')
    .then((id) => id ?? '')

describe('the overview', () => {
  it('has a list behind every figure', async () => {
    await open('#/overview')
    await page.getByRole('group', { name: 'Open alerts' }).waitFor()
    const figures = page.locator('.ov-big, .ov-figure, .ov-ranking li b')
    for (const figure of await figures.all())
      expect(
        await figure.evaluate((element) => element.closest('a[href]')?.getAttribute('href') ?? ''),
        await figure.innerText(),
      ).toMatch(/^#\/(?:alerts|events|sources)/)
    await page.getByRole('link', { name: '37', exact: true }).click()
    await eventually(hash).toBe('#/alerts?where=severity:high')
  })
  it('reads a slot of time with the arrows and opens it with Enter', async () => {
    await open('#/overview')
    const chart = page.getByRole('slider', { name: /^Detections over time/ })
    await chart.focus()
    await press('ArrowLeft', 'ArrowDown')
    await eventually(() => chart.getAttribute('aria-valuenow')).toBe('94')
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/High \d/)
    await press('Enter')
    await eventually(hash).toMatch(/^#\/alerts\?states=open,snoozed,decided&where=severity:high&from=.*Z&to=.*Z$/)
  })
  it('changes its window from the keyboard and walks through its figures', async () => {
    await open('#/overview')
    await page.locator('.ov-big').first().waitFor()
    await press(']')
    await eventually(hash).toBe('#/overview?hours=168')
    await press('[', '[')
    await eventually(hash).toBe('#/overview?hours=4')
    await page.locator('.ov-big').first().waitFor()
    await press('j', 'j', 'k')
    expect(await page.evaluate(() => document.activeElement?.closest('.ov-body') !== null)).toBe(true)
  })
  it('says what failed, and what to do', async () => {
    await open('#/overview', 'failing=overview.numbers')
    await page.getByText('The numbers could not be read.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  })
})

describe('the sources', () => {
  it('opens one from the keyboard, pauses it, and goes back', async () => {
    await open('#/sources')
    await rowsThere()
    await press('j', 'j', 'Enter')
    const id = await current()
    await eventually(hash).toBe(`#/sources/${id}`)
    await page.getByRole('complementary', { name: /^Source / }).waitFor()
    await press('p')
    await notice('is paused')
    await page.getByRole('button', { name: /^Resume/ }).waitFor()
    await press('Escape')
    await eventually(hash).toBe('#/sources')
  })
  it('shows a source that a link names', async () => {
    await open('#/sources/s6')
    await eventually(current).toBe('s6')
    await page.getByText('TCP 127.0.0.1:6514: another program listens on this port').waitFor()
  })
  it('adds a followed file: chosen from folders, looked at, named after itself', async () => {
    await open('#/sources')
    await rowsThere()
    await press('n')
    const dialog = page.getByRole('dialog', { name: 'Add a source' })
    await dialog.getByRole('button', { name: /auth\.log/ }).click()
    await dialog.getByText('rejected: not valid JSON').waitFor()
    await dialog.getByRole('button', { name: 'Follow', exact: true }).click()
    await notice('auth.log is read now')
    await eventually(hash).toBe('#/sources/s7')
    await eventually(() => page.locator('.ag-row').count()).toBe(7)
  })
  it('refuses settings that cannot be, at their fields', async () => {
    await open('#/sources?add=syslog-tls')
    const dialog = page.getByRole('dialog', { name: 'Add a source' })
    await dialog.getByLabel('Port', { exact: true }).fill('70000')
    await dialog.getByRole('button', { name: 'Listen' }).click()
    await dialog.getByText('A whole number from 0 to 65535.').waitFor()
    expect(await dialog.getByText('Give a PEM file.').count()).toBe(2)
    await press('Escape')
    await eventually(hash).toBe('#/sources')
  })
  it('imports with progress, which goes on while another view is looked at, and can be stopped', async () => {
    await open('#/sources?add=import')
    await page.getByRole('button', { name: /auth\.log/ }).click()
    await page.getByRole('button', { name: 'Import 1 path' }).click()
    await page.getByText('Importing').waitFor()
    await press('g', 'o')
    await eventually(hash).toBe('#/overview')
    await press('g', 's')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('The import was stopped.').waitFor()
  })
  it('shows what was rejected, and that it is harmless', async () => {
    await open('#/sources')
    await rowsThere()
    await press('r')
    await page.getByText('no text: it holds NUL characters').first().click()
    await page.getByRole('region', { name: 'Rejected record' }).getByText('<script>alert(1)</script>').waitFor()
    expect(await page.locator('.so-raw script').count()).toBe(0)
    await page.getByText('\\u202e').first().waitFor()
  })
  it('asks before it removes one', async () => {
    await open('#/sources/s2')
    await page.getByRole('button', { name: /^Remove/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove web-01 access log?' })
    await dialog.getByRole('button', { name: 'Remove source' }).click()
    await notice('was removed')
    await eventually(() => page.locator('.ag-row').count()).toBe(5)
  })
  it('has a way on where there is nothing', async () => {
    await open('#/sources', 'empty')
    await page.getByText('No source yet.', { exact: false }).waitFor()
    await press('i')
    await page.getByRole('dialog', { name: 'Import files' }).waitFor()
  })
})

describe('the rules', () => {
  it('filters by words and keeps the filter in the address', async () => {
    await open('#/rules')
    await rowsThere()
    await press('/')
    await page.keyboard.type('lsass')
    await eventually(() => page.locator('.ag-row').count()).toBe(2)
    await eventually(hash).toBe('#/rules?q=lsass')
    await press('Enter', 'Escape')
    await eventually(hash).toBe('#/rules')
  })
  it('shows the text, turns the rule off, and goes to its alerts', async () => {
    await open('#/rules')
    await rowsThere()
    await press('j', 'Enter')
    await page.getByRole('region', { name: 'Rule text' }).getByText('detection:').waitFor()
    await press('t')
    await notice('Its alerts stay.')
    await press('v')
    await eventually(hash).toMatch(/^#\/alerts\?states=open,snoozed,decided&where=detection:/)
  })
  it('names every problem at its line and column', async () => {
    await open('#/rules')
    await page.getByRole('tab', { name: /Problems/ }).click()
    await page.getByText('/home/analyst/rules/bad.yml:12:5').waitFor()
    await page.getByText('did you mean startswith?', { exact: false }).waitFor()
  })
  it('says that a rule is slow, puts it aside, and runs it', async () => {
    await open('#/rules?keep=slow')
    await rowsThere()
    await eventually(() => page.locator('.ag-row').count()).toBe(1)
    await page.locator('.ag-row').dblclick()
    const evaluation = page.getByRole('region', { name: 'Evaluation' })
    await evaluation
      .getByRole('status')
      .getByText(/^Slow: it takes 41 % of the time of all rules, and up to 84(\.0)? ms/)
      .waitFor()
    await evaluation.getByText('Cost so far: 41 %', { exact: false }).waitFor()
    await evaluation.getByRole('button', { name: 'Put aside' }).click()
    await evaluation.getByText('It will first run over everything that is stored.').waitFor()
    expect(await evaluation.getByRole('combobox').inputValue()).toBe('24')
    await evaluation.getByRole('button', { name: 'Run now' }).click()
    await evaluation.getByText('3 matches in 1\u202f200\u202f000 events.', { exact: false }).waitFor()
    await evaluation.getByRole('combobox').selectOption('0')
    await notice('is evaluated live.')
  })
  it('shows the filters of a rule', async () => {
    await open('#/rules/wf-web-shell-output-2')
    const filters = page.getByRole('region', { name: 'Filters' })
    await filters.locator('summary').click()
    await filters.getByText('rules: any').waitFor()
  })
  it('adds a folder', async () => {
    await open('#/rules?show=folders')
    await page.getByText('shipped with Watchfloor').waitFor()
    await press('n')
    const dialog = page.getByRole('dialog', { name: 'Add folder' })
    await dialog.getByRole('button', { name: 'Use this folder' }).click()
    await eventually(() => dialog.getByLabel('Folder', { exact: true }).inputValue()).toBe('/var/log')
    await dialog.getByRole('button', { name: 'Add folder' }).click()
    await notice('12 rules were loaded, 0 with errors.')
  })
})

describe('for everyone', () => {
  const places = [
    '#/overview',
    '#/sources/s2',
    '#/sources?rejected=all',
    '#/sources?add=folder',
    '#/rules/wf-web-shell-output-2',
    '#/rules/windows?show=sources',
    '#/rules/Administrators?show=lists',
    '#/rules/Web servers?show=packs',
    '#/rules?show=packs',
    '#/rules?folder=resources/rules',
    '#/rules?show=problems',
    '#/rules?show=folders',
    '#/rules?show=coverage',
    '#/rules/wf-web-shell-output-2?show=edit',
  ]
  it.each(
    places.flatMap(
      (place) =>
        [
          [place, 'dark', 'en', 1440, 900],
          [place, 'light', 'ko', 1366, 768],
        ] as const,
    ),
  )('%s is accessible, %s, %s', async (place, theme, language, width, height) => {
    await open(place, `fixed&theme=${theme}&language=${language}`, { width, height })
    await page.locator('.ov-big, .ag-row, .ru-problems, .ru-folders, .rs-table, .rc-cell, .rw-area').first().waitFor()
    expect(await (theme === 'dark' ? axeInThemes(page, 'contrast') : axeFindings(page, 'html', 'colours'))).toEqual([])
    // The page never scrolls; panes do.
    expect(
      await page.evaluate(
        () =>
          document.documentElement.scrollWidth <= window.innerWidth &&
          document.documentElement.scrollHeight <= window.innerHeight,
      ),
    ).toBe(true)
  })
})
