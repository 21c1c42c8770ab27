/** Incidents in a real browser over the made-up engine: from the list to a decided story, with the keyboard, for everyone. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import '../fixtures/screen/fake-window.ts'
import { eventually, openScreen, page, settled, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const STORY = 'INC-2026-0117'
const open = (hash: string, params = 'fixed', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const hash = (): Promise<string> => page.evaluate(() => decodeURIComponent(window.location.hash))
const title = () => page.locator('.in-title')
const openStory = async (params = 'fixed', tab = '', size?: { width: number; height: number }): Promise<void> => {
  await open(`#/incidents/${STORY}${tab ? `?tab=${tab}` : ''}`, params, size)
  await title().waitFor()
}
const status = () => page.locator('.statusbar-notice, .statusbar-fault').first()

describe('the list', () => {
  it('says how many are open on the rail of every view, and opens one with Enter', async () => {
    await open('#/alerts')
    await eventually(() => page.locator('.rail a[href="#/incidents"] .rail-badge').innerText()).toBe('3')
    await press('g', 'i')
    await page.locator('.ag-row').first().waitFor()
    await press('j', 'Enter')
    await eventually(hash).toMatch(/^#\/incidents\/INC-2026-011\d$/)
    await title().waitFor()
    await press('Escape')
    await eventually(hash).toBe('#/incidents')
  })
  it('opens the row that is highlighted, also when another came above it', async () => {
    await open('#/incidents')
    await page.locator('.ag-row').nth(2).waitFor()
    await press('j')
    const selected = page.locator('.ag-row-selected')
    const number = (await selected.getAttribute('row-id')) ?? ''
    const index = Number(await selected.getAttribute('row-index'))
    await page.evaluate(async () => {
      const draft = { title: 'Opened at another desk', alerts: [], edit: {} }
      await window.fake.handlers['incidents.create'](draft as never, {} as never)
    })
    await eventually(() => page.locator('.ag-row').count()).toBe(4)
    await eventually(() => selected.getAttribute('row-index')).toBe(String(index + 1))
    expect(await selected.getAttribute('row-id')).toBe(number)
    await press('Enter')
    await eventually(hash).toBe(`#/incidents/${number}`)
  })
  it('filters, and begins a new one', async () => {
    await open('#/incidents')
    await page.locator('.ag-row').first().waitFor()
    await press('/')
    await page.keyboard.type('sign-in')
    await eventually(() => page.locator('.ag-row').count()).toBe(1)
    await press('Escape', 'Escape')
    await eventually(() => page.locator('.ag-row').count()).toBe(3)
    await page.locator('.ag-row').first().waitFor()
    await press('n')
    await page.getByRole('dialog', { name: 'New incident' }).getByLabel('Title').fill('Odd logon on dc-01')
    await press('Enter')
    await eventually(hash).toBe('#/incidents/INC-2026-0118')
    await eventually(() => title().innerText()).toBe('Odd logon on dc-01')
  })
  it('says why it is empty', async () => {
    await open('#/incidents', 'fixed&empty')
    await page.getByText('No incident is open.', { exact: false }).waitFor()
  })
})

describe('the head', () => {
  it('is edited in place, taken back, and told from what others did meanwhile', async () => {
    await openStory()
    await press('F2')
    await page.getByLabel('Title').fill('Web shell and theft')
    await press('Enter')
    await eventually(() => title().innerText()).toBe('Web shell and theft')
    await page.getByText('saved 18:41', { exact: false }).waitFor()
    await press('Control+z')
    await eventually(() => title().innerText()).toMatch(/^Web shell on web-01/)
    // Somebody else changes it while it is being edited: both values stand there.
    await press('F2')
    await page.getByLabel('Title').fill('Mine')
    await page.evaluate((number) => window.fake.incidents.elsewhere(number, { title: 'Theirs' }), STORY)
    await settled()
    expect(await page.getByLabel('Title').inputValue()).toBe('Mine')
    await press('Enter')
    const conflict = page.getByRole('group', { name: 'Title: two values' })
    await conflict.getByText('Theirs', { exact: true }).last().waitFor()
    await conflict.getByRole('button', { name: 'Take yours' }).click()
    await eventually(() => title().innerText()).toBe('Mine')
    expect(await conflict.count()).toBe(0)
  })
  it('keeps what was typed of its details where it could not be saved', async () => {
    await openStory('fixed&failing=incidents.edit')
    await press('e')
    const dialog = page.getByRole('dialog', { name: 'Details' })
    await dialog.getByLabel('Summary').fill('Long thought about')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await eventually(() => status().innerText()).toMatch(/^Not saved/)
    expect(await dialog.getByLabel('Summary').inputValue()).toBe('Long thought about')
  })
  it('says why a phase is not reached', async () => {
    await openStory()
    await press('s')
    await page.getByRole('menuitem', { name: 'Recovered now' }).click()
    await eventually(() => status().innerText()).toMatch(/Not saved: The incident has no time for eradicated/)
  })
})

describe('route and weakness', () => {
  it('confirms no sentence that nothing shows', async () => {
    await openStory()
    const uncited = page.locator('.in-sentence', { hasText: 'no citation' })
    await uncited.focus()
    await press('c')
    await eventually(() => status().innerText()).toBe('A sentence without a citation cannot be confirmed.')
    await press('Enter')
    const form = page.getByRole('group', { name: 'Sentence' })
    await form.getByLabel('Add a citation').fill('E 9 121 030')
    await press('Control+Enter')
    await form.waitFor({ state: 'detached' })
    const cited = page.locator('.in-sentence', { hasText: 'Take the right to log on' })
    await cited.focus()
    await press('c')
    await eventually(() => status().innerText()).toBe('The sentence is confirmed.')
    await eventually(() => cited.getAttribute('class')).not.toMatch(/in-proposed/)
  })
  it('keeps a sentence that is written when Escape is pressed', async () => {
    await openStory()
    await page.locator('.in-sentence').first().focus()
    await press('Enter')
    const form = page.getByRole('group', { name: 'Sentence' })
    await page.keyboard.type('Before all that: ')
    await press('Escape')
    expect(await form.locator('textarea').first().inputValue()).toContain('Before all that: ')
  })
  it('marks the step of a sentence in the picture, and speaks both languages', async () => {
    await openStory()
    await page.locator('.in-sentence', { hasText: 'installed the service msupd' }).focus()
    await eventually(() => page.locator('.in-edge.on').count()).toBeGreaterThan(0)
    await press('l')
    await page.locator('.in-sentence', { hasText: '로그인하여' }).waitFor()
    expect(await page.locator('.in-narrative').getAttribute('lang')).toBe('ko')
  })
  it('draws hostile names as text', async () => {
    await openStory('fixed', 'entities')
    await page.locator('.in-node').first().waitFor()
    expect(await page.locator('.in-graph script').count()).toBe(0)
    expect(await page.locator('.in-node').count()).toBe(9)
    await press('F6', 'F6')
    await page.locator('.in-entitylist').getByRole('option').first().click()
    await page.locator('.in-connections').getByText('Connections of', { exact: false }).waitFor()
  })
})

describe('notes', () => {
  it('are inert whatever is written, and links ask', async () => {
    await openStory('fixed', 'notes')
    await press('m')
    const field = page.getByRole('textbox', { name: 'Write a note' })
    await field.fill(
      '# Found\n<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\n![p](http://evil.example/p.png) [go](https://evil.example/a)\n- **bold** A-48102\u202e',
    )
    await press('Control+Enter')
    const note = page.locator('.in-note', { has: page.getByRole('heading', { name: 'Found' }) })
    await note.getByText('<img src=x', { exact: false }).waitFor()
    expect(await note.locator('img, script, a[href^="http"]').count()).toBe(0)
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
    expect(await note.innerText()).toContain('\\u202e')
    await note.getByRole('button', { name: 'go https://evil.example/a' }).click()
    await page.getByRole('dialog', { name: 'Open this address?' }).getByText('https://evil.example/a').waitFor()
    await press('Escape')
  })
  it('take a pasted picture into what is written by then', async () => {
    await openStory('fixed&slow=300', 'notes')
    await press('m')
    await page.keyboard.type('See ')
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([new Uint8Array(8)], 'screen.png', { type: 'image/png' }))
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await page.keyboard.type('and go on')
    const field = page.getByRole('textbox', { name: 'Write a note' })
    await eventually(() => field.inputValue()).toMatch(/^See EV-\d+ and go on$/)
    await page.keyboard.type(' here')
    expect(await field.inputValue()).toMatch(/^See EV-\d+ and go on here$/)
  })
  it('leave the cursor to who types on at once after a name', async () => {
    await openStory('fixed', 'notes')
    await press('m')
    await page.keyboard.type('Ask @S')
    await page.getByRole('option', { name: 'S. Han' }).waitFor()
    // The next key comes before the page is drawn again.
    const left = await page.evaluate(async () => {
      const field = document.activeElement as HTMLTextAreaElement
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
      document.execCommand('insertText', false, 'a')
      for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame)
      document.execCommand('insertText', false, 'bout it')
      return { text: field.value, cursor: field.selectionStart }
    })
    expect(left).toEqual({ text: 'Ask @S. Han about it', cursor: 20 })
  })
  it('offer names after @, and what is not saved survives', async () => {
    await openStory('fixed', 'notes')
    await press('m')
    await page.keyboard.type('Ask @S')
    await page.getByRole('option', { name: 'S. Han' }).waitFor()
    await press('Enter')
    const field = page.getByRole('textbox', { name: 'Write a note' })
    expect(await field.inputValue()).toBe('Ask @S. Han ')
    await page.keyboard.type('about it')
    await page.waitForTimeout(900)
    await page.evaluate(() => (window.location.hash = '#/alerts'))
    await page.locator('.in').waitFor({ state: 'detached' })
    await page.evaluate((number) => (window.location.hash = `#/incidents/${number}?tab=notes`), STORY)
    await eventually(() => field.inputValue()).toBe('Ask @S. Han about it')
    await page.getByText('Restored as you left it', { exact: false }).waitFor()
  })
})

describe('the timeline', () => {
  it('goes from entry to entry, zooms, and adds', async () => {
    await openStory('fixed', 'timeline')
    const axis = page.getByRole('slider', { name: 'Entry on the timeline' })
    await axis.waitFor()
    await eventually(() => axis.getAttribute('aria-valuemax')).toBe('21')
    await press('ArrowRight', 'ArrowRight')
    await eventually(() => axis.getAttribute('aria-valuenow')).toBe('1')
    await press('+', '+')
    await page.getByText(/^\d+ of 22 entries/).waitFor()
    await press('0')
    await page.getByText(/^22 entries/).waitFor()
    await press('t')
    const dialog = page.getByRole('dialog', { name: 'New timeline entry' })
    await dialog.getByRole('radio', { name: 'call' }).click()
    await dialog.getByLabel('What happened').fill('Called the duty officer')
    await dialog.getByLabel('Until').fill('18:59')
    await press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.in-entrydetail').getByText('Called the duty officer').waitFor()
    await page.getByText(/^23 entries/).waitFor()
    await press('p')
    await page.getByRole('dialog').getByLabel('Ids of events').fill('E 9 121 030')
    await page.getByRole('button', { name: 'Pin 1 event' }).click()
    await page.getByText(/^24 entries/).waitFor()
  })
  it('takes an event that is dropped on it', async () => {
    await openStory('fixed', 'timeline')
    await page.getByText(/^22 entries/).waitFor()
    await page.locator('.in-timelinetab').evaluate((tab) => {
      const data = new DataTransfer()
      data.setData('application/x-watchfloor-event', '9121044')
      for (const type of ['dragover', 'drop'])
        tab.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
    })
    await page.getByText(/^23 entries/).waitFor()
  })
  it('holds ten thousand entries with only what is seen laid out', async () => {
    await openStory('fixed&entries=10000&entities=500', 'timeline')
    await eventually(() => page.locator('.in-entrylist .wf-panehead').innerText()).not.toMatch(/reading/)
    await page.getByRole('listbox', { name: 'Entries' }).focus()
    await press('End')
    await eventually(() => page.locator('.in-vrow.on').getAttribute('aria-posinset')).toBe('10022')
    expect(await page.locator('.in-vrow').count()).toBeLessThan(60)
  })
})

describe('offered alerts and the ledger', () => {
  it('are looked at and added', async () => {
    await openStory()
    await page.locator('.in-offered').waitFor()
    await press('n')
    const dialog = page.getByRole('dialog', { name: 'Alerts of the same story' })
    await dialog.getByText('same attacker', { exact: false }).waitFor()
    await dialog.getByRole('checkbox').first().uncheck()
    await dialog.getByRole('button', { name: 'Add 1 alert' }).click()
    await dialog.waitFor({ state: 'detached' })
    await press('8')
    await page.getByText('intact', { exact: false }).waitFor()
    await page.getByText('alerts.joined').click()
    await page.getByText('previous', { exact: false }).waitFor()
  })
})

describe('other incidents and alerts', () => {
  it('are linked from the head, opened by a click, and the link is taken away', async () => {
    await openStory()
    const before = await page.locator('.in-headlinks a').count()
    await press('L')
    const dialog = page.getByRole('dialog', { name: `Links of ${STORY}` })
    await dialog.locator('.ip-row').first().waitFor()
    const rows = await dialog.getByRole('listitem').count()
    await press('ArrowDown')
    const number = await dialog.locator('[role=option][aria-selected=true] .mono').innerText()
    await dialog.getByRole('radio', { name: 'parent' }).click()
    await dialog.getByText(`${number} is the larger incident`, { exact: false }).waitFor()
    await dialog.getByRole('button', { name: `Link ${number}` }).click()
    await eventually(() => dialog.getByRole('listitem').count()).toBe(rows + 1)
    await press('Escape')
    await eventually(() => page.locator('.in-headlinks a').count()).toBe(before + 1)
    await page.locator('.in-headlinks a', { hasText: number }).click()
    await eventually(hash).toBe(`#/incidents/${number}`)
    // The other one has learned what this one is to it.
    await page.locator('.in-headlinks a', { hasText: `child ${STORY}` }).waitFor()
    await press('L')
    await page.getByRole('button', { name: `Take the link to ${STORY} away` }).click()
    await eventually(() => page.locator('.in-headlinks a', { hasText: STORY }).count()).toBe(0)
  })
  it('go into one another, with a reason, and what will be is said before', async () => {
    await openStory()
    await press('M')
    const dialog = page.getByRole('dialog', { name: `Merge ${STORY}` })
    await dialog.getByRole('radio', { name: `Put ${STORY} into another` }).click()
    await dialog.getByRole('combobox').focus()
    await press('ArrowDown')
    const into = await dialog.locator('[role=option][aria-selected=true] .mono').innerText()
    await dialog.getByText(`${STORY} stays to be read, says that it went into ${into}`, { exact: false }).waitFor()
    await dialog.getByText('A merge cannot be taken back.').waitFor()
    const now = dialog.getByRole('button', { name: `Merge ${STORY} into ${into}` })
    await now.click()
    await dialog.getByText('Give a reason.').waitFor()
    await dialog.getByLabel('Why they are one').fill('the same attacker')
    await now.click()
    await eventually(hash).toBe(`#/incidents/${into}`)
    await page.evaluate((number) => (window.location.hash = `#/incidents/${number}`), STORY)
    await page.locator('.in-merged a', { hasText: into }).waitFor()
  })
  it('are taken out with a reason, those that are marked together', async () => {
    await openStory()
    await press('3')
    const list = page.getByRole('listbox', { name: 'Alerts' })
    await list.getByRole('option').first().waitFor()
    const before = await list.getByRole('option').count()
    await press('j', 'x', 'j', 'x', 'Delete')
    const dialog = page.getByRole('dialog', { name: 'Take 2 alerts out of the incident' })
    await dialog.getByRole('button', { name: 'Take 2 alerts out' }).click()
    await dialog.getByText('Give a reason.').waitFor()
    await dialog.getByLabel('Why it does not belong here').fill('another story')
    await dialog.getByRole('button', { name: 'Take 2 alerts out' }).click()
    await eventually(() => list.getByRole('option').count()).toBe(before - 2)
    expect(await status().innerText()).toMatch(/^2 alerts were taken out/)
  })
  it('that others take out first are said to be gone, and nothing is done', async () => {
    await openStory()
    await press('3')
    const list = page.getByRole('listbox', { name: 'Alerts' })
    await list.getByRole('option').first().waitFor()
    const before = await list.getByRole('option').count()
    await press('j', 'Delete')
    const dialog = page.getByRole('dialog', { name: 'Take an alert out of the incident' })
    await dialog.getByLabel('Why').fill('another story')
    const named = await dialog.locator('.in-outcome .mono').innerText()
    await page.evaluate(
      async ([number = '', id = '']) => {
        const given = { number, alerts: [id], reason: 'theirs' }
        await window.fake.handlers['incidents.removeAlerts'](given, {} as never)
      },
      [STORY, named.slice('A-'.length)],
    )
    const gone = page.getByRole('dialog', { name: 'Nothing is left to take out' })
    await gone.getByText('another story').waitFor()
    await gone.locator('footer').getByRole('button', { name: 'Close' }).click()
    await eventually(() => list.getByRole('option').count()).toBe(before - 1)
  })
  it.each(['L', 'M'])('and their dialogs are accessible (%s)', async (key) => {
    await openStory('fixed&theme=light&language=ko', '', { width: 1366, height: 768 })
    await press(key)
    await page.locator('.ip-row').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
  })
})

describe('for everyone', () => {
  it.each([
    ['alerts', 'dark', 'ko', 1366, 768],
    ['desk', 'dark', 'en', 1440, 900],
    ['desk', 'light', 'ko', 1366, 768],
    ['timeline', 'light', 'en', 1366, 768],
    ['entities', 'contrast', 'ko', 1366, 768],
    ['evidence', 'dark', 'en', 1366, 768],
    ['playbook', 'light', 'ko', 1440, 900],
    ['notes', 'dark', 'ko', 1440, 900],
    ['ledger', 'light', 'en', 1440, 900],
  ] as const)('%s is accessible, %s, %s, %i wide', async (tab, theme, language, width, height) => {
    await openStory(`fixed&theme=${theme}&language=${language}`, tab, { width, height })
    await settled()
    expect(await axeFindings(page)).toEqual([])
    // The page itself never scrolls.
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  })
  it('the list is accessible in both themes', async () => {
    for (const theme of ['dark', 'light']) {
      await open('#/incidents', `fixed&theme=${theme}`)
      await page.locator('.ag-row').first().waitFor()
      expect(await axeFindings(page)).toEqual([])
    }
  })
})
