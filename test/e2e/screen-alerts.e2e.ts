/** The Alerts view in a real browser over the made-up engine: everything from the keyboard. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { current, ids, press, rowsThere } from '../fixtures/screen/queue-on-screen.ts'
import { eventually, openScreen, page, settled, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (params = '', hash = '#/alerts', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)
const notice = (text: string): Promise<void> => page.locator('.statusbar [role=status]', { hasText: text }).waitFor()
const tabCount = (name: string): Promise<string> => page.getByRole('tab', { name }).locator('i').innerText()

/** What a colleague does, told to the screen as anything else. */
const decideElsewhere = async (id: string): Promise<void> => {
  await page.evaluate(async (one) => {
    const said = { why: 'other', reason: 'x', restsOn: null, join: null }
    await window.fake.handlers['alerts.decide']({ ids: [one], verdict: 'false_positive', ...said }, {} as never)
  }, id)
}

describe('the queue', () => {
  it('has its first row under the cursor, and its panel beside it', async () => {
    await open()
    await rowsThere()
    const first = (await ids())[0] ?? ''
    await eventually(current).toBe(first)
    await page
      .getByRole('complementary', { name: `Alert A-${first}` })
      .getByText('Why it fired')
      .waitFor()
    await eventually(() => page.locator('.al-rule mark').count()).toBeGreaterThan(0)
  })
  it('moves with j and k, and by the arrows, and stays at the ends', async () => {
    await open()
    await rowsThere()
    const [a, b, c] = await ids()
    await press('j', 'j')
    await eventually(current).toBe(c)
    await press('k')
    await eventually(current).toBe(b)
    await press('ArrowUp', 'k', 'k')
    await eventually(current).toBe(a)
    await press('G')
    await eventually(current).not.toBe(a)
    await press('g', 'g')
    await eventually(current).toBe(a)
  })
  it('decides with d and a digit; the cursor is on the next alert, u takes it back', async () => {
    await open()
    await rowsThere()
    const [first, second] = await ids()
    const openBefore = Number(await tabCount('Open'))
    await press('d', '3')
    await eventually(current).toBe(second)
    await notice('Decided: False positive.')
    await eventually(() => page.locator(`.ag-row[row-id="${first}"]`).getAttribute('class')).toContain('al-left')
    await eventually(() => tabCount('Open')).toBe(String(openBefore - 1))
    expect((await ids())[0]).toBe(first)
    await press('u')
    await notice('Decision undone.')
    await eventually(current).toBe(first)
    await eventually(() => tabCount('Open')).toBe(String(openBefore))
    await page.locator('.al-history').first().getByText('decided:').waitFor()
  })
  it('keeps the reason, and shows who decided', async () => {
    await open()
    await rowsThere()
    const [first] = await ids()
    await press('4', 'r')
    await page.keyboard.type('planned maintenance <b>x</b>')
    await press('Enter')
    await notice('Decided: Benign true positive.')
    await press('g', 'g')
    await eventually(current).toBe(first)
    await page.locator('.al-history q', { hasText: 'planned maintenance <b>x</b>' }).waitFor()
  })
  it('acts on all marked rows at once', async () => {
    await open()
    await rowsThere()
    const [first, , , fourth] = await ids()
    // Keys before the cursor is there would be for nobody.
    await eventually(current).toBe(first)
    await press('J', 'J')
    await eventually(() => page.locator('.al-check.on').count()).toBe(3)
    await press('d', '2')
    await notice('3 alerts decided: True positive without impact.')
    await eventually(current).toBe(fourth)
    expect(await page.locator('.al-check.on').count()).toBe(0)
    await press('u')
    await eventually(() => page.locator('.ag-row.al-left').count()).toBe(0)
  })
  it('marks with x, and a range with shift and the mouse', async () => {
    await open()
    await rowsThere()
    await press('x')
    await page.locator('.ag-row[row-index="5"] .al-check').click({ modifiers: ['Shift'] })
    await eventually(() => page.locator('.al-check.on').count()).toBe(6)
    await press('Escape')
    await eventually(() => page.locator('.al-check.on').count()).toBe(0)
  })
  it('takes, gives back, snoozes and reopens', async () => {
    await open()
    await rowsThere()
    const [first] = await ids()
    await press('a')
    await notice('Taken.')
    await page.locator(`.ag-row[row-id="${first}"] .al-avatar.you`).waitFor()
    await press('A')
    await notice('Given back.')
    await press('z')
    await page.getByRole('menu', { name: 'Snooze' }).waitFor()
    await press('2')
    await notice('Snoozed until')
    await page.getByRole('tab', { name: 'Snoozed' }).click()
    await eventually(ids).toEqual([first])
    await press('R')
    await notice('Reopened.')
  })
  it('snoozes nothing that is decided, and the keys stay the queue\u2019s', async () => {
    await open()
    await rowsThere()
    const [first, second] = await ids()
    await press('d', '3')
    await eventually(current).toBe(second)
    await press('k', 'z')
    await eventually(current).toBe(first)
    expect(await page.getByRole('menu').count()).toBe(0)
    await press('j')
    await eventually(current).toBe(second)
    expect(await page.getByRole('menu').count()).toBe(0)
  })
  it('writes of the alert it was begun for while another desk decides it', async () => {
    await open()
    await rowsThere()
    const [first = '', second = '', third] = await ids()
    await press('f', 't')
    const dialog = page.getByRole('dialog')
    const title = await dialog.getByRole('heading').first().innerText()
    await decideElsewhere(first)
    await eventually(current).toBe(second)
    expect(await dialog.getByRole('heading').first().innerText()).toBe(title)
    await page.getByRole('complementary', { name: `Alert A-${first}` }).waitFor()
    await press('Escape', 'k')
    await page.getByRole('complementary', { name: `Alert A-${second}` }).waitFor()
    const reason = page.getByRole('textbox', { name: 'Reason' })
    await press('r')
    await page.keyboard.type('seen by ')
    await decideElsewhere(second)
    await eventually(current).toBe(third)
    await page.keyboard.type('the owner')
    expect(await reason.inputValue()).toBe('seen by the owner')
    await page.getByRole('complementary', { name: `Alert A-${second}` }).waitFor()
    await press('Enter')
    expect(await reason.evaluate((field) => document.activeElement === field)).toBe(false)
    await press('4')
    await notice('Decided: Benign true positive.')
    expect(await current()).toBe(third)
    expect(await reason.inputValue()).toBe('')
  })
  it('acts on marks in groups that are closed', async () => {
    await open('alerts=25')
    await rowsThere()
    await page.getByRole('button', { name: /Group:/ }).click()
    await press('2')
    await page.locator('.al-group').first().waitFor()
    await press('g', 'g', 'x')
    const marked = await page.locator('.al-check.on').count()
    expect(marked).toBeGreaterThan(0)
    await press('Enter')
    await eventually(() => page.locator('.al-group [aria-expanded=false]').count()).toBe(1)
    await press('d', '3')
    await notice(marked === 1 ? 'Decided: False positive.' : `${marked} alerts decided: False positive.`)
  })
  it('holds what is new until n, and moves nothing for it', async () => {
    await open()
    await rowsThere()
    const before = await ids()
    await press('j', 'j')
    const at = await current()
    await page.evaluate(() => window.fake.arrive(14))
    await page.getByText('14 new').waitFor()
    expect(await ids()).toEqual(before)
    expect(await current()).toBe(at)
    await page.locator('.rail-badge', { hasText: '14' }).waitFor()
    await press('n')
    await eventually(async () => (await ids()).join()).not.toBe(before.join())
    // The cursor went with its row.
    await eventually(current).toBe(at)
    await page.getByText('No new alerts.').waitFor()
  })
  it('follows live when told to', async () => {
    await open()
    await rowsThere()
    await press('f')
    const before = await tabCount('Open')
    await page.evaluate(() => window.fake.arrive(3))
    await eventually(() => tabCount('Open')).toBe(String(Number(before) + 3))
    await eventually(() => page.locator('.statusbar-slot').innerText()).toContain(`of ${Number(before) + 3}`)
    await eventually(() => page.locator('.al-arrival').innerText()).toContain('Following live')
    expect(await page.getByText('3 new').count()).toBe(0)
  })
  it('follows without taking the focus from row to row, and arrows go on from the cursor that went out of sight', async () => {
    await open('', '#/alerts?order=newest')
    await rowsThere()
    await press('j')
    await press('f')
    const at = await current()
    await page.evaluate(() => {
      const counted = window as unknown as { focused: number }
      counted.focused = 0
      const focus = HTMLElement.prototype.focus
      HTMLElement.prototype.focus = function (this: HTMLElement, options?: FocusOptions): void {
        counted.focused += 1
        focus.call(this, options)
      }
    })
    const before = Number((await tabCount('Open')).replace(',', ''))
    for (let n = 1; n <= 8; n++) {
      await page.evaluate(() => window.fake.arrive(10))
      await eventually(async () => (await tabCount('Open')).replace(',', '')).toBe(String(before + n * 10))
    }
    // Once for each time rows came while it was in sight.
    expect(await page.evaluate(() => (window as unknown as { focused: number }).focused)).toBeLessThanOrEqual(8)
    await page.locator('.ag-row[row-index="0"]').waitFor()
    expect(await page.locator('.ag-row-selected').count()).toBe(0)
    expect(await page.evaluate(() => document.querySelector('.al-grid')?.contains(document.activeElement))).toBe(false)
    const next = await page.evaluate(() => document.querySelector('.al-detail')?.textContent)
    await press('ArrowDown')
    await eventually(() => page.evaluate(() => document.querySelector('.al-detail')?.textContent)).not.toBe(next)
    await page.locator('.ag-row-selected').waitFor()
    await press('k')
    expect(await current()).toBe(at)
  })
  it('goes to the alert of a link from another room, and looks at one that is not in the queue until the reader moves', async () => {
    await open()
    await rowsThere()
    const [first, second, third] = await ids()
    await press('g', ',')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.evaluate((id) => (window.location.hash = `#/alerts?id=${id}`), third)
    await rowsThere()
    await eventually(current).toBe(third)
    await page.getByRole('complementary', { name: `Alert A-${third}` }).waitFor()
    await page.locator(`.ag-row[row-id="${first}"]`).click()
    await press('d', '3')
    await eventually(current).toBe(second)
    await press('g', ',')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.evaluate((id) => (window.location.hash = `#/alerts?id=${id}`), first)
    await rowsThere()
    await eventually(current).toBe(second)
    const looked = page.getByRole('complementary', { name: `Alert A-${first}` })
    await looked.getByText('Why it fired').waitFor()
    await page.locator(`.ag-row[row-id="${second}"]`).click()
    await page.getByRole('complementary', { name: `Alert A-${second}` }).waitFor()
    await press('j')
    await eventually(current).toBe(third)
  })
  it('filters, with the error at its character, and keeps the last valid rows', async () => {
    await open()
    await rowsThere()
    await press('/')
    await page.keyboard.type('severity:critical')
    await press('Enter')
    await eventually(() => page.locator('.ag-row .wf-sev-critical').count()).toBeGreaterThan(0)
    await eventually(() => page.locator('.ag-row .wf-sev-high').count()).toBe(0)
    expect(new URL(page.url()).hash).toContain('where=severity')
    await page.keyboard.type(' and (')
    await press('Enter')
    await page.locator('.q-error').first().waitFor()
    expect(await page.locator('.ag-row .wf-sev-critical').count()).toBeGreaterThan(0)
  })
  it('groups, orders, and keeps a view under a name', async () => {
    await open()
    await rowsThere()
    await page.getByRole('button', { name: /Group:/ }).click()
    await press('2')
    await page.locator('.al-group').first().waitFor()
    const grouped = await page.locator('.ag-row').count()
    await page.locator('.al-group').first().click()
    await eventually(() => page.locator('.al-group [aria-expanded=false]').count()).toBe(1)
    expect(grouped).toBeGreaterThan(3)
    await press('s', '4')
    await eventually(() => new URL(page.url()).hash).toContain('order=count')
    await page.getByRole('button', { name: 'Save this view' }).click()
    await page.keyboard.type('Loud ones')
    await press('Enter')
    await eventually(() => page.getByRole('tab', { name: 'Loud ones' }).getAttribute('aria-selected')).toBe('true')
  })
  it('loads further pages as they are reached', async () => {
    await open('alerts=1500')
    await rowsThere()
    await press('G')
    await eventually(() => page.locator('.statusbar-slot').innerText()).toMatch(/of 1.500/)
    await eventually(async () => {
      await press('G')
      return page.locator('.ag-row-selected').getAttribute('row-index')
    }).toBe('1499')
  })
  it('shows hostile text as text', async () => {
    await open('', '#/alerts?where=severity:info')
    await rowsThere()
    await eventually(() => page.locator('.al-title').first().innerText()).toContain('<script>alert(1)</script>\\u202egpj.exe')
  })
})

describe('the panel', () => {
  it('zooms, pivots, copies, and is reached with F6', async () => {
    await open()
    await rowsThere()
    await page.getByText('± 20 m').waitFor()
    await press(']')
    await page.getByText('± 10 m').waitFor()
    await press('F6')
    await eventually(() => page.evaluate(() => document.activeElement?.closest('.al-detail') !== null)).toBe(true)
    await press('Escape')
    await eventually(() => page.evaluate(() => document.activeElement?.closest('.al-grid') !== null)).toBe(true)
    const link = page.locator('.al-pivots a').first()
    expect(await link.getAttribute('href')).toMatch(/^#\/events\?where=ip%3A/)
    await press('Escape')
    await eventually(() => page.locator('.al-detail').count()).toBe(0)
    await press('Enter')
    await page.locator('.al-detail').waitFor()
  })
  it('says whether it worked, with the tests, their cites and the bytes that decided; i verifies again', async () => {
    await open()
    await rowsThere()
    const block = page.locator('.al-verification')
    await block.getByText('The answer holds the output of id.').first().waitFor()
    expect(await block.locator('.wf-deciding i.on').allInnerTexts()).toEqual(
      expect.arrayContaining([...Buffer.from('uid=33').toString('hex').match(/../g)!]),
    )
    const packet = block.getByRole('link', { name: /pkt 14.206 \+0xd6/ })
    expect(await packet.first().getAttribute('href')).toContain('#/packets?open=%2Fcaptures%2Fweb.pcapng&packet=14206')
    expect(await block.locator('tr').count()).toBe(3)
    await press('i')
    await block.getByRole('button', { name: '1 earlier result' }).click()
    await block.locator('.al-impact-earlier li').first().waitFor()
    expect(await page.locator('.ag-row .wf-impact').count()).toBeGreaterThan(5)
  })
})

describe('triage by method', () => {
  it('offers reasons of the verdict, and the test it rests on', async () => {
    await open()
    await rowsThere()
    const why = page.getByRole('combobox', { name: 'Reason from the list' })
    expect(await why.isDisabled()).toBe(true)
    await press('2')
    await eventually(() => why.inputValue()).toBe('attempt_failed')
    await page.getByText('Rests on command-output-shown (verification 1).').waitFor()
    await why.selectOption('scan_only')
    await press('d')
    await notice('Decided: True positive without impact.')
  })
  it('makes an incident of what had impact, and says which', async () => {
    await open()
    await rowsThere()
    await press('d', '1')
    await notice('INC-2026-')
  })
  it('refuses another reason without words', async () => {
    await open()
    await rowsThere()
    const first = await current()
    await press('3')
    await page.getByRole('combobox', { name: 'Reason from the list' }).selectOption('other')
    await page.locator('.ag-root').first().focus()
    await press('d')
    await notice('Another reason wants words.')
    expect(await current()).toBe(first)
  })
  it('offers the same verdict for alerts alike, with what differs', async () => {
    await open()
    await rowsThere()
    await press('d', '3')
    await notice('undecided: l.')
    await press('l')
    const dialog = page.getByRole('dialog')
    await dialog.locator('.al-alike li').first().waitFor()
    const boxes = dialog.getByRole('checkbox')
    if (!(await boxes.first().isChecked())) await boxes.first().check()
    await dialog.getByRole('button', { name: /the same$/ }).click()
    await notice('Decided: False positive.')
  })
  it('tunes with what it would have removed, an owner, a reason and an end', async () => {
    await open()
    await rowsThere()
    await press('t')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/It would have removed/).waitFor()
    const add = dialog.getByRole('button', { name: 'Suppress' })
    expect(await add.isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('our own scanner')
    expect(await axeFindings(page)).toEqual([])
    await add.click()
    await notice('Suppressed.')
  })
  it('tells the method', async () => {
    await open()
    await rowsThere()
    await press('m')
    await page.getByRole('dialog', { name: 'How alerts are decided' }).getByText('An attack that worked.').waitFor()
    expect(await axeFindings(page)).toEqual([])
  })
})

describe('WCAG 2.2 AA', () => {
  // What lies over the queue is looked at in every theme by itself, and with few rows: the queue is the first state.
  const states: readonly (readonly [name: string, params: string, within: string, prepare: () => Promise<void>])[] = [
    [
      'the queue with its panel',
      'alerts=25',
      'html',
      async () => {
        await page.evaluate(() => window.fake.arrive(3))
        await page.locator('.al-history').first().waitFor()
      },
    ],
    [
      'groups',
      'alerts=25',
      'html',
      async () => {
        await page.getByRole('button', { name: /Group:/ }).click()
        await press('3')
        await page.locator('.al-group').first().waitFor()
      },
    ],
    [
      'the filter',
      'alerts=12',
      '.wf-viewbar',
      async () => {
        await press('/')
        await page.keyboard.type('sev')
      },
    ],
    [
      'the order menu',
      'alerts=12',
      '[role=menu]',
      async () => {
        await press('s')
        await page.getByRole('menu').waitFor()
      },
    ],
    [
      'the time range',
      'alerts=12',
      '[role=dialog]',
      async () => {
        await page.getByRole('button', { name: /Time range/ }).click()
        await page.getByRole('dialog').waitFor()
      },
    ],
    [
      'the palette',
      'alerts=12',
      '[role=dialog]',
      async () => {
        await press('Control+k')
        await page.getByRole('dialog').getByRole('combobox').waitFor()
      },
    ],
    [
      'the sheet',
      'alerts=12',
      '[role=dialog]',
      async () => {
        await press('?')
        await page.getByRole('dialog').waitFor()
      },
    ],
    ['banners', 'banner&alerts=12', '.wf-banner', async () => {}],
  ]
  it.each(states)('%s', async (_name, params, within, prepare) => {
    await open(params)
    await rowsThere()
    await prepare()
    for (const theme of ['dark', 'light', 'contrast']) {
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name
      }, theme)
      expect(await (theme === 'dark' ? axeFindings(page) : axeFindings(page, within, 'colours')), theme).toEqual([])
    }
  })
  it.each([
    ['empty', '#/alerts'],
    ['failing=alerts.search', '#/alerts'],
    ['', '#/settings'],
    ['', '#/alerts?where=title:zzz'],
  ])('%s %s', async (params, hash) => {
    await open(params, hash)
    await settled()
    expect(await axeFindings(page)).toEqual([])
  })
  it('fits 1366 × 768 without scrolling the page', async () => {
    await open('language=ko', '#/alerts', { width: 1366, height: 768 })
    await rowsThere()
    const size = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])
    expect(size).toEqual([1366, 768])
    const over = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.topbar, .wf-viewbar, .statusbar, .al-decide, .al-arrival')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.className),
    )
    expect(over).toEqual([])
  })
})
