/** Calls to a thread: numbered, answered in any order, and all failed when the thread is gone. */
import { randomUUID } from 'node:crypto'
import { fail } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'

export class PendingCalls {
  readonly #waiting = new Map<number, (result: Result<unknown>) => void>()
  #next = 1

  get size(): number {
    return this.#waiting.size
  }

  /** `send` gets the number of the call. */
  start<T>(send: (id: number) => void): { readonly id: number; readonly result: Promise<Result<T>> } {
    const id = this.#next++
    const result = new Promise<Result<T>>((resolve) => {
      this.#waiting.set(id, resolve as (result: Result<unknown>) => void)
      send(id)
    })
    return { id, result }
  }

  settle(id: number, result: Result<unknown>): void {
    const resolve = this.#waiting.get(id)
    this.#waiting.delete(id)
    resolve?.(result)
  }

  failAll(message: string): void {
    const correlationId = randomUUID()
    for (const resolve of this.#waiting.values()) resolve(fail({ code: 'internal', message, correlationId }))
    this.#waiting.clear()
  }
}
