import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEngineProcess } from './engine-process.ts'
import { engineFile } from './paths.ts'

/** An entry point, beside the built ones, that gives back what it gets, can be busy for good, and can end. */
const entry = `../../node_modules/.cache/engine-process-test-${process.pid}.process`
const source = new URL('./engine-process.ts', import.meta.url).href

beforeAll(() => {
  mkdirSync(dirname(engineFile(entry)), { recursive: true })
  writeFileSync(
    engineFile(entry),
    `import { lineToEngine } from ${JSON.stringify(source)}
const line = lineToEngine()
line.onMessage(async (message) => {
  if (message === 'busy') {
    await line.send('busy now')
    for (;;);
  }
  await line.send([message, process.pid])
  if (message === 'end') line.end()
})
`,
  )
})
afterAll(() => rmSync(engineFile(entry)))

describe('a process of the engine', () => {
  it('answers, takes structured data, and ends by itself', async () => {
    const child = startEngineProcess(entry)
    const got: unknown[] = []
    child.onMessage((message) => got.push(message))
    const ended = new Promise((resolve) => child.onExit(resolve))
    child.send(new Map([['a', new Uint8Array([1, 2])]]))
    child.send('end')
    expect(await ended).toBe(0)
    expect(got).toEqual([
      [new Map([['a', new Uint8Array([1, 2])]]), expect.any(Number)],
      ['end', expect.any(Number)],
    ])
    expect((got[0] as unknown[])[1]).not.toBe(process.pid)
    // Neither hurts after the end.
    child.send('more')
    child.kill()
  })

  it('is killed in the middle of its work', async () => {
    const child = startEngineProcess(entry)
    const ended = new Promise((resolve) => child.onExit(resolve))
    await new Promise<void>((resolve) => {
      child.onMessage(() => resolve())
      child.send('busy')
    })
    child.kill()
    expect(await ended).toBeNull()
  })

  it('tells when it could not start', async () => {
    const child = startEngineProcess('there-is-none.process')
    expect(await new Promise((resolve) => child.onExit(resolve))).not.toBe(0)
  })
})
