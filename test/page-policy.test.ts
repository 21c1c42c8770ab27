/** What a real Chromium says of the headers of our pages. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { findChromium } from '../scripts/chromium.ts'
import { pageHeaders } from '../shared/page-policy.ts'

const executablePath = findChromium()

it.skipIf(executablePath === null)('knows every name in them', async () => {
  const server = createServer((_request, response) =>
    response.writeHead(200, { ...pageHeaders(), 'content-type': 'text/html' }).end('<!doctype html><title>page</title>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    // An address that is there: the browser asks for an icon by itself.
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'networkidle' })
    expect(said).toEqual([])
  } finally {
    await browser.close()
    server.close()
  }
})
