/** Thread that writes, verifies or takes in one case file, and ends. It changes the desk only by asking for it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { CaseProgress } from '../../../shared/case-file-contract.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { CaseDone, CaseOrder, DeskCall, FromCaseThread, ToCaseThread } from './case-orders.ts'
import { importCase, type CaseStore } from './import-case.ts'
import { verifyCase } from './verify-case.ts'
import { writeCase } from './write-case.ts'

const order = workerData as CaseOrder
const cancelled = new AbortController()
const answers = new Map<number, (result: unknown) => void>()
let asked = 0
const post = (message: FromCaseThread): void => parentPort?.postMessage(message)
parentPort?.on('message', (message: ToCaseThread) => {
  if (message.kind === 'cancel') return cancelled.abort()
  answers.get(message.id)?.(message.result)
  answers.delete(message.id)
})

/** The answer is what the method of that name gives. */
const ask = <C extends DeskCall>(call: C): CaseStore[C] =>
  // One implementation for four signatures, each of which is kept by whoever answers.
  ((...args: unknown[]) =>
    new Promise((resolve) => {
      const id = ++asked
      answers.set(id, resolve)
      post({ kind: 'call', id, call, args })
    })) as CaseStore[C]

/** At most so often, in milliseconds. */
const TOLD_EVERY = 50
let told = { at: 0, step: '' }
const progress = (now: CaseProgress): void => {
  if (now.step === told.step && performance.now() - told.at < TOLD_EVERY) return
  told = { at: performance.now(), step: now.step }
  post({ kind: 'progress', progress: now })
}

function done(): Promise<Result<CaseDone[CaseOrder['kind']]>> {
  const { signal } = cancelled
  switch (order.kind) {
    case 'write':
      return writeCase({ ...order, signal, progress })
    case 'verify':
      return verifyCase(order.path, signal, (bytes, of) => progress({ step: 'checking', done: bytes, of }))
    case 'import': {
      const store: CaseStore = {
        commit: ask('commit'),
        saveSource: ask('saveSource'),
        numberOf: ask('numberOf'),
        take: ask('take'),
      }
      return importCase({ ...order, store, signal, progress })
    }
  }
}
post({ kind: 'done', result: await done() })
parentPort?.close()
