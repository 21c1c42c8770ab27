/** Every view in the React that complains: of keys, nesting, and effects that are not undone. The other files run over what ships. */
import { describe, it } from 'vitest'
import { DAMAGED, READING, READY } from '../fixtures/screen/fake-captures.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'
import { TOOL_IDS } from '../../renderer/views/packets/tools/tool-ids.ts'

useScreens(/warning|error/, 'development')

describe('React in development', () => {
  // Where it says something (keys, nesting, effects that are not undone), the page has an error and the test fails.
  it('has nothing to complain of in any view', async () => {
    await openScreen('packets=2000&events=2000', '#/alerts')
    for (const [hash, there] of [
      ['#/alerts', '.al-history'],
      ['#/alerts?group=detection', '.al-group'],
      ['#/overview', '.ov-big'],
      ['#/sources/s2', '.ag-row'],
      ['#/sources?rejected=all', '.so-rejected li'],
      ['#/sources?add=syslog-tls', '[role=dialog]'],
      ['#/sources?add=import', '[role=dialog]'],
      ['#/rules/wf-web-shell-output-2', '[role=region][aria-label="Rule text"]'],
      ['#/rules/Web servers?show=packs', '.rp-table'],
      ['#/rules?show=problems', '.ru-problems'],
      ['#/rules?show=folders', '.ru-folders'],
      ['#/settings', 'h1'],
      ['#/incidents', '.ag-row'],
      ['#/incidents/INC-2026-0117', '.in-node'],
      ['#/incidents/INC-2026-0117?tab=timeline', '.in-vrow'],
      ['#/incidents/INC-2026-0117?tab=entities', '.in-edgerow'],
      ['#/incidents/INC-2026-0117?tab=evidence', '.in-evidence-wide'],
      ['#/incidents/INC-2026-0117?tab=playbook', '.in-taskform'],
      ['#/incidents/INC-2026-0117?tab=notes', '.in-md'],
      ['#/incidents/INC-2026-0117?tab=ledger', '.in-ledgertable tbody tr'],
      ['#/packets', 'button:has-text("Choose files")'],
      [`#/packets?capture=${READING}`, '.pk-rows'],
      [`#/packets?capture=${DAMAGED}`, '.pk-rows'],
      [`#/packets?capture=${READY}&packet=24&filter=tcp`, '.pk-line'],
      ['#/events?all=1&event=1404927549440120', '.ev-table'],
    ] as const) {
      await page.evaluate((to) => void (window.location.hash = to), hash)
      await page.locator(there).first().waitFor()
    }
    for (const tool of TOOL_IDS) {
      await page.evaluate((to) => void (window.location.hash = to), `#/packets?capture=${READY}&packet=51&flow=0&tool=${tool}`)
      await page.locator('.pt').waitFor()
    }
    await page.keyboard.press('Escape')
    await eventually(() => page.locator('.pt').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').first().waitFor()
  })
})
