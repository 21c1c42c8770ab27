/** Assets in a real browser over the made-up engine: from the keyboard, the page of one, forms, imports, for everyone. */
import { describe, expect, it } from 'vitest'
import { axeFindings, axeInThemes } from '../fixtures/axe.ts'
import { eventually, openScreen, page, settled, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (hash: string, params = '', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const hash = (): Promise<string> => page.evaluate(() => decodeURIComponent(window.location.hash))
const rowsThere = (): Promise<void> => page.locator('.ag-row').first().waitFor()

describe('the assets', () => {
  it('are gone to, opened and left with the keyboard', async () => {
    await open('#/sources')
    await rowsThere()
    await press('g', 'h')
    await eventually(hash).toBe('#/assets')
    await rowsThere()
    await press('j', 'Enter')
    await eventually(hash).toBe('#/assets/web')
    const panel = page.getByRole('complementary', { name: 'Asset shop-web-01' })
    await panel.getByText('Apache httpd').waitFor()
    expect(await panel.getByRole('row', { name: /Jetty/ }).getByText('observed').count()).toBe(1)
    await press('2')
    await panel.getByText('CVE-2021-41773').waitFor()
    await press('j')
    await eventually(hash).toBe('#/assets/db?tab=weaknesses')
    await page.getByRole('complementary', { name: 'Asset shop-db-01' }).waitFor()
    await press('Escape')
    await eventually(hash).toBe('#/assets')
  })
  it('are searched and narrowed; the address keeps how', async () => {
    await open('#/assets')
    await rowsThere()
    await press('/')
    await page.keyboard.type('postgresql')
    await eventually(() => page.locator('.ag-row').count()).toBe(1)
    await eventually(hash).toBe('#/assets?text=postgresql')
    await page.keyboard.type('zzz')
    await page.getByText('No asset fits.').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await rowsThere()
    await page.getByRole('radio', { name: 'Registered' }).click()
    await eventually(() => page.locator('.ag-row').count()).toBe(4)
    await page.getByLabel('Customer').selectOption({ label: '한강 의원' })
    await eventually(() => page.locator('.ag-row').count()).toBe(1)
  })
  it('show standing weaknesses first, the known exploited marked, and the settled when asked', async () => {
    await open('#/assets/web?tab=weaknesses')
    const panel = page.getByRole('complementary', { name: 'Asset shop-web-01' })
    const rows = panel.locator('.as-weak > li')
    await eventually(() => rows.count()).toBe(4)
    expect(await rows.first().innerText()).toMatch(/CVE-2021-41773[\s\S]*KEV[\s\S]*Due date of the catalogue: 2021-11-17/)
    await panel.getByRole('radio', { name: 'All' }).click()
    await eventually(() => rows.count()).toBe(6)
    await panel.getByText('the maker says so').waitFor()
  })
  it('lead to their alerts, IDS events, incidents, talkers and baseline', async () => {
    await open('#/assets/web?tab=alerts')
    const panel = page.getByRole('complementary', { name: 'Asset shop-web-01' })
    await panel.getByRole('link', { name: /in the queue/ }).waitFor()
    await press('4')
    const signatures = panel.locator('.as-signatures a')
    await signatures.first().waitFor()
    for (const text of await signatures.allInnerTexts()) expect(text).toMatch(/^\d{7}\s[\s\S]*(?:← \S|→ \S+:\d)/)
    expect(await signatures.first().getAttribute('href')).toContain('event=')
    await panel.getByRole('link', { name: 'All IDS events of this asset' }).waitFor()
    await press('5')
    await panel.getByText('named in it').waitFor()
    await panel.getByRole('link', { name: /INC-2026-0117/ }).waitFor()
    await press('6')
    await panel.getByRole('link', { name: 'shop-db-01' }).waitFor()
    await press('7')
    await panel.getByText('Against 7 earlier days.').waitFor()
    expect(await panel.locator('tr.as-above').count()).toBe(1)
    await press('6')
    await panel.getByRole('link', { name: 'shop-db-01' }).click()
    await page.getByRole('complementary', { name: 'Asset shop-db-01' }).waitFor()
  })
})

describe('the forms', () => {
  it('add an asset, and say at the field what is wrong', async () => {
    await open('#/assets')
    await rowsThere()
    await press('n')
    const dialog = page.getByRole('dialog', { name: 'Add an asset' })
    await page.keyboard.type('mail-01')
    await dialog.getByLabel('Addresses').fill('nonsense')
    await dialog.getByLabel('Services').fill('25 | smtp\nwrong line')
    await dialog.getByRole('button', { name: 'Add asset' }).click()
    await dialog.getByText('This line is no service: wrong line').waitFor()
    await dialog.getByLabel('Services').fill('25/tcp | smtp | Postfix | 3.5')
    await dialog.getByRole('button', { name: 'Add asset' }).click()
    await dialog.getByText('Refused: nonsense is no address.').waitFor()
    await dialog.getByLabel('Addresses').fill('10.0.0.25')
    await dialog.getByRole('button', { name: 'Add asset' }).click()
    await page.getByRole('complementary', { name: 'Asset mail-01' }).getByText('Postfix').waitFor()
  })
  it('register what was observed, and remove after asking', async () => {
    await open('#/assets/seen0')
    const panel = page.getByRole('complementary', { name: 'Asset ws-100' })
    await panel.getByRole('button', { name: /Register/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Register ws-100' })
    expect(await dialog.getByLabel('Addresses').inputValue()).toBe('10.20.3.10')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await panel.getByRole('button', { name: /Change/ }).waitFor()
    await press('Delete')
    await page.getByRole('dialog', { name: 'Remove ws-100?' }).getByRole('button', { name: 'Remove asset' }).click()
    await eventually(hash).toBe('#/assets')
    await eventually(() => page.getByText('ws-100', { exact: true }).count()).toBe(0)
  })
  it('add and change customers', async () => {
    await open('#/assets?dialog=customers')
    const dialog = page.getByRole('dialog', { name: 'Customers' })
    await dialog.getByText('3 assets').waitFor()
    expect(await dialog.getByRole('button', { name: 'Remove Hanbit Shop' }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Add customer' }).click()
    await dialog.getByLabel('Name').fill('Seoul Foods')
    await dialog.getByRole('button', { name: 'Add contact' }).click()
    await dialog.getByLabel('Contact', { exact: true }).fill('Lee')
    await dialog.getByLabel('E-mail').fill('lee@foods.example')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Lee <lee@foods.example>').waitFor()
    await press('Escape')
    await eventually(hash).toBe('#/assets')
  })
  it('import files, and name rows that were left out', async () => {
    await open('#/assets')
    await rowsThere()
    await press('i')
    const dialog = page.getByRole('dialog', { name: 'Import assets and vulnerability data' })
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.getByText('Choose a file, or type its path.').waitFor()
    await dialog.getByLabel('Or type a path', { exact: true }).fill('/home/analyst/scan.xml')
    await dialog.getByRole('button', { name: 'Import 1 file' }).click()
    await dialog.getByText('nmap-xml: 42 rows, 3 added, 38 changed').waitFor()
    await dialog.getByText('118:7').waitFor()
    await dialog.getByText('No IP address.').waitFor()
  })
  it('say what is no inventory', async () => {
    await open('#/assets?dialog=import')
    const dialog = page.getByRole('dialog', { name: 'Import assets and vulnerability data' })
    await dialog.getByLabel('Or type a path', { exact: true }).fill('/home/analyst/bad.bin')
    await press('Enter')
    await dialog.getByText('It is no inventory and no vulnerability data that is known.').waitFor()
  })
  it('begin where there is none', async () => {
    await open('#/assets', 'empty')
    await page.getByText('No asset yet.', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Import assets and vulnerability data' }).click()
    await page.getByRole('dialog', { name: 'Import assets and vulnerability data' }).waitFor()
  })
})

describe('for everyone', () => {
  const places = [
    ['list', '#/assets', '.ag-row'],
    ['services', '#/assets/web', '.as-table'],
    ['weaknesses', '#/assets/web?tab=weaknesses', '.as-weak'],
    ['signatures', '#/assets/web?tab=signatures', '.as-signatures a'],
    ['talkers', '#/assets/web?tab=talkers', '.as-peers'],
    ['baseline', '#/assets/web?tab=baseline', '.as-baseline'],
    ['form', '#/assets?dialog=add', '.as-form'],
    ['customers', '#/assets?dialog=customers', '.as-customers'],
    ['import', '#/assets?dialog=import', '.as-form'],
  ] as const
  it.each(
    places.flatMap(([name, place, there]) => [
      [name, place, there, 'dark', 'en', 1440, 900] as const,
      [name, place, there, 'light', 'ko', 1366, 768] as const,
    ]),
  )('%s at %s is accessible (%s, %s, %s)', async (_name, place, there, theme, language, width, height) => {
    await open(place, `fixed&theme=${theme}&language=${language}`, { width, height })
    await page.locator(there).first().waitFor()
    await settled()
    expect(await (theme === 'dark' ? axeInThemes(page, 'contrast') : axeFindings(page, 'html', 'colours'))).toEqual([])
    await nothingAtTheSide()
    if (theme !== 'dark') return
    await page.setViewportSize({ width: 3840, height: 2160 })
    await settled()
    await nothingAtTheSide()
  })
})

async function nothingAtTheSide(): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  for (const part of ['.as-panel-body', '.wf-dialog-body'])
    expect(await page.locator(part).evaluateAll((all) => all.every((one) => one.scrollWidth <= one.clientWidth))).toBe(true)
}
