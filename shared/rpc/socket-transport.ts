/** A WebSocket as a transport: JSON in text frames. The browser's socket and Node's `ws` have the same shape. */
import { Inbox, type Transport } from './transport.ts'

export interface SocketLike {
  readonly readyState: number
  readonly bufferedAmount: number
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void
  addEventListener(type: 'error', listener: () => void): void
}
/** What Node's `ws` can do beyond that; the engine uses it against clients that do not read. */
export interface PausableSocket extends SocketLike {
  pause(): void
  resume(): void
  terminate(): void
}

/** Waiting bytes from which a sender is asked to wait, and the largest message. */
export const HIGH_WATER = 1024 * 1024
export const LARGEST_MESSAGE = 64 * 1024 * 1024
const OPEN = 1
const LOOK_AGAIN_MS = 10

/** `socket` must be open. With `guard`, reading stops while the peer does not read, and a peer hopelessly behind is cut off. */
export function socketTransport(socket: SocketLike, guard?: PausableSocket): Transport {
  const inbox = new Inbox()
  let draining: Promise<void> | null = null
  socket.addEventListener('message', ({ data }) => {
    if (!inbox.closed) inbox.deliver(parse(data))
  })
  socket.addEventListener('close', ({ code, reason }) => inbox.end(reason || `connection closed (${code})`))
  // `close` follows every error; without a listener `ws` would throw.
  socket.addEventListener('error', () => {})

  const drain = async (): Promise<void> => {
    guard?.pause()
    while (!inbox.closed && socket.bufferedAmount > HIGH_WATER / 2) await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS))
    draining = null
    guard?.resume()
  }
  return {
    send(message) {
      if (inbox.closed || socket.readyState !== OPEN) return
      const text = JSON.stringify(message)
      if (text.length > LARGEST_MESSAGE) throw new RangeError(`a message of ${text.length} characters is too large to send`)
      socket.send(text)
      if (socket.bufferedAmount > 2 * LARGEST_MESSAGE) guard?.terminate()
      else if (socket.bufferedAmount > HIGH_WATER) draining ??= drain()
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close(reason = 'closed') {
      if (inbox.closed) return
      // 123 bytes at most fit into a close frame; reasons are plain ASCII.
      socket.close(1000, reason.slice(0, 120))
      inbox.end(reason)
    },
    drained: () => draining,
  }
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
