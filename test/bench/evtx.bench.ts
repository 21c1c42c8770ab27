/**
 * Windows events: how fast event logs are read, beside Debian's `evtxexport` in the same run; and with rules of the corpus, from event
 * logs and from JSON, as `watchfloor sigma` does it. Prints one JSON object. `EVTX_MB` (default 200) says how large the log is, made of the
 * corpus' records; `EVENTS` (default 300,000) how many events the rules get of each kind: so many that compiling the rules, which is taken
 * off, is small beside them. What is said of rules is processor time, of all threads together, without loading the rules and without the
 * first records; the quickest of some rounds (`ROUNDS`, default 3) counts. About 1 GB lies in the temporary folder meanwhile.
 *
 * The corpus is made of attacks: every fourth of its records matches. `usual` has the same records with one in 500 that matches. In both every
 * record has words of its own in its command lines and messages, so that no log is only a few records again and again.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { once } from 'node:events'
import { evtxLines } from '../../electron/engine/evtx/evtx-lines.ts'
import type { MadeRecord } from '../../electron/engine/evtx/made-evtx.ts'
import { loadRules } from '../../electron/engine/sigma/load-rules.ts'
import { sigmaScan } from '../../electron/engine/sigma/scan.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'
import { corpusRecords, varied, writeEvtx } from './large-evtx.ts'

const RULE_FOLDERS = ['rules', 'rules-compliance', 'rules-emerging-threats', 'rules-placeholder', 'rules-threat-hunting']
const MB = Number(process.env['EVTX_MB'] ?? 200)
const EVENTS = Number(process.env['EVENTS'] ?? 300_000)
const ROUNDS = Number(process.env['ROUNDS'] ?? 3)
/** Events after which the rules are compiled and the machine is warm. */
const BEGUN = Math.min(5000, EVENTS / 4)
/** A record matches or does not, with so many words that are put into it. */
const TRIES = 4
const FEW_RULES = 100
/** Of usual events one in so many matches. */
const USUAL = 500
const round = (value: number, digits = 1): number => Number(value.toFixed(digits))

async function read(path: string): Promise<{ seconds: number; records: number }> {
  const began = performance.now()
  let records = 0
  for await (const piece of evtxLines(createReadStream(path, { highWaterMark: 1 << 20 })))
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) records++
  return { seconds: (performance.now() - began) / 1000, records }
}

function* endless(records: readonly MadeRecord[]): Generator<MadeRecord> {
  for (let n = 0; ; n++) yield varied(records[n % records.length]!, `w${n.toString(36)}`)
}
function* first(records: Iterable<MadeRecord>, count: number): Generator<MadeRecord> {
  let n = 0
  for (const record of records) {
    if (n++ === count) return
    yield record
  }
}

/** The same log as lines of JSON. */
async function asJson(path: string, target: string): Promise<void> {
  const file = createWriteStream(target)
  for await (const piece of evtxLines(createReadStream(path))) if (!file.write(Uint8Array.from(piece))) await once(file, 'drain')
  file.end()
  await once(file, 'finish')
}

interface Scanned {
  readonly seconds: number
  readonly records: number
  readonly matches: number
  readonly matching: ReadonlySet<number>
}
async function scan(paths: readonly string[], ruleFolders: readonly string[]): Promise<Scanned> {
  const matching = new Set<number>()
  let before = process.cpuUsage()
  const { matches, records } = await sigmaScan({
    paths,
    ruleFolders,
    onMatch: ({ record }) => void matching.add(record),
    // Rules are loaded by threads that take seconds, more or less of them each time: it begins when they are there.
    onNote: (note) => {
      if (/^\d+ rules.* loaded/.test(note)) before = process.cpuUsage()
    },
  })
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, records, matches, matching }
}
/** The quicker of two. */
const quicker = (a: Scanned | undefined, b: Scanned): Scanned => (a !== undefined && a.seconds < b.seconds ? a : b)

/**
 * For each set of rules the quickest round, without what the rules and the first records take: rules are compiled when events come that
 * they may match. The sets take turns: what else the machine does then slows both.
 */
async function quickest(path: string, begun: string, sets: readonly (readonly string[])[]): Promise<Scanned[]> {
  const loading: Scanned[] = []
  const best: Scanned[] = []
  for (let n = 0; n < ROUNDS; n++)
    for (const [i, folders] of sets.entries()) {
      loading[i] = quicker(loading[i], await scan([begun], folders))
      best[i] = quicker(best[i], await scan([path], folders))
    }
  return best.map((one, i) => ({
    ...one,
    seconds: one.seconds - loading[i]!.seconds,
    records: one.records - loading[i]!.records,
  }))
}

/** One log in both forms, with all rules and with some. */
async function withRules(
  folder: string,
  name: string,
  records: () => Iterable<MadeRecord>,
  all: readonly string[],
  few: string,
): Promise<unknown> {
  const own = join(folder, name)
  mkdirSync(own)
  const log = (part: string): string => join(own, part)
  for (const [part, count] of [
    ['whole', EVENTS],
    ['begun', BEGUN],
  ] as const) {
    // prettier-ignore
    writeEvtx(first(records(), count), log(`${part}.evtx`), Infinity)
    await asJson(log(`${part}.evtx`), log(`${part}.json`))
  }
  const result: Record<string, unknown> = {}
  for (const form of ['evtx', 'json']) {
    const [whole, begun] = [log(`whole.${form}`), log(`begun.${form}`)]
    const size = (statSync(whole).size - statSync(begun).size) / 1e6
    const [some, every] = (await quickest(whole, begun, [[few], all])) as [Scanned, Scanned]
    result[form] = {
      megabytes: round(size),
      events: every.records,
      oneInMatches: round(EVENTS / every.matching.size),
      eventsPerSecond: Math.round(every.records / every.seconds),
      megabytesPerSecond: round(size / every.seconds),
      fewRulesEventsPerSecond: Math.round(some.records / some.seconds),
      timesFewRules: round(every.seconds / some.seconds, 2),
    }
  }
  rmSync(own, { recursive: true })
  return result
}

const logs = corpus('evtx')
const sigma = corpus('sigma')
if (logs === null || sigma === null) console.log(JSON.stringify({ skipped: NO_CORPORA }))
else {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-evtx-'))
  try {
    const known = corpusRecords(logs)
    const path = join(folder, 'large.evtx')
    writeEvtx(endless(known), path, MB * 1e6)
    const size = statSync(path).size / 1e6
    let best = await read(path)
    for (let n = 1; n < ROUNDS; n++) {
      const next = await read(path)
      if (next.seconds < best.seconds) best = next
    }
    const began = performance.now()
    const peer = spawnSync('evtxexport', ['-f', 'xml', path], { stdio: ['ignore', 'ignore', 'ignore'] })
    const peerSeconds = peer.status === 0 ? (performance.now() - began) / 1000 : null

    const all = RULE_FOLDERS.map((name) => join(sigma, name))
    const { rules } = await loadRules(all.map((own) => ({ path: own, builtin: false })))
    const few = join(folder, 'few')
    mkdirSync(few)
    for (let n = 0; n < FEW_RULES; n++) {
      const { file } = rules[Math.floor((n * rules.length) / FEW_RULES)]!
      copyFileSync(file, join(few, `${n}-${basename(file)}`))
    }
    const tried = join(folder, 'tried.evtx')
    writeEvtx(first(endless(known), known.length * TRIES), tried, Infinity)
    const { matching } = await scan([tried], all)
    const times = (i: number): number =>
      Array.from({ length: TRIES }, (_, n) => n * known.length + i + 1).filter((record) => matching.has(record)).length
    const quiet = known.filter((_, i) => times(i) === 0)
    const loud = known.filter((_, i) => times(i) === TRIES)
    const usual = Array.from({ length: quiet.length * USUAL }, (_, n) =>
      n % USUAL === 0 ? loud[(n / USUAL) % loud.length]! : quiet[n % quiet.length]!,
    )
    console.log(
      JSON.stringify({
        megabytes: round(size),
        records: best.records,
        read: { seconds: round(best.seconds, 2), megabytesPerSecond: round(size / best.seconds), recordsPerSecond: Math.round(best.records / best.seconds) }, // prettier-ignore
        evtxexport: peerSeconds === null ? null : { seconds: round(peerSeconds), times: round(peerSeconds / best.seconds) },
        rules: rules.length,
        rounds: ROUNDS,
        attacks: await withRules(folder, 'attacks', () => endless(known), all, few),
        usual: await withRules(folder, 'usual', () => endless(usual), all, few),
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
