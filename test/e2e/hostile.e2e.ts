/** Text written by an attacker, in records, names, rules and files: inert wherever it is shown, printed or exported. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { HIDDEN_CHARACTERS } from '../../shared/hidden-characters.ts'
import { addSource, run, temporary, type Ended } from '../faults/engine.ts'
import { openDesk, type Desk } from './desk.ts'

/* eslint-disable no-control-regex */
const MARKUP = `<script>window.__owned=1</script><img src=x onerror="window.__owned=2"><svg/onload=window.__owned=3>`
const ANSI = '\u001b[31mred\u001b[0m\u001b]0;owned\u0007\u009b2J'
const BIDI = '\u202egnp.exe\u202c\u2066x\u2069\u200e\u061c'
const NASTY = `${MARKUP} ${ANSI} ${BIDI} \u0000 \u00ad\ufeff{{t}} $t(x) end`
const LONG = `long ${'x'.repeat(100_000)}<script>window.__owned=4</script>`
const FORMULAS = [`=cmd|' /C calc'!A0`, '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1']
const time = (n: number): string => new Date(Date.now() - 300_000 + n * 1000).toISOString()

let base: string
let data: string
let desk: Desk
let imported: Ended
const dialogs: string[] = []
const followed = (): string => join(base, `${'app\u001b[31m\u202e<b>'}.jsonl`)

beforeAll(async () => {
  base = temporary('e2e-hostile')
  data = join(base, 'desk')
  const logs = join(base, 'logs\u001b]0;owned\u0007\u202e')
  const rules = join(base, 'rules')
  mkdirSync(logs)
  mkdirSync(rules)
  const alert = {
    timestamp: time(0).replace('Z', '+0000'),
    flow_id: 1,
    event_type: 'alert',
    src_ip: '198.51.100.9',
    src_port: 1,
    dest_ip: '10.1.0.5',
    dest_port: 443,
    proto: 'TCP',
    app_proto: 'http',
    http: { hostname: NASTY, url: NASTY, http_user_agent: LONG, http_method: NASTY },
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 9_300_001,
      rev: 1,
      signature: NASTY,
      category: NASTY,
      severity: 1,
      metadata: { mitre_technique_id: [`T1<b>${BIDI}`], attack_target: [NASTY] },
    },
  }
  // Names that a careless program would take for its own, and half a character.
  const own = `"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"half":"\\ud800 \\udfff",`
  writeFileSync(
    join(logs, 'eve\u001b[2J.json'),
    `{${own}${JSON.stringify(alert).slice(1)}\n${JSON.stringify({ ...alert, event_type: 'flow', alert: undefined, http: undefined })}\n`,
  )
  writeFileSync(
    join(logs, 'app.jsonl'),
    [
      ...FORMULAS.map((formula, n) => JSON.stringify({ time: time(10 + n), message: `formula ${n}`, formula })),
      `{"time":"${time(20)}","message":${JSON.stringify(NASTY)},"__proto__":"own","constructor":"own","toString":"own",${JSON.stringify(`<b>${BIDI}name`)}:"named","שלום":"עולם"}`,
      JSON.stringify({ time: time(21), message: LONG }),
      `{"time":"${time(22)}","message":"<img src=x onerror=window.__owned=5>${BIDI}`,
    ].join('\n') + '\n',
  )
  writeFileSync(
    join(logs, 'syslog\u202e.log'),
    `<13>${'Nov 20 10:00:00'} host<b>\u202e app${ANSI}[7]: ${NASTY}\n<13>Nov 20 10:00:01 host-2 sshd[8]: ${NASTY}\n<13>Nov 20 10:00:02 host-3 app: one\n<13>Nov 20 10:00:03 host-3 app: two\n`,
  )
  writeFileSync(join(logs, 'no-log\u001b[31m\n.bin'), Buffer.from([0, 1, 2, 3, 255, 254, 0, 0, 7, 7, 7, 0]))
  const quoted = JSON.stringify(NASTY).replaceAll('\u009b', '\\u009b').replaceAll('\u202e', '\\u202e')
  writeFileSync(
    join(rules, 'rule<b>.yml'),
    `title: ${quoted}\nid: 6f1f0b0a-0000-4000-8000-000000000001\nstatus: test\ndescription: ${quoted}\nreferences:\n  - ${quoted}\nauthor: ${quoted}\ntags:\n  - ${JSON.stringify(`attack.t1<b>${BIDI}`)}\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  words:\n    - 'window.__owned'\n  condition: words\nfalsepositives:\n  - ${quoted}\nlevel: critical\n`,
  )
  writeFileSync(
    join(rules, 'broken<img src=x onerror=window.__owned=6>.yml'.replaceAll('/', '')),
    `title: ${quoted}\nlogsource:\n  product: linux\ndetection:\n  a:\n    field|${JSON.stringify(BIDI)}: x\n  condition: ${quoted}\n`,
  )
  imported = await run(['import', logs, '--data', data, '--rules', rules, '--json'])
  writeFileSync(followed(), '')
  await addSource(data, { input: { kind: 'file', path: followed() }, format: 'jsonl' }, `Name ${NASTY}`.slice(0, 120))
  desk = await openDesk({ dataDir: data })
  desk.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await desk?.picture(`failed-${task.name.replaceAll(/\W+/g, '-')}`)
})
afterAll(async () => {
  await desk?.close()
  if (base) rmSync(base, { recursive: true, force: true })
})

const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 100 })

/** Whatever a person could read on the page: texts, names, hints, values of fields, the window's title. */
async function readable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node.textContent ?? '')
    for (const element of document.querySelectorAll('*')) {
      for (const name of ['title', 'alt', 'placeholder', 'aria-label', 'aria-description', 'aria-valuetext', 'data-tooltip'])
        found.push(element.getAttribute(name) ?? '')
      // Other fields hold what is edited: a path has to be the path.
      if (element instanceof HTMLInputElement && element.classList.contains('wf-query-input')) found.push(element.value)
    }
    return found
  })
}
/** Nothing ran, nothing was built from foreign text, and no hidden character reached the page. */
async function expectInert(where: string): Promise<void> {
  const { page } = desk
  const raw = (await readable(page)).filter((text) => text.search(HIDDEN_CHARACTERS) >= 0).map((text) => text.slice(0, 200))
  expect(raw, where).toEqual([])
  const built = await page.evaluate(() => ({
    owned: (window as unknown as { __owned?: unknown }).__owned ?? null,
    polluted: ({} as { polluted?: unknown }).polluted ?? null,
    scripts: [...document.querySelectorAll('body script')].filter((script) => script.textContent !== '').length,
    images: document.querySelectorAll('img, iframe, object, embed, [onload], [onerror]').length,
  }))
  expect(built, where).toEqual({ owned: null, polluted: null, scripts: 0, images: 0 })
  expect(dialogs, where).toEqual([])
  expect(desk.complaints, where).toEqual([])
}
const row = (text: string) => desk.page.locator('.ag-row', { hasText: text }).first()

describe('hostile text in a terminal', () => {
  // Tab and line feed are what lines of output are made of.
  const commanding = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/
  test('import names hostile files without obeying them', () => {
    expect(imported.stderr).toContain('no-log\\u001b[31m\\u000a.bin')
    expect(imported.stderr).toMatch(/broken<img src=x onerror=window\.__owned=6>\.yml:\d+:\d+: /)
    expect(imported.stderr).not.toMatch(commanding)
    expect(imported.stdout).not.toMatch(commanding)
    expect(JSON.parse(imported.stdout)).toMatchObject({ records: 16, events: 15, alerts: 2, rejected: 1 })
  })
  test('query prints them escaped, and still exactly', async () => {
    const { stdout, code } = await run(['query', '*', '--data', data, '--json', '--raw'])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(commanding)
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { type: string; raw: string; fields: Record<string, unknown> })
    expect(events.filter(({ fields }) => fields['message'] === NASTY).length).toBeGreaterThan(0)
    expect(events.filter(({ fields }) => typeof fields['formula'] === 'string').map(({ fields }) => fields['formula'])).toEqual(
      FORMULAS.toReversed(),
    )
    const wrong = await run(['query', `${NASTY.replaceAll('\0', '')} (`, '--data', data])
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).not.toMatch(commanding)
  })
  test('sigma prints titles and paths escaped', async () => {
    const { stdout, stderr } = await run(['sigma', join(base, 'logs\u001b]0;owned\u0007\u202e'), '--rules', join(base, 'rules')])
    expect(stdout).toContain('critical <script>')
    expect(stdout + stderr).not.toMatch(commanding)
  })
})

describe('hostile text on screen', () => {
  test('in the queue and the panel of an alert', async () => {
    await desk.go('#/alerts')
    await desk.page.locator('.ag-row').first().waitFor()
    await desk.picture('hostile-queue')
    await eventually(() => desk.page.locator('.ag-row').count()).toBe(2)
    for (const index of [0, 1]) {
      await desk.page.locator(`.ag-row[row-index="${index}"]`).click()
      await desk.page.getByRole('region', { name: 'Why it fired' }).waitFor()
      await eventually(() => desk.page.locator('.al-picture').count()).toBe(1)
      await eventually(
        async () => (await desk.page.locator('pre[aria-label="Raw record"]').textContent())?.length ?? 0,
      ).toBeGreaterThan(80)
      expect(await desk.page.locator('.al-head-title h2').textContent()).toContain(MARKUP)
      expect(await desk.page.locator('.al-head-title h2').textContent()).toContain(
        '\\x1b[31mred\\x1b[0m\\x1b]0;owned\\x07\\x9b2J',
      )
      expect(await desk.page.locator('.al-head-title h2').textContent()).toContain('\\u202egnp.exe\\u202c\\u2066x\\u2069')
      await desk.picture(`hostile-alert-${index}`)
      await expectInert(`alert ${index}`)
    }
    for (const key of ['2', '3', '4']) {
      await desk.page.getByRole('button', { name: /^Group:/ }).click()
      await desk.press(key)
      await desk.page.locator('.al-group').first().waitFor()
      await expectInert(`groups ${key}`)
    }
    await desk.page.getByRole('button', { name: /^Group:/ }).click()
    await desk.press('1')
  })

  test('in the grid, the panel, the statistics and the menus of events', async () => {
    const { page } = desk
    await desk.go('#/events?all=1')
    await page.locator('.ev-rows .ag-row').first().waitFor()
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('15 events')
    await expectInert('grid')
    await desk.picture('hostile-events')
    const rows = (): Promise<(string | null)[]> =>
      page.locator('.ev-rows .ag-row').evaluateAll((all) => all.map((row) => row.textContent))
    for (const where of ['flow.id:1 and type:alert', 'host:host-2', 'toString:own', 'message:long*']) {
      const before = JSON.stringify(await rows())
      await page.locator('.wf-query-input').fill(where)
      await page.keyboard.press('Enter')
      await eventually(async () => {
        const now = await rows()
        return now.length === 1 && now[0] !== '' && JSON.stringify(now) !== before
      }).toBe(true)
      await page.locator('.ev-rows .ag-row').first().dblclick()
      const panel = page.getByRole('complementary', { name: 'Event' })
      await panel.getByText('Raw record').first().waitFor()
      await panel.locator('.ev-table').waitFor()
      await expectInert(where)
      if (where === 'toString:own') {
        expect(await panel.locator('.ev-table').innerText()).toContain('<b>\\u202egnp.exe\\u202c')
        for (const name of ['__proto__', 'constructor', 'toString'])
          expect((await panel.locator('.ev-table dt').allInnerTexts()).includes(name), name).toBe(true)
        await desk.picture('hostile-event')
        await panel.locator('.ev-table dd button', { hasText: 'named' }).click()
        await page.getByRole('menu').waitFor()
        await expectInert('menu of a value')
        await page.getByRole('menuitem', { name: /column/ }).click()
        await page.locator('.ev-head', { hasText: 'name' }).last().waitFor()
        await expectInert('a column with a hostile name')
        await page.locator('.ev-head', { hasText: 'name' }).last().click()
        await page.getByRole('menu').waitFor()
        await expectInert('menu of a column')
        await page.getByRole('menuitem', { name: 'Statistics' }).click()
        await page.getByRole('dialog', { name: /^Statistics of/ }).waitFor()
        await expectInert('statistics of a hostile field')
        await desk.press('Escape')
      }
      await desk.press('Escape')
      await eventually(() => panel.count()).toBe(0)
      // The grid takes the keyboard back when the panel is gone.
      await eventually(() => page.evaluate(() => document.activeElement?.closest('.ev-grid') != null)).toBe(true)
    }
    await page.locator('.wf-query-input').fill('')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('15 events')
    if ((await page.locator('.ev-fields').count()) === 0) await page.getByRole('button', { name: /^Fields/ }).click()
    await page.locator('.ev-field-name', { hasText: 'message' }).click()
    const stats = page.getByRole('dialog', { name: 'Statistics of message' })
    await stats.locator('.ev-top li').first().waitFor()
    await expectInert('statistics')
    await desk.picture('hostile-statistics')
    await stats
      .getByRole('button', { name: /^Filter for .*script/ })
      .first()
      .click()
    await eventually(() => page.locator('.wf-query-note').innerText()).toMatch(/[12] events?/)
    await expectInert('a hostile filter')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('dialog').waitFor()
    await expectInert('export of a hostile filter')
    await desk.press('Escape')
    await page.getByRole('button', { name: 'Saved' }).click()
    await page.getByRole('menuitem', { name: 'Save this search' }).click()
    await page.keyboard.insertText(`${BIDI}<b>`)
    await page.getByRole('dialog').getByRole('button', { name: /^Save/ }).click()
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('button', { name: 'Saved' }).click()
    await page.getByRole('menu').waitFor()
    await expectInert('saved views')
    await page.getByRole('menuitem', { name: /Manage/ }).click()
    await page.getByRole('dialog').waitFor()
    await expectInert('saved views, managed')
    await desk.press('Escape')
    await page.locator('.wf-query-input').fill('message:')
    await page.getByRole('option').first().waitFor()
    await eventually(() => page.getByRole('option').count()).toBeGreaterThan(3)
    await expectInert('completion')
    await desk.picture('hostile-completion')
    await page.locator('.wf-query-input').fill(`${BIDI}${ANSI}<b>:`)
    await expectInert('a hostile query')
    await desk.press('Escape', 'Escape')
  })

  test('in names and rejected records of sources', async () => {
    const { page } = desk
    appendFileSync(followed(), `{"broken": "${MARKUP}${BIDI}\n`)
    await desk.go('#/sources')
    await row('Name <script>').waitFor()
    await eventually(() => row('Name <script>').innerText()).toMatch(/\b1\b/)
    await expectInert('sources')
    await row('Name <script>').dblclick()
    await page.getByRole('complementary', { name: /^Source / }).waitFor()
    await page.locator('.so-rejected li button').first().click()
    await page.getByRole('region', { name: 'Rejected record', exact: true }).waitFor()
    await expectInert('a source')
    await desk.picture('hostile-source')
    await page.getByRole('button', { name: /^Remove/ }).click()
    await page.getByRole('dialog').waitFor()
    await expectInert('removing it')
    await desk.press('Escape')
    await page
      .getByRole('button', { name: /^(Change|Edit|Settings)/ })
      .first()
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Try' })
      .or(page.getByRole('dialog').getByRole('button', { name: /look|first/i }))
      .first()
      .click()
    await page.locator('.so-try li').first().waitFor()
    await desk.picture('hostile-try')
    await expectInert('tried')
    await desk.press('Escape')
  })

  test('in rules', async () => {
    const { page } = desk
    await desk.go('#/rules?show=folders')
    await page.getByText('shipped with Watchfloor').waitFor()
    await desk.press('n')
    const dialog = page.getByRole('dialog', { name: 'Add folder' })
    await dialog.getByLabel('Folder', { exact: true }).fill(join(base, 'rules'))
    await expectInert('choosing a folder')
    await dialog.getByRole('button', { name: 'Add folder' }).click()
    await page
      .getByText(/broken<img/)
      .first()
      .waitFor()
    await expectInert('problems')
    await desk.picture('hostile-problems')
    await desk.go('#/rules/6f1f0b0a-0000-4000-8000-000000000001')
    await page.getByRole('region', { name: 'Rule text' }).getByText('detection:').waitFor()
    expect(await page.locator('.ru-panel h2').innerText()).toContain(MARKUP)
    await expectInert('a rule')
    await desk.picture('hostile-rule')
  })

  test('on the overview and in the palette', async () => {
    const { page } = desk
    await desk.go('#/overview')
    await page.locator('.ov-big').first().waitFor()
    await eventually(() => page.locator('.ov-ranking').first().innerText()).toContain('<script>')
    await expectInert('overview')
    await desk.press('Control+k')
    await page.getByRole('combobox', { name: 'Search or run a command' }).fill(`${MARKUP}${ANSI}${BIDI}`)
    await page.getByRole('option').first().waitFor()
    const options = await page.getByRole('option').allInnerTexts()
    expect(options.join().search(HIDDEN_CHARACTERS)).toBe(-1)
    await desk.press('Escape')
    await expectInert('palette')
  })
})

describe('hostile text in an export', () => {
  const exportAs = async (format: 'CSV' | 'JSON lines', fields: string): Promise<string> => {
    const { page } = desk
    await desk.go('#/events?all=1&where=formula%3A*&order=oldest')
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('7 events')
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('radio', { name: format })
      .or(dialog.getByRole('button', { name: format }))
      .first()
      .click()
    await dialog
      .getByRole('radio', { name: fields })
      .or(dialog.getByRole('button', { name: fields }))
      .first()
      .click()
    await dialog.getByRole('button', { name: /^Export .*events$/ }).click()
    const path = await page.locator('.ev-path').innerText()
    await desk.press('Escape')
    return readFileSync(path, 'utf8')
  }
  test('a spreadsheet finds no formula', async () => {
    const csv = await exportAs('CSV', 'All fields')
    expect(csv).toContain(`'=cmd|' /C calc'!A0`)
    // RFC 4180, read back.
    const cells = [...csv.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^,\r\n"]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    )
    expect(FORMULAS.every((formula) => cells.includes(`'${formula}`))).toBe(true)
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
  })
  test('JSON lines are exact', async () => {
    const lines = (await exportAs('JSON lines', 'All fields')).split('\n').filter(Boolean)
    expect(lines.map((line) => (JSON.parse(line) as { fields: Record<string, unknown> }).fields['formula'])).toEqual(FORMULAS)
  })
})
