/** The tools of the packet bench in a real browser over the made-up engine: each from the keyboard, each closed with Esc. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { READY } from '../fixtures/screen/fake-captures.ts'
import { eventually, openScreen, page, settled, useScreens } from '../fixtures/screen/open-screen.ts'
import { TOOL_IDS } from '../../renderer/views/packets/tools/tool-ids.ts'

useScreens()
const open = async (tool: string, more = '', params = '', size?: { width: number; height: number }): Promise<void> => {
  await openScreen(`fixed&packets=2000&${params}`, `#/packets?capture=${READY}&tool=${tool}${more}`, size)
  await page.locator('.pt').waitFor()
}
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const address = (): Promise<URLSearchParams> =>
  page.evaluate(() => window.location.hash).then((hash) => new URLSearchParams(hash.split('?')[1] ?? ''))
const param = (name: string) => async (): Promise<string | null> => (await address()).get(name)
const lines = (): Promise<string[]> =>
  page.locator('.pt-row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).innerText.replaceAll('\n', ' ')))
const cells = (column: string): Promise<string[]> =>
  page.locator(`.pt .ag-row .ag-cell[col-id="${column}"]`).evaluateAll((found) =>
    found
      .map((cell) => ({ at: Number(cell.closest('.ag-row')?.getAttribute('row-index')), text: (cell as HTMLElement).innerText }))
      .sort((a, b) => a.at - b.at)
      .map(({ text }) => text),
  )
const inside = (): Promise<boolean> => page.evaluate(() => document.activeElement?.closest('.pt') !== null)

describe('following a stream', () => {
  it('shows both directions, one alone, and bytes as they are', async () => {
    await open('follow', '&packet=51&flow=0')
    await eventually(async () => (await lines()).some((line) => line.includes('uid=33(www-data)'))).toBe(true)
    expect((await lines())[0]).toMatch(/^→ ?client ?GET \/uploads\/inv_2231\.php\?c=id HTTP\/1\.1$/)
    await page.getByRole('radio', { name: 'Server', exact: true }).click()
    await eventually(async () => (await lines()).some((line) => line.includes('GET /uploads'))).toBe(false)
    await page.getByRole('radio', { name: 'Hex dump' }).click()
    await eventually(async () => (await lines())[0]).toMatch(
      /00000000 ?48 54 54 50 2f 31 2e 31 {2}20 32 30 30 20 4f 4b 0d ?HTTP\/1\.1 200 OK·/,
    )
    await page.getByRole('radio', { name: 'Raw' }).click()
    await eventually(async () => (await lines())[0]).toContain('485454502f312e31')
  })
  it('goes to the packet of a line, and closes with Esc', async () => {
    await open('follow', '&packet=51&flow=0')
    await eventually(async () => (await lines()).length).toBeGreaterThan(8)
    await eventually(inside).toBe(true)
    await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown')
    await eventually(() => page.locator('.pt-foot').innerText()).toContain('server, byte 0')
    await press('Enter')
    await eventually(param('packet')).toBe('58')
    await page.locator('.pt-rows').focus()
    await press('Escape')
    await eventually(param('tool')).toBe(null)
    await eventually(() => page.locator('.pt').count()).toBe(0)
  })
  it('counts what is looked for, and goes from one to the next', async () => {
    await open('follow', '&packet=51&flow=0')
    await eventually(async () => (await lines()).length).toBeGreaterThan(8)
    await press('/')
    await page.keyboard.type('http/1.1')
    const count = page.locator('.pt-count')
    await eventually(() => count.innerText()).toBe('1 of 6')
    await press('Enter')
    await eventually(() => count.innerText()).toBe('2 of 6')
    expect(await page.locator('.pt-stream mark.on').innerText()).toBe('HTTP/1.1')
    await press('Shift+Enter', 'Shift+Enter')
    await eventually(() => count.innerText()).toBe('6 of 6')
    await page.getByRole('button', { name: 'Upper and lower case differ' }).click()
    await eventually(() => count.innerText()).toBe('not found')
    await page.locator('.pt-search input').fill('\\r\\n\\r\\nuid')
    await eventually(() => count.innerText()).toBe('1 of 1')
  })
  it('goes to the next stream, and filters it', async () => {
    await open('follow', '&packet=51&flow=0')
    await eventually(() => page.locator('.pt-facts').innerText()).toContain('tcp.stream 0')
    await eventually(inside).toBe(true)
    await press(']')
    await eventually(() => page.locator('.pt-facts').innerText()).not.toContain('tcp.stream 0')
    await page.getByRole('button', { name: 'Filter this flow' }).click()
    await eventually(param('filter')).toMatch(/^tcp\.stream == \d+$/)
  })
  it('saves a direction, and says where and with which hash', async () => {
    await open('follow', '&packet=51&flow=0')
    await page.locator('.pt').getByRole('button', { name: /^Save/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Save the stream' })
    await dialog.getByRole('radio', { name: 'Server' }).click()
    await dialog.getByRole('button', { name: 'Save stream' }).click()
    await dialog.getByText('exports/stream-0-1.bin').waitFor()
    await dialog.getByText('7d'.repeat(32)).waitFor()
    await press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await page.locator('.pt').count()).toBe(1)
  })
  it('says what has no stream', async () => {
    await open('follow', '&flow=4')
    await page.getByText('Only TCP and UDP flows have a stream to follow.').waitFor()
  })
})

describe('conversations', () => {
  it('are counted by transport, sorted, and limited to a pair', async () => {
    await open('conversations')
    await eventually(async () => (await cells('client')).length).toBeGreaterThan(5)
    await page.getByRole('tab', { name: /^UDP \d/ }).click()
    await eventually(async () => new Set(await cells('transport'))).toEqual(new Set(['UDP']))
    await page.getByRole('tab', { name: /^TCP \d/ }).click()
    await page.getByRole('button', { name: 'Sort by Bytes', exact: true }).click()
    await page.getByRole('button', { name: 'Bytes, largest first' }).waitFor()
    await eventually(async () => new Set(await cells('transport'))).toEqual(new Set(['TCP']))
    await page.locator('.pt .ag-row[row-index="0"] .ag-cell').first().click()
    const [client, server] = [(await cells('client'))[0], (await cells('server'))[0]]
    await press('o')
    await page.getByRole('button', { name: 'All pairs again' }).waitFor()
    await eventually(async () => new Set([...(await cells('client')), ...(await cells('server'))])).toEqual(
      new Set([client, server]),
    )
  })
  it('lead to a filter and to the stream', async () => {
    await open('conversations')
    await eventually(async () => (await cells('client')).length).toBeGreaterThan(5)
    await eventually(inside).toBe(true)
    await press('ArrowDown', 'ArrowUp')
    const stream = (await cells('stream'))[0]
    await press('f')
    await eventually(param('filter')).toBe(`tcp.stream == ${stream}`)
    await page.locator('.pt .ag-row[row-index="0"] .ag-cell').first().click()
    await press('s')
    await eventually(param('tool')).toBe('follow')
    await eventually(() => page.locator('.pt-facts').innerText()).toContain(`tcp.stream ${stream}`)
  })
})

describe('endpoints and protocols', () => {
  it('lists hosts, or each port, and filters one', async () => {
    await open('endpoints')
    await eventually(async () => (await cells('address')).length).toBeGreaterThan(5)
    await eventually(() => page.locator('.pt .ag-header-cell[col-id="port"]').count()).toBe(0)
    await page.getByLabel('Each port by itself').check()
    await eventually(async () => (await cells('port')).filter((port) => port === '443').length).toBeGreaterThan(0)
    await page.locator('.pt .ag-row[row-index="0"] .ag-cell').first().click()
    const address_ = (await cells('address'))[0]
    await press('Enter')
    await eventually(param('filter')).toContain(`ip.addr == ${address_}`)
  })
  it('folds the protocols and filters one with Enter', async () => {
    await open('hierarchy')
    const names = (): Promise<string[]> => page.locator('.pt-tree tbody code').allInnerTexts()
    await eventually(names).toContain('http')
    await eventually(inside).toBe(true)
    await press('ArrowDown', 'ArrowDown')
    expect(await page.locator('.pt-tree tr[aria-selected="true"] code').innerText()).toBe('tcp')
    await press('ArrowLeft')
    expect(await names()).not.toContain('http')
    await press('ArrowRight', 'ArrowRight')
    expect(await page.locator('.pt-tree tr[aria-selected="true"] code').innerText()).toBe('http')
    await press('Enter')
    await eventually(param('filter')).toBe('http')
  })
})

describe('the flow diagram', () => {
  it('has an arrow for each packet and goes to it', async () => {
    await open('sequence', '&packet=51&flow=0')
    await eventually(async () => (await lines()).some((line) => line.includes('[SYN, ACK]'))).toBe(true)
    expect(await page.locator('.pt-row .pt-arrow.back').count()).toBeGreaterThan(1)
    await page.locator('.pt-rows').focus()
    await press('Home', 'ArrowDown', 'Enter')
    await eventually(param('packet')).toBe('52')
  })
})

describe('objects', () => {
  it('are listed with names that hide nothing, and saved below neutral ones', async () => {
    await open('objects')
    await eventually(async () => (await cells('name')).length).toBeGreaterThan(3)
    expect(await cells('name')).toContain('../../..\\u202egpj.exe')
    await page.getByText('Nothing is opened or executed here.').waitFor()
    await page.locator('.pt .ag-row[row-index="1"] .ag-cell[col-id="name"]').click()
    await press('x')
    await page.getByRole('button', { name: 'Save 1 chosen' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save 1 object' })
    await dialog.getByRole('button', { name: 'Save 1 object' }).click()
    await dialog.getByText('object-1.bin').waitFor()
    await dialog.getByText('31'.repeat(32)).waitFor()
    await press('Escape')
    await page.locator('.pt .ag-row[row-index="2"] .ag-cell[col-id="name"]').click()
    await press('Enter')
    await eventually(param('packet')).toBe((await cells('packet'))[2]?.replaceAll(/\D/g, '') ?? '')
  })
})

describe('finding and going', () => {
  it('finds the next and the one before, and goes round', async () => {
    await open('find', '&packet=1')
    await page.keyboard.type('uname')
    await press('Enter')
    await eventually(param('packet')).not.toBe('1')
    const first = Number(await param('packet')())
    await page.getByLabel('What is looked for').last().focus()
    await press('Enter')
    await eventually(async () => Number(await param('packet')())).toBeGreaterThan(first)
    await press('Shift+Enter')
    await eventually(param('packet')).toBe(String(first))
    await press('Shift+Enter')
    await page.getByText('The search went round the end of the packets.').waitFor()
    await page.getByRole('textbox', { name: 'What is looked for' }).fill('no such words')
    await press('Enter')
    await page.getByText('Nothing was found.').waitFor()
  })
  it('takes whole bytes only', async () => {
    await open('find', '&packet=1')
    await page.getByRole('radio', { name: 'Bytes', exact: true }).click()
    await page.getByRole('textbox', { name: 'What is looked for' }).fill('47 4')
    await press('Enter')
    await page.getByText('Write whole bytes as hex digits: 4d 5a.').waitFor()
    await page.getByRole('textbox', { name: 'What is looked for' }).fill('47 45 54 20')
    await press('Enter')
    await eventually(param('packet')).not.toBe('1')
  })
  it('goes to a number and to a time, and says what cannot be', async () => {
    await open('goto', '&packet=1')
    await page.keyboard.type('9 999')
    await press('Enter')
    await page.getByText('The capture has 2\u202f000 packets.').waitFor()
    await page.locator('.pt input').fill('soon')
    await press('Enter')
    await page.getByText('This is neither a number nor a time.').waitFor()
    await page.locator('.pt input').fill('+60')
    await press('Enter')
    await eventually(async () => Number(await param('packet')())).toBeGreaterThan(20)
    await eventually(param('tool')).toBe(null)
  })
})

describe('carving', () => {
  it('writes what the filter shows, with its hash', async () => {
    await open('carve', '&filter=http')
    await eventually(() => page.getByRole('radio', { name: /^Those of the filter/ }).isChecked()).toBe(true)
    await page.getByLabel('From', { exact: true }).fill('noon')
    await page.getByText('Write a time like', { exact: false }).waitFor()
    expect(await page.locator('.pt-carve').getByRole('button', { name: 'Carve', exact: true }).isDisabled()).toBe(true)
    await page.getByLabel('From', { exact: true }).fill('+0.5')
    await page.locator('.pt-carve').getByRole('button', { name: 'Carve', exact: true }).click()
    await page.getByText('17 packets, 5.1 kB, were written.').waitFor()
    await page.getByText('ca'.repeat(32)).waitFor()
    await page.getByText('exports/carved-1.pcapng').waitFor()
  })
  it('can be stopped', async () => {
    await open('carve', '&flow=0', 'slow=0')
    await page.getByRole('radio', { name: /^All/ }).check()
    await page.locator('.pt-carve').getByRole('button', { name: 'Carve', exact: true }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('It was stopped.').waitFor()
  })
})

describe('the library', () => {
  it('searches by host and time and opens what is found', async () => {
    await open('library')
    await page.getByRole('button', { name: 'Search the library' }).click()
    await page.getByText('Give at least one of these.').waitFor()
    await page.getByLabel('Host', { exact: true }).fill('web-01')
    await page.getByText('Write an IP address.').waitFor()
    await page.getByLabel('Host', { exact: true }).fill('198.51.100.47')
    await press('Enter')
    await eventually(async () => (await cells('path')).length).toBeGreaterThan(0)
    await page.locator('.pt .ag-row[row-index="2"] .ag-cell').first().click()
    await page.getByRole('button', { name: 'Open capture' }).click()
    await eventually(param('capture')).not.toBe(READY)
  })
  it('adds a folder and takes one away, and touches no file', async () => {
    await open('library')
    await page.getByRole('button', { name: 'Add folder' }).click()
    const adding = page.getByRole('dialog', { name: 'Add folder' })
    await adding.getByRole('button', { name: 'Use this folder' }).click()
    await adding.getByLabel('Captures up to, GB').fill('x')
    await adding.getByText('Write a number.').waitFor()
    await adding.getByLabel('Captures up to, GB').fill('200')
    await adding.getByRole('button', { name: 'Add folder' }).click()
    await page.getByText('/var/log').waitFor()
    await page.getByText('200.0 GB').waitFor()
    await page.getByRole('button', { name: 'Remove /var/log' }).click()
    const leaving = page.getByRole('dialog', { name: 'Remove this folder from the library?' })
    await leaving.getByText('The files stay as they are.', { exact: false }).waitFor()
    await leaving.getByRole('button', { name: 'Remove folder' }).click()
    await page.getByRole('button', { name: 'Remove /var/log' }).waitFor({ state: 'detached' })
  })
})

describe('TLS secrets', () => {
  it('come from a file that is chosen, and go again', async () => {
    await open('keys')
    await page
      .locator('.pt .pc')
      .getByRole('button', { name: /auth\.log/ })
      .click()
    await page.getByRole('button', { name: 'Use this file' }).click()
    await eventually(() => page.locator('.pt-pairs').innerText()).toContain('/var/log/auth.log')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await eventually(() => page.locator('.pt-pairs').innerText()).toContain('none')
  })
})

describe('for everyone', () => {
  it.each([
    // Each once, in turn in one theme and language and in the other.
    ...TOOL_IDS.map((tool, i) =>
      i % 2 === 0 ? ([tool, 'dark', 'en', 1366, 768] as const) : ([tool, 'light', 'ko', 1366, 768] as const),
    ),
    ['follow', 'contrast', 'en', 3840, 2160] as const,
    ['conversations', 'contrast', 'en', 3840, 2160] as const,
    ['sequence', 'contrast', 'ko', 3840, 2160] as const,
  ])('%s is accessible, %s, %s, %s × %s', async (tool, theme, language, width, height) => {
    await open(tool, '&packet=51&flow=0&filter=tcp', `theme=${theme}&language=${language}`, { width, height })
    await settled()
    expect(await axeFindings(page, '.pt')).toEqual([])
    expect(
      await page.evaluate(
        () =>
          document.documentElement.scrollWidth <= window.innerWidth &&
          document.documentElement.scrollHeight <= window.innerHeight &&
          [...document.querySelectorAll('.pt-head')].every((head) => head.scrollWidth <= head.clientWidth),
      ),
    ).toBe(true)
    await page.keyboard.press('Escape')
    await eventually(() => page.locator('.pt').count()).toBe(0)
  })
})
