import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Verification } from '../../../shared/model/impact.ts'
import { Assets } from '../assets/assets.ts'
import { defaultDataDir } from '../data-dir.ts'
import { PacketBench } from '../packets/bench/bench.ts'
import { CaptureLibrary } from '../packets/library/capture-library.ts'
import { openStoreWith } from '../store/client.ts'
import { deskPath } from '../store/partition-files.ts'
import type { Store } from '../store/types.ts'
import { CaptureStreams } from '../verify/gather/streams.ts'
import { deskKnows } from '../verify/desk-knows.ts'
import { Verifier } from '../verify/verifier.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

const AT_ONCE = 20
const PAGE = 1000

export default defineCommand({
  name: 'verify',
  usage: '<alert-id>...|--all --data <dir> [--json]',
  summary:
    'Verifies the impact of alerts: whether what they tell of was blocked, failed, or worked, and what shows it. Results are kept.',
  options: {
    data: { type: 'string', value: '<dir>', doc: 'data folder' },
    all: { type: 'boolean', doc: 'all alerts, decided ones too' },
    json: { type: 'boolean', doc: 'one JSON object a line for each alert' },
  },
  async run(input) {
    const all = input.flag('all')
    if (all === input.positionals.length > 0) throw new UsageError('name alerts by their ids, or give --all')
    for (const id of input.positionals) if (!/^\d{1,16}$/.test(id)) throw new UsageError(`${id} is no id of an alert`)
    const dataDir = resolve(input.text('data') ?? defaultDataDir())
    if (!existsSync(deskPath(dataDir))) {
      talk(`There is no desk in ${dataDir}`)
      return 1
    }
    const opened = await openStoreWith(dataDir, {})
    if (!opened.ok) {
      talk(opened.error.message)
      return 1
    }
    const store = opened.value
    const bench = new PacketBench(dataDir)
    const library = new CaptureLibrary(dataDir)
    const assets = new Assets(store, dataDir)
    await assets.start()
    const verifier = new Verifier(store, deskKnows(new CaptureStreams(bench, library), assets))
    try {
      const ids = all ? await everyAlert(store, input.signal) : input.positionals
      let failed = 0
      for (let i = 0; i < ids.length && !input.signal.aborted; i += AT_ONCE) {
        const done = await verifier.verify(ids.slice(i, i + AT_ONCE), 'terminal', input.signal)
        if (!done.ok) {
          failed++
          talk(done.error.message)
          continue
        }
        for (const one of done.value) await out(input.flag('json') ? JSON.stringify(lineOf(one)) : plainLine(one))
      }
      return failed > 0 || input.signal.aborted ? 1 : 0
    } finally {
      await verifier.close()
      await assets.close()
      await library.close()
      await bench.close()
      await store.close()
    }
  },
})

async function everyAlert(store: Store, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<Store['alerts']['search']>> = await store.alerts.search(
      {
        where: '',
        states: ['open', 'snoozed', 'decided'],
        window: { from: null, to: null },
        order: 'oldest',
        limit: PAGE,
        after,
      },
      'terminal',
      signal,
    )
    if (!page.ok) throw new Error(page.error.message)
    ids.push(...page.value.alerts.map(({ id }) => id))
    after = page.value.after
  } while (after !== null)
  return ids
}

/** As the terminal gives it: `alert, result, confidence, tests: [{ id, result, reason, cites }]`. */
const lineOf = ({ alert, result, confidence, reason, findings }: Verification) => ({
  alert,
  result,
  confidence,
  reason: reason.en,
  tests: findings.map(({ test, family, result: said, confidence: sure, reason: why, cites, bytes }) => ({
    id: test,
    family,
    result: said,
    confidence: sure,
    reason: why.en,
    cites,
    ...(bytes === null ? {} : { bytes }),
  })),
})

const plainLine = ({ alert, result, confidence, reason }: Verification): string =>
  `${alert}\t${result}\t${confidence.toFixed(2)}\t${reason.en}`
