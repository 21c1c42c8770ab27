/** A message port as a transport: of the page (DOM), of Electron's main and utility processes, or of Node's threads. */
import { Inbox, type Transport } from './transport.ts'

/** The DOM's and Node's MessagePort. */
export interface EventPort {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  start(): void
  close(): void
}
/** Electron's MessagePortMain. */
export interface EmitterPort {
  postMessage(message: unknown): void
  on(type: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  on(type: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** Last message of an end that closes on purpose: a port tells its peer that it closed, but not why. */
const BYE = 'watchfloor:bye'

/** Structured data, no copy to text. A port has no fill level: streams are bounded by credit alone. */
export function portTransport(port: EventPort | EmitterPort): Transport {
  const inbox = new Inbox()
  const message = ({ data }: { readonly data: unknown }): void => {
    if (inbox.closed) return
    if (Array.isArray(data) && data[0] === BYE) {
      inbox.end(String(data[1]))
      port.close()
    } else inbox.deliver(data)
  }
  const gone = (): void => inbox.end('the other side is gone')
  if ('addEventListener' in port) {
    port.addEventListener('message', message)
    port.addEventListener('close', gone)
  } else {
    port.on('message', message)
    port.on('close', gone)
  }
  port.start()
  return {
    send(value) {
      if (!inbox.closed) port.postMessage(value)
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close(reason = 'closed') {
      if (inbox.closed) return
      port.postMessage([BYE, reason])
      inbox.end(reason)
      port.close()
    },
    drained: () => null,
  }
}
