/**
 * The packet bench over the real engine and the demonstration's capture, by keyboard: from an alert to its packets, a filter, the
 * stream of the web exploit, the stolen file with the right hash, and the flow carved.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_START, writeDemo } from '../../electron/engine/demo/write-demo.ts'
import type { Manifest } from '../../electron/engine/demo/manifest.ts'
import { readCapture } from '../../electron/engine/packets/capture/read-capture.ts'
import { openDesk, type Desk } from './desk.ts'

const cli = join(import.meta.dirname, '..', '..', 'dist', 'engine', 'cli.js')
const MINUTES = 12

describe('the packet bench', () => {
  const work = mkdtempSync(join(tmpdir(), 'watchfloor-packets-'))
  const demo = join(work, 'demo')
  const data = join(work, 'data')
  const capture = join(demo, 'capture.pcap')
  let manifest: Manifest
  let desk: Desk
  beforeAll(async () => {
    manifest = await writeDemo(demo, { seed: 3, minutes: MINUTES, start: DEFAULT_START })
    const imported = spawnSync(process.execPath, [cli, 'import', join(demo, 'eve.json'), '--data', data, '--json'], {
      encoding: 'utf8',
    })
    expect(imported.status, imported.stderr).toBe(0)
    desk = await openDesk({ dataDir: data })
  }, 180_000)
  afterAll(async () => {
    await desk?.close()
    rmSync(work, { recursive: true, force: true })
  })
  const rows = () =>
    desk.page
      .locator('[role=grid][aria-label="Packets"] [role=row][aria-rowindex]')
      .filter({ hasNot: desk.page.locator('[role=columnheader]') })
  const filter = async (text: string): Promise<void> => {
    await desk.press('/')
    await desk.page.keyboard.press('Control+a')
    await desk.page.keyboard.type(text)
    // Enter runs what is typed, whether a list of words is open or not.
    await desk.page.keyboard.press('Enter')
  }

  test('a capture is opened by its path and read', async () => {
    const { page } = desk
    await desk.go('#/packets')
    await page.getByRole('button', { name: /Choose files/ }).waitFor()
    await page.keyboard.press('Control+o')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type(capture)
    await page.keyboard.press('Enter')
    await rows().nth(5).waitFor({ timeout: 30_000 })
    await expect.poll(() => page.getByText('Reading application data').count(), { timeout: 60_000 }).toBe(0)
    const total = manifest.totals.packets.toLocaleString('en-GB').replaceAll(',', ' ')
    await expect
      .poll(async () => ((await page.locator('body').textContent()) ?? '').replaceAll(/[\u2009\u00a0\u202f]/g, ' '))
      .toContain(`${total} packets`)
    // The first packet is selected; what its flow said is known once messages are read, without selecting it again.
    await expect.poll(() => page.locator('.pk-side').textContent()).toContain('First data')
  })

  test('a filter with a wrong word says where; a right one shows its packets', async () => {
    const { page } = desk
    await desk.press('/')
    await page.keyboard.type('http.request.urk contains "uploads"')
    await page
      .getByText(/http\.request\.urk/)
      .first()
      .waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'http.request.uri', exact: true }).count()).toBeGreaterThan(0)
    await filter('http.request.uri contains "uploads"')
    await expect.poll(() => rows().count(), { timeout: 20_000 }).toBe(3)
    await expect.poll(() => rows().first().textContent()).toContain('c=id')
    await desk.picture('packets-filtered')
  })

  test('the stream of the web exploit is followed', async () => {
    const { page } = desk
    await rows().first().click()
    await desk.press('Enter')
    const pane = page.getByRole('region', { name: 'Follow stream' })
    await pane.waitFor()
    await expect.poll(() => pane.textContent(), { timeout: 20_000 }).toContain('uid=33(www-data) gid=33(www-data)')
    await desk.picture('packets-follow')
    await page.keyboard.press('Escape')
    await expect.poll(() => pane.count()).toBe(0)
  })

  test('tree and bytes are linked', async () => {
    const { page } = desk
    const tree = page.getByRole('tree').first()
    await tree.getByText('Hypertext Transfer Protocol').waitFor({ timeout: 60_000 })
    await tree.getByText(/^User-Agent:/).click()
    const ascii = page.locator('.pk-ascii .pk-b-field')
    await expect.poll(async () => (await ascii.allTextContents()).join('')).toContain('User-Agent:')
    // And the other way: a byte of the first line selects the field it belongs to.
    await page.locator('.pk-hexes [data-at="66"]').click()
    await expect.poll(() => tree.locator('[aria-selected=true]').textContent()).toMatch(/GET|Request Method/)
  })

  test('the flow is carved', async () => {
    const { page } = desk
    await desk.press('w')
    const pane = page.getByRole('region', { name: /Carve/ })
    await pane.waitFor()
    await pane.getByRole('radio', { name: /This flow/ }).check()
    await pane.getByRole('button', { name: 'Carve', exact: true }).click()
    await expect.poll(() => pane.textContent(), { timeout: 20_000 }).toContain('SHA-256')
    const folder = join(data, 'exports')
    const [name] = readdirSync(folder).filter((one) => one.endsWith('.pcapng'))
    const bytes = readFileSync(join(folder, name!))
    const said = (await pane.textContent()) ?? ''
    expect(said).toContain(createHash('sha256').update(bytes).digest('hex'))
    const read = await readCapture(
      (async function* () {
        yield bytes
      })(),
      () => undefined,
    )
    expect(read?.stopped).toBeNull()
    expect(read?.packets).toBeGreaterThan(5)
    expect(read?.remarks.some(({ text }) => text.includes('capture.pcap') && text.includes('SHA-256'))).toBe(true)
    await page.keyboard.press('Escape')
  })

  test('the stolen file is exported with the right hash, below a neutral name', async () => {
    const { page } = desk
    const { exfiltrated } = manifest
    await filter(`ip.addr == ${exfiltrated.destination.ip} && tcp.port == ${exfiltrated.destination.port} && http`)
    await expect.poll(() => rows().count(), { timeout: 20_000 }).toBeGreaterThan(0)
    await rows().first().click()
    const [route] = [await page.evaluate(() => window.location.hash)]
    await desk.go(`${route}&tool=objects`)
    const pane = page.getByRole('region', { name: 'Objects' })
    await pane.waitFor()
    await pane.locator('.ag-row').first().waitFor({ timeout: 60_000 })
    await pane.getByRole('button', { name: /Size/ }).click()
    const row = pane
      .locator('.ag-row', { hasText: exfiltrated.name })
      .filter({ hasText: exfiltrated.sha256.slice(0, 8) })
      .first()
    await row.waitFor()
    await row.locator('input[type=checkbox]').check()
    await pane.getByRole('button', { name: /Save 1/ }).click()
    await page.getByRole('dialog').locator('.wf-btn-primary').click()
    const folder = join(data, 'exports')
    await expect.poll(() => readdirSync(folder).filter((one) => one.startsWith('objects')).length).toBe(1)
    const saved = join(
      folder,
      readdirSync(folder).find((one) => one.startsWith('objects'))!,
    )
    // Until it is whole it has another name.
    await expect.poll(() => readdirSync(saved).filter((one) => !one.endsWith('.part')).length).toBe(1)
    const file = join(saved, readdirSync(saved)[0]!)
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(exfiltrated.sha256)
    expect(file).not.toContain(exfiltrated.name)
    expect(statSync(file).mode & 0o111).toBe(0)
    await desk.picture('packets-objects')
  })

  test('from an alert to its packets by one key', async () => {
    const { page } = desk
    await desk.go('#/alerts')
    await page.locator('.ag-row').first().waitFor()
    await page.locator('.ag-row', { hasText: 'Output of the id command' }).first().click()
    await page.locator('[aria-label^="Alert A-"]').first().waitFor()
    await desk.press('p')
    await expect.poll(() => page.evaluate(() => window.location.hash), { timeout: 30_000 }).toMatch(/packet=\d+/)
    const selected = page.locator('[role=grid][aria-label="Packets"] [role=row][aria-selected=true]')
    await selected.waitFor({ timeout: 20_000 })
    await expect.poll(() => selected.textContent()).toMatch(/HTTP/)
    // And back: the flow's alerts stand beside it.
    await expect
      .poll(() => page.getByText('Output of the id command in an HTTP reply').count(), { timeout: 20_000 })
      .toBeGreaterThan(0)
    await desk.picture('packets-from-alert')
  })

  test('nothing went wrong on the page', () => {
    expect(desk.complaints).toEqual([])
  })
})
