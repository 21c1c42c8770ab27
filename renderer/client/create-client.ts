/** The screen's client: over a message port in Electron, over a WebSocket in the browser host. */
import { z } from 'zod'
import { contract } from '../../shared/contract.ts'
import { ASK_PORT, HAND_PORT } from '../../shared/host-channel.ts'
import { connect, type MakeTransport } from '../../shared/rpc/connect.ts'
import { portTransport } from '../../shared/rpc/port-transport.ts'
import { socketTransport } from '../../shared/rpc/socket-transport.ts'
import type { Transport } from '../../shared/rpc/transport.ts'
import type { WatchfloorClient } from './types.ts'

declare global {
  interface Window {
    /** Set by Electron's preload script; absent in a browser. */
    readonly watchfloorHost?: {
      readonly kind: 'electron'
      /** Where a file lies that was dropped onto the page; '' for one that is not of the disk. */
      readonly pathOf?: (file: File) => string
    }
  }
}

// zod would build parsers with `new Function`, which the page's security policy rightly forbids.
z.config({ jitless: true })

/** Connects at once. `onRefused`: the engine is of another build than this screen; only a reload helps. */
export function createClient(onRefused?: (message: string) => void): WatchfloorClient {
  const makeTransport = window.watchfloorHost?.kind === 'electron' ? portsFromPreload() : openSocket
  return connect(contract, makeTransport, onRefused ? { onRefused: (error) => onRefused(error.message) } : {})
}

/**
 * Main hands a port when it is asked for one, and another unasked when the engine was restarted: then the one in use is dead,
 * whether or not it said so.
 */
function portsFromPreload(): MakeTransport {
  let spare: MessagePort | null = null
  let current: Transport | null = null
  let take: ((port: MessagePort) => void) | null = null
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const port = event.ports[0]
    if (event.source !== window || event.data !== HAND_PORT || !port) return
    if (take) return take(port)
    spare?.close()
    spare = port
    current?.close('the engine was restarted')
  })
  return (signal) =>
    new Promise((resolve, reject) => {
      const use = (port: MessagePort): void => {
        take = null
        spare = null
        current = portTransport(port)
        resolve(current)
      }
      if (spare) return use(spare)
      take = use
      signal.addEventListener(
        'abort',
        () => {
          if (take === use) take = null
          reject(new Error('no port in time'))
        },
        { once: true },
      )
      window.postMessage(ASK_PORT, window.location.origin)
    })
}

function openSocket(signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const url = new URL('/ws', window.location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url)
    signal.addEventListener('abort', () => socket.close(), { once: true })
    socket.addEventListener('open', () => resolve(socketTransport(socket)), { once: true })
    socket.addEventListener('close', () => reject(new Error('the engine does not answer')), { once: true })
  })
}
