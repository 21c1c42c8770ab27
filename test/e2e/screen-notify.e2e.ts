/** Who is told of what, in a real browser over the made-up engine: from the keyboard, what is refused, for everyone. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { eventually, openScreen, page, settled, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (params = '', size?: { width: number; height: number }): Promise<void> => openScreen(params, '#/settings', size)
const channels = () => page.getByRole('region', { name: 'Ways out of the desk' })
const subscriptions = () => page.getByRole('region', { name: 'Who is told of what' })
const messages = () => page.getByRole('region', { name: 'Messages', exact: true })

describe('channels', () => {
  it('say where they lead, what is wrong, and that they accept any certificate', async () => {
    await open()
    await channels().getByText('mail.acme.example:587, STARTTLS, soc@acme.example').waitFor()
    await channels().getByText('mail.acme.example:587 refuses the connection', { exact: false }).waitFor()
    await channels().getByText('Any certificate is accepted', { exact: false }).waitFor()
    expect(await page.content()).not.toContain('type="password" value')
  })
  it('are added from the keyboard, and the form names what is missing', async () => {
    await open()
    await channels().getByRole('button', { name: 'Add webhook' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add webhook' })
    await dialog.getByLabel('Name').waitFor()
    await page.keyboard.type('Chat')
    await page.keyboard.press('Enter')
    await dialog.getByText('Give an http or https address without a password in it.').waitFor()
    await dialog.getByLabel('Address').fill('https://chat.acme.example/hook')
    await page.keyboard.press('Enter')
    // The engine wants a secret.
    await eventually(() => dialog.getByLabel('Shared secret').getAttribute('aria-invalid')).toBe('true')
    await dialog.getByLabel('Shared secret').fill('short')
    await page.keyboard.press('Enter')
    expect(await dialog.isVisible()).toBe(true)
    await dialog.getByLabel('Shared secret').fill('a secret that is long enough')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await channels().getByText('https://chat.acme.example/hook').waitFor()
    expect(await page.content()).not.toContain('a secret that is long enough')
  })
  it('take the usual port along, and say what no TLS means', async () => {
    await open()
    await channels().getByRole('button', { name: 'Add mail' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add mail' })
    await dialog.getByRole('radio', { name: 'TLS', exact: true }).click()
    expect(await dialog.getByLabel('Port').inputValue()).toBe('465')
    await dialog.getByRole('radio', { name: 'No TLS' }).click()
    expect(await dialog.getByLabel('Port').inputValue()).toBe('25')
    await dialog.getByText('can be read on their way', { exact: false }).waitFor()
    await dialog.getByLabel('Accept any certificate').check()
    await dialog.getByText('Whoever stands in between', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
  it('are tried, with what came of it', async () => {
    await open()
    await channels().getByRole('button', { name: 'Test Ticket system' }).click()
    const hook = page.getByRole('dialog', { name: 'Test Ticket system' })
    await hook.getByRole('button', { name: 'Send a test message' }).click()
    await hook.getByRole('status').getByText('202 accepted').waitFor()
    await page.keyboard.press('Escape')
    await channels().getByRole('button', { name: 'Test Mail of the head office' }).click()
    const mail = page.getByRole('dialog', { name: 'Test Mail of the head office' })
    await mail.getByLabel('Address').fill('nobody')
    await page.keyboard.press('Enter')
    await mail.getByText('Give a mail address.').waitFor()
    await mail.getByLabel('Address').fill('me@acme.example')
    await page.keyboard.press('Enter')
    await mail.getByRole('status').getByText('refuses the connection', { exact: false }).waitFor()
  })
  it('are not removed while a subscription uses them', async () => {
    await open()
    await channels().getByRole('button', { name: 'Remove Ticket system' }).click()
    await channels().getByRole('alert').getByText('A subscription uses this channel.', { exact: false }).waitFor()
    await subscriptions().getByRole('button', { name: 'Remove Tickets' }).click()
    await subscriptions().getByText('Tickets', { exact: true }).waitFor({ state: 'detached' })
    await channels().getByRole('button', { name: 'Remove Ticket system' }).click()
    await channels().getByText('Ticket system').waitFor({ state: 'detached' })
  })
})

describe('subscriptions', () => {
  it('say who is told of what, how', async () => {
    await open()
    await subscriptions().getByText('contact@acme.example, deputy@acme.example').waitFor()
    await subscriptions().getByText('together every 30 min', { exact: false }).waitFor()
    await subscriptions().getByText('New alerts: critical & high', { exact: false }).waitFor()
  })
  it('are added for the desktop without addresses, for mails not', async () => {
    await open()
    await subscriptions().getByRole('button', { name: 'Add subscription' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add subscription' })
    await dialog.getByLabel('Name').fill('Mine')
    await page.keyboard.press('Enter')
    await dialog.getByText('Give one to 20 mail addresses.').waitFor()
    await dialog.getByLabel('Channel').selectOption('desktop')
    await dialog.getByLabel('Addresses').waitFor({ state: 'detached' })
    await dialog.getByLabel('Quiet hours').check()
    await dialog.getByLabel('From').waitFor()
    await dialog.getByRole('button', { name: 'Save the subscription' }).click()
    await dialog.waitFor({ state: 'detached' })
    await subscriptions().getByText('Mine').waitFor()
  })
})

describe('messages', () => {
  it('show their state and why; what they say is text', async () => {
    await open()
    await messages().getByText('550 5.1.1 no such user', { exact: false }).waitFor()
    const hostile = messages().getByRole('button', { name: 'Digest with a <b>name</b> and \\u202egnihtemos', exact: true })
    await hostile.focus()
    await page.keyboard.press('Enter')
    await messages().locator('pre').getByText('<script>alert(1)</script>', { exact: false }).waitFor()
    expect(await messages().locator('b').count()).toBe(0)
  })
  it('are filtered, tried again and cancelled', async () => {
    await open()
    await messages().getByRole('radio', { name: 'Given up 1' }).click()
    await eventually(() => messages().locator('tbody tr').count()).toBe(1)
    await messages()
      .getByRole('button', { name: /^Try again:/ })
      .click()
    await messages().getByText('None.').waitFor()
    await messages().getByRole('radio', { name: 'Waiting 3' }).click()
    await eventually(() => messages().locator('tbody tr').count()).toBe(3)
    await messages().getByRole('button', { name: 'Cancel 3 that wait' }).click()
    await messages().getByRole('radio', { name: 'Cancelled 4' }).waitFor()
  })
  it('that cannot be read say so, and the rest goes on', async () => {
    await open('failing=notify.messages')
    await messages().getByRole('alert').waitFor()
    await channels().getByText('Ticket system').waitFor()
  })
})

describe('notes on the desktop', () => {
  it('are shown once they are turned on, and not before', async () => {
    await open()
    await page.evaluate(() => {
      const shown: string[] = []
      class Shown extends EventTarget {
        static permission = 'granted'
        static requestPermission = (): Promise<string> => Promise.resolve('granted')
        constructor(title: string) {
          super()
          shown.push(title)
        }
        close(): void {}
      }
      Object.assign(window, { Notification: Shown, shown })
    })
    const shown = (): Promise<readonly string[]> => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
    await settled()
    expect(await shown()).toEqual([])
    await page.getByLabel('Show notes').check()
    await eventually(shown).toEqual(['Alert (critical): Web shell: output of a command in the answer, web-01'])
  })
})

describe('for everyone', () => {
  it.each([
    ['dark', 'en', 1440, 900],
    ['light', 'ko', 1366, 768],
    ['contrast', 'en', 1366, 768],
  ] as const)('the settings are accessible, %s, %s', async (theme, language, width, height) => {
    await open(`fixed&theme=${theme}&language=${language}`, { width, height })
    await page.locator('.no-table tbody tr').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.locator('.settings').evaluate((pane) => pane.scrollWidth <= pane.clientWidth)).toBe(true)
    for (const label of language === 'ko' ? ['메일 추가', '구독 추가'] : ['Add mail', 'Add subscription']) {
      await page.getByRole('button', { name: label, exact: true }).click()
      await page.getByRole('dialog').waitFor()
      expect(await axeFindings(page, '.wf-dialog')).toEqual([])
      expect(await page.locator('.wf-dialog-body').evaluate((body) => body.scrollWidth <= body.clientWidth)).toBe(true)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })
})
