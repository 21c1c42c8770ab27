/** Keeping things as evidence from where they are found, with the keyboard. */
import { expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const dialog = () => page.getByRole('dialog', { name: 'Keep as evidence' })
const notice = () => page.locator('.statusbar-notice, .statusbar-fault').first()

it('an event’s raw record is kept in a chosen incident, and the next one goes there too', async () => {
  await openScreen('fixed', '#/events')
  await page.locator('.ag-row').first().waitFor()
  await page.locator('.ag-row').first().click()
  await page.keyboard.press('E')
  await dialog().locator('.ip-row').first().waitFor()
  await eventually(() => dialog().locator('.ip-row.on').count()).toBe(1)
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('ArrowDown')
  const number = await dialog().locator('.ip-row.on .mono').innerText()
  await page.keyboard.press('Enter')
  await dialog().waitFor({ state: 'detached' })
  expect(await notice().innerText()).toMatch(new RegExp(`^Kept in ${number} as EV-`))
  await page.keyboard.press('E')
  await eventually(() => dialog().locator('.ip-row.on .mono').innerText()).toBe(number)
})

it('an alert’s record is kept in its incident, with its packets where they are wanted', async () => {
  await openScreen('fixed', '#/alerts')
  await page.locator('.al-detail .al-body').waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('E')
  await eventually(() => dialog().locator('.ip-row.on').count()).toBe(1)
  await dialog().getByText('Its packets too', { exact: false }).click()
  await dialog().getByLabel('Note').fill('the answer of the web shell')
  await dialog()
    .getByRole('button', { name: /^Keep in INC-/ })
    .click()
  await dialog().waitFor({ state: 'detached' })
  expect(await notice().innerText()).toMatch(/^Kept in INC-\S+ as EV-\d+ (?:and|&) EV-\d+\./)
})
