import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import { defaultDataDir } from '../data-dir.ts'
import { Ingest } from '../ingest/ingest.ts'
import { captureEvents } from '../packets/events/capture-events.ts'
import { resourcesDir } from '../paths.ts'
import { loadRules } from '../sigma/load-rules.ts'
import { readLogSources } from '../sigma/logsources/table.ts'
import { PlaceholderFiller } from '../sigma/placeholders/fill-placeholders.ts'
import { OwnLists } from '../sigma/placeholders/own-lists.ts'
import { RuleCache } from '../sigma/rule-cache.ts'
import { resolveScenarios } from '../sigma/scenarios/resolve.ts'
import { runningScenarios } from '../sigma/scenarios/running.ts'
import { withSteps } from '../sigma/scenarios/step-rules.ts'
import { openStoreWith } from '../store/client.ts'
import { openForReading } from '../store/database.ts'
import { deskPath } from '../store/partition-files.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'import',
  usage: '<path>... --data <dir> [--rules <dir>]... [--json]',
  summary:
    'Reads files and folders of logs and packet captures into the store, evaluates the rules, and says what came of it. The same again adds nothing.',
  options: {
    data: { type: 'string', value: '<dir>', doc: 'data folder; made where it is missing' },
    rules: { type: 'string', multiple: true, value: '<dir>', doc: 'folder of Sigma rules, besides the shipped ones' },
    format: { type: 'string', value: '<id>', doc: 'parser for all files (default: each is recognised)' },
    zone: { type: 'string', value: '<zone>', doc: 'time zone of records that name none (default UTC)' },
    json: { type: 'boolean', doc: 'the summary as one JSON object' },
  },
  async run(input) {
    if (input.positionals.length === 0) throw new UsageError('name at least one file or folder')
    const dataDir = resolve(input.text('data') ?? defaultDataDir())
    mkdirSync(dataDir, { recursive: true })
    // The same file as the desk's own: rules that were read before are not parsed again.
    const cache = new RuleCache()
    const cacheFile = join(dataDir, 'rules.cache')
    await cache.restore(cacheFile)
    const lists = new OwnLists(join(dataDir, 'lists'))
    await lists.load()
    const [loaded, opened] = await Promise.all([
      loadRules(
        [
          { path: join(resourcesDir(), 'rules'), builtin: true },
          ...input.texts('rules').map((path) => ({ path: resolve(path), builtin: false })),
        ],
        cache,
        new PlaceholderFiller(lists.values),
      ),
      openStoreWith(dataDir, { readAtOnce: false }),
    ])
    const resolved = resolveScenarios(loaded.rules, loaded.scenarios, () => true)
    // A scenario that cannot run has not loaded, as a rule that cannot be read.
    const failedRules = loaded.failed + resolved.broken.size
    for (const { file, line, column, message } of [...loaded.problems, ...resolved.problems])
      talk(`${file}${line > 0 ? `:${line}:${column}` : ''}: ${message}`)
    talk(`${loaded.rules.length} rules and ${resolved.plans.length} scenarios loaded, ${failedRules} failed`)
    if (!opened.ok) {
      talk(opened.error.message)
      return 1
    }
    const store = opened.value
    const scratch = join(dataDir, 'captures')
    await store.runScenarios(runningScenarios(resolved.plans, loaded.scenarios))
    const ingest = new Ingest({
      store,
      rules: {
        rules: withSteps(loaded.rules, resolved.stepRules, () => true),
        sources: readLogSources(join(dataDir, 'logsources')).sources,
        onChange: () => () => undefined,
      },
      captures: (start) => captureEvents({ ...start, scratch }),
    })
    const before = alertsOf(dataDir)
    let told = 0
    const result = await ingest
      .runImport(
        {
          paths: input.positionals.map((path) => resolve(path)),
          format: input.text('format') ?? null,
          zone: input.text('zone') ?? 'UTC',
        },
        ({ bytes, of, records }) => {
          if (Date.now() - told < 5000) return
          told = Date.now()
          talk(`${records} records, ${of > 0 ? Math.floor((bytes / of) * 100) : 100} %`)
        },
        input.signal,
      )
      .finally(async () => {
        await cache.save(cacheFile)
        await ingest.close()
        await store.close()
      })
    if (!result.ok) {
      talk(result.error.message)
      return 1
    }
    const { skipped } = result.value
    // Windows of scenarios are judged until the store is closed.
    const summary = { ...result.value.summary, alerts: alertsOf(dataDir) - before }
    for (const { path, reason, failed } of skipped) talk(`${path}: ${failed ? '' : 'skipped, '}${inEnglish(reason)}`)
    if (input.flag('json')) await out(JSON.stringify({ ...summary, skipped: undefined }))
    else {
      const { records, events, alerts, rejected, bytes, seconds } = summary
      await out(`${records} records, ${events} events, ${alerts} alerts, ${rejected} rejected, ${bytes} bytes in ${seconds} s`)
    }
    return skipped.some(({ failed }) => failed) || failedRules > 0 ? 1 : 0
  },
})

/** Alerts that the desk has. */
function alertsOf(dataDir: string): number {
  const db = openForReading(deskPath(dataDir))
  try {
    return db.prepare('SELECT count(*) FROM alert').pluck().get() as number
  } finally {
    db.close()
  }
}
