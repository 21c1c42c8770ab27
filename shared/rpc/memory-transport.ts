/** Two ends in one process, as honest as a wire: every message is copied, and arrives later. */
import { Inbox, type Transport } from './transport.ts'

/** A pair of transports; closing either end closes both. */
export function memoryPair(): readonly [Transport, Transport] {
  const left = new Inbox()
  const right = new Inbox()
  // A task, not a microtask: a handler that only awaits `emit` must not starve the rest of the process.
  const later = (other: Inbox, deliver: () => void): void => {
    setTimeout(() => {
      if (!other.closed) deliver()
    }, 0)
  }
  const end = (own: Inbox, other: Inbox): Transport => ({
    send(message) {
      if (own.closed) return
      const copy: unknown = structuredClone(message)
      later(other, () => other.deliver(copy))
    },
    onMessage: (listener) => own.onMessage(listener),
    onClose: (listener) => own.onClose(listener),
    close(reason = 'closed') {
      own.end(reason)
      later(other, () => other.end(reason))
    },
    drained: () => null,
  })
  return [end(left, right), end(right, left)]
}
