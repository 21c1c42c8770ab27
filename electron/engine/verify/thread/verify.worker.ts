/** The thread that verifies: reads the store by itself, and asks the desk for what only that knows. In: {@link ToVerifier}. */
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { fail, ok, type Result, type WatchfloorError } from '../../../../shared/model/result.ts'
import { Reader } from '../../store/reader.ts'
import type { Answer, Question, QuestionInput } from '../../store/reader.ts'
import { PendingCalls } from '../../store/worker-calls.ts'
import { CaseAnswers } from '../gather/case-answers.ts'
import { gatherCase } from '../gather/gather-case.ts'
import { impactTests } from '../registry.ts'
import { runTests } from '../run-tests.ts'
import { KnownAddresses } from './known-addresses.ts'
import type {
  DeskAnswers,
  DeskQuestion,
  DeskQuestions,
  FromVerifier,
  ToVerifier,
  VerifiedAlert,
  VerifyStart,
} from './messages.ts'

/** Rows of the store's blocks that stay unpacked: alerts of one time ask for the same ones. */
const KEPT_ROWS = 64_000

/** Errors after which the same question may be answered. */
const PASSING: ReadonlySet<WatchfloorError['code']> = new Set(['cancelled', 'store_busy'])
const CANCELLED: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
const UNANSWERED: Result<never> = fail({
  code: 'store_busy',
  message: 'The store did not answer everything: the alert is verified again.',
})

/** Nothing waits for a verification as it does for a record. Linux gives each thread a priority of its own; elsewhere it is the process's. */
function stepBack(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), 10)
  } catch {
    // It is verified all the same.
  }
}

if (parentPort) {
  stepBack()
  const port = parentPort
  const { dataDir, shelf, aliases } = workerData as VerifyStart
  const post = (message: FromVerifier): void => port.postMessage(message)
  const questions = new PendingCalls()
  const toDesk = new PendingCalls()
  const reader = new Reader(
    dataDir,
    shelf,
    aliases,
    {
      done: (id, result) => questions.settle(id, result),
      damaged: (day, known) => post({ kind: 'damaged', day, known }),
    },
    KEPT_ROWS,
  )
  /** Questions that were not answered, of all alerts: answers are shared, and so is what is missing in them. */
  let unanswered = 0
  const ask = async <Q extends Question>(question: Q, input: QuestionInput<Q>, signal: AbortSignal): Promise<Answer<Q>> => {
    if (signal.aborted) return CANCELLED as Answer<Q>
    const { id, result } = questions.start<unknown>((call) => reader.ask(call, question, input))
    const cancel = (): void => reader.cancel(id)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const answer = await result
      if (!answer.ok && PASSING.has(answer.error.code)) unanswered++
      return answer as Answer<Q>
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }
  const askDesk = <Q extends DeskQuestion>(question: Q, input: DeskQuestions[Q]): Promise<Result<DeskAnswers[Q]>> =>
    toDesk.start<DeskAnswers[Q]>((id) => post({ kind: 'ask', id, question, input })).result

  const events = {
    search: (input: QuestionInput<'events.search'>, signal: AbortSignal) => ask('events.search', input, signal),
    stats: (input: QuestionInput<'events.stats'>, signal: AbortSignal) => ask('events.stats', input, signal),
    firsts: (input: QuestionInput<'impact.firsts'>, signal: AbortSignal) => ask('impact.firsts', input, signal),
  }
  const answers = new CaseAnswers(events)
  const addresses = new KnownAddresses()
  const sources = {
    store: {
      alertEvents: (input: QuestionInput<'alerts.events'>, signal: AbortSignal) => ask('alerts.events', input, signal),
      events: events.search,
      alert: (id: string, signal: AbortSignal) => ask('impact.alert', { id }, signal),
      others: (input: QuestionInput<'impact.others'>, signal: AbortSignal) => ask('impact.others', input, signal),
      origin: (event: string, signal: AbortSignal) => ask('impact.origin', event, signal),
    },
    answers,
    async conversation(asked: DeskQuestions['conversation']) {
      const found = await askDesk('conversation', asked)
      return found.ok ? found.value : null
    },
    async asset(asked: DeskQuestions['asset']) {
      const found = await askDesk('asset', asked)
      return found.ok ? found.value : null
    },
    isOurs: (ip: string) => addresses.isOurs(ip),
  }

  async function verify(alert: string, signal: AbortSignal): Promise<Result<VerifiedAlert>> {
    const before = unanswered
    const gathered = await gatherCase(alert, sources, signal)
    if (!gathered.ok) return gathered
    // What was not seen must not count as what is not there.
    if (signal.aborted) return CANCELLED
    if (unanswered !== before) return UNANSWERED
    const of = gathered.value
    const verified = await addresses.settled(
      () =>
        runTests(impactTests, of, (test, error) =>
          process.stderr.write(
            `verify: the test ${test} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
          ),
        ),
      async (missed) => {
        const ours = await askDesk('ours', missed)
        return ours.ok ? ours.value : []
      },
    )
    return ok({ verified, count: of.alert.count })
  }

  const running = new Map<number, AbortController>()
  async function run(id: number, alert: string, revision: number): Promise<void> {
    const ending = new AbortController()
    running.set(id, ending)
    addresses.at(revision)
    try {
      post({ kind: 'done', id, result: await verify(alert, ending.signal) })
    } finally {
      running.delete(id)
    }
  }

  port.on('message', (message: ToVerifier) => {
    switch (message.kind) {
      case 'verify':
        void run(message.id, message.alert, message.revision)
        break
      case 'cancel':
        running.get(message.id)?.abort()
        break
      case 'told':
        toDesk.settle(message.id, message.value)
        break
      case 'stored':
        answers.stored(message.from, message.to)
        break
      case 'shelf':
        reader.setShelf(message.shelf)
        answers.stored(-Infinity, Infinity)
        post({ kind: 'done', id: message.id, result: ok(undefined) })
        break
      case 'close':
        for (const one of running.values()) one.abort()
        reader.close()
        port.close()
        break
    }
  })
}
