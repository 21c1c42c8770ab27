import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { say } from '../../../shared/model/sentence.ts'
import { ok } from '../../../shared/model/result.ts'
import { SourceSettings, type SourceStatus } from '../../../shared/model/source.ts'
import type { StoredSource } from '../store/types.ts'
import { Ingest } from './ingest.ts'
import { MemorySink, MemoryThreads } from './memory-sink.ts'

let ingest: Ingest
let taken: Socket | null = null
afterEach(async () => {
  await ingest.close()
  taken?.close()
  taken = null
})

async function listeningOn(port: number): Promise<() => SourceStatus> {
  const sink = new MemorySink()
  const kept = new Map<string, StoredSource>()
  ingest = new Ingest({
    rules: { rules: [], sources: [], onChange: () => () => undefined },
    threads: new MemoryThreads(),
    store: {
      commit: (batch) => sink.commit(batch),
      positions: (source) => sink.positions(source),
      importedContent: (files) => sink.importedContent(files),
      raisedBy: async () => 0,
      sources: {
        list: async () => [...kept.values()],
        save: async (source) => ok(void kept.set(source.id, source)),
        remove: async (id) => ok(void kept.delete(id)),
        totals: async () => ({}),
      },
    },
  })
  const input = { kind: 'syslog-udp', address: '127.0.0.1', port }
  expect((await ingest.add(SourceSettings.parse({ name: 'Firewall', input }))).ok).toBe(true)
  return () => ingest.list()[0]!
}
async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('what a source tells of itself', () => {
  it('where it listens is a notice and no problem, and is gone when it is paused', async () => {
    const status = await listeningOn(0)
    await until(() => status().notice !== null)
    expect(status()).toMatchObject({ state: 'running', problem: null })
    expect(status().notice).toEqual(say('listening', { address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string }))
    await ingest.pause(status().id, true)
    expect(status()).toMatchObject({ state: 'paused', problem: null, notice: null })
  })
  it('why it cannot listen is a problem and no notice', async () => {
    taken = createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const status = await listeningOn(port)
    await until(() => status().problem !== null)
    expect(status().problem).toEqual(say('at', { place: `UDP 127.0.0.1:${port}`, why: say('port_taken') }))
    expect(status().notice).toBeNull()
  })
})
