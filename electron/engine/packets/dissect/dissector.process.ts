/**
 * Wireshark's dissectors, in a process of their own: whoever started it kills it when it takes too long. It ends itself where it
 * takes too much memory, if it comes to that. In: {@link ToProcess}; out: {@link FromProcess}. One question at a time.
 */
import { fail, ok } from '../../../../shared/model/result.ts'
import { lineToEngine } from '../../engine-process.ts'
import { answer } from './answer.ts'
import { EXIT_MEMORY, type Dissected, type FromProcess, type Question, type ToProcess } from './requests.ts'
import { Session } from './session.ts'
import { sliceFile } from './slice.ts'
import { loadWiregasm } from './wiregasm.ts'

/** Milliseconds between two looks at the time and the memory, while the dissectors read. */
const LOOK = 100

const line = lineToEngine()
const send = (message: FromProcess): Promise<void> => line.send(message)
const waiting: ToProcess[] = []
let run: ((asked: ToProcess) => void) | null = null
line.onMessage((message) => {
  if (run === null) waiting.push(message as ToProcess)
  else run(message as ToProcess)
})

/** The question that is being answered. */
let current: ToProcess | null = null
let looked = 0
/**
 * A slice is read through three times: when it is loaded, then for a hash that nobody asked for, then for what is asked of all of
 * its packets. Packets that are shown are read once more.
 */
let pass = 0
let furthest = 0
function look(position: number, size: number): void {
  if (position < furthest / 2 && furthest > 0.9 * size) {
    pass++
    furthest = 0
  }
  furthest = Math.max(furthest, position)
  const now = performance.now()
  if (current === null || now - looked < LOOK) return
  looked = now
  const memory = process.memoryUsage.rss()
  if (memory > current.memoryCap) process.exit(EXIT_MEMORY)
  const share = size > 0 ? furthest / size / 2 : 0
  const done = pass === 0 ? share : pass === 1 ? 0.5 : pass === 2 ? 0.5 + share : 1
  void send({ kind: 'progress', id: current.id, done: Math.min(1, done), memory })
}

/** Something small of what is most common, so that it is compiled when the first packet is asked for. */
const FIRST = Buffer.from(
  '02000000000202000000000108004500003c000040004006000cc0000201c6336401c00000500000000100000001501804000000000047455420' +
    '2f20485454502f312e310d0a0d0a',
  'hex',
)

async function begin(): Promise<void> {
  const lib = await loadWiregasm()
  const session = new Session(lib, { read: look })
  const bytes = sliceFile({
    packets: [{ number: 1, bytes: FIRST, wire: FIRST.length, seconds: 0, nanos: 0, linkType: 1 }],
    secrets: null,
  })
  answer(lib, session, {
    kind: 'tree',
    slice: { key: -1, file: { bytes }, numbers: null },
    target: 1,
    context: {},
  })
  const answered = (question: Question): Dissected<unknown> => {
    if (process.env['WATCHFLOOR_TEST_DISSECTOR'] !== '1') return answer(lib, session, question)
    if (question.kind === 'spin') for (;;);
    if (question.kind === 'eat') for (const eaten: Buffer[] = []; ;) eaten.push(Buffer.alloc(32 << 20, 1))
    return answer(lib, session, question)
  }
  run = (asked) => {
    current = asked
    looked = performance.now()
    furthest = 0
    pass = 'slice' in asked.question && asked.question.slice.file === null ? 2 : 0
    let result: Dissected<unknown>
    let broken = false
    try {
      result = answered(asked.question)
    } catch (error) {
      // Nothing is known of the dissectors' state any more.
      broken = true
      result = fail({ reason: 'failed', message: `the dissectors broke off: ${String(error)}` })
    }
    current = null
    const slice = 'slice' in asked.question ? asked.question.slice.key : 0
    const kept = slice !== 0 && session.key === slice
    void send({ kind: 'answer', id: asked.id, result, memory: process.memoryUsage.rss(), kept }).then(() => {
      if (broken) process.exit(1)
    })
  }
  await send({ kind: 'ready', version: lib.wiresharkVersion(), pid: process.pid })
  for (const asked of waiting.splice(0)) run(asked)
}

void begin().catch((error: unknown) => {
  process.stderr.write(`dissector: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  void send({ kind: 'answer', id: 0, result: ok(null), memory: 0, kept: false }).then(() => process.exit(1))
})
