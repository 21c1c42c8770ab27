/** The real thing: the application in Electron's own binary, where there is one. Everything else about it is tested without. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { buildStale } from '../scripts/build.ts'
import { electronBinary, whyNoElectron } from '../scripts/launch/electron-binary.ts'

const root = join(import.meta.dirname, '..')
const binary = electronBinary()
const reason = binary === null ? 'no Electron binary' : whyNoElectron()

describe('Electron itself', () => {
  if (binary === null || reason !== null) {
    it(`skipped: ${reason}`, (context) => context.skip(reason ?? ''))
    return
  }

  it('opens the desk, with a page that is locked in and an engine that answers', async () => {
    await buildStale(['engine', 'main', 'renderer'])
    const data = mkdtempSync(join(tmpdir(), 'watchfloor-smoke-'))
    const child = spawn(binary, [root, `--data=${data}`, '--remote-debugging-port=0'], { stdio: ['ignore', 'ignore', 'pipe'] })
    try {
      const endpoint = await new Promise<string>((resolve, reject) => {
        let text = ''
        child.stderr.on('data', (part: Buffer) => {
          text += String(part)
          const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
          if (found) resolve(found)
        })
        child.once('exit', (code) => reject(new Error(`Electron ended with ${code}: ${text}`)))
      })
      const browser = await chromium.connectOverCDP(endpoint)
      const page = browser.contexts()[0]?.pages()[0] ?? (await browser.contexts()[0]?.waitForEvent('page'))
      if (!page) throw new Error('there is no window')
      await page.waitForURL('watchfloor://app/')
      await page.waitForFunction(() => document.querySelector('#root')?.childElementCount === 1)
      const seen = await page.evaluate(() => ({
        host: [window.watchfloorHost?.kind, window.watchfloorHost?.pathOf?.(new File(['x'], 'made-here.pcap'))],
        node: ['require', 'process', 'Buffer'].filter((name) => name in window),
        opened: window.open('https://elsewhere.example/') === null,
      }))
      expect(seen).toEqual({ host: ['electron', ''], node: [], opened: true })
      await browser.close()
    } finally {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    }
  })
})
