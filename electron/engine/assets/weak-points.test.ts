import { expect, it } from 'vitest'
import { ok } from '../../../shared/model/result.ts'
import type { AssetWorker } from './catalogue/asset-worker.ts'
import type { Match } from './catalogue/catalogue.ts'
import { emptyAsset } from './register.ts'
import { WeakPoints } from './weak-points.ts'

const MATCH: Match = { cve: 'CVE-2021-41773', product: 0, state: 'affected', how: 'cpe', detail: '', source: 'NVD', remedy: '' }

it('an answer of the catalogue as it was counts for nothing once it is another: it is asked again', async () => {
  const answers: ((matches: readonly Match[]) => void)[] = []
  const worker = {
    match: () => new Promise((resolve) => answers.push((matches) => resolve(ok({ matches, details: [], complete: true })))),
    describe: () => Promise.resolve(ok([])),
  } as unknown as AssetWorker
  const weak = new WeakPoints(worker, () => undefined)
  const asset = {
    ...emptyAsset('a', 'web', '2026-11-29T00:00:00.000Z', false),
    services: [
      {
        port: 80,
        transport: 'tcp',
        name: 'http',
        product: 'Apache httpd',
        version: '2.4.49',
        cpe: 'cpe:2.3:a:apache:http_server:2.4.49:*:*:*:*:*:*:*',
        observed: false,
        lastSeen: null,
      },
    ],
  } as unknown as Parameters<typeof weak.look>[0]
  const asked = async (times: number): Promise<void> => {
    while (answers.length < times) await new Promise((resolve) => setImmediate(resolve))
  }
  weak.look(asset)
  await asked(1)
  // An import ends while the first answer is under way.
  weak.lookAgain([asset])
  answers[0]?.([])
  await asked(2)
  answers[1]?.([MATCH])
  await weak.settled()
  expect(weak.of(asset).map(({ cve }) => cve)).toEqual(['CVE-2021-41773'])
  expect(weak.waiting).toBe(0)
})
