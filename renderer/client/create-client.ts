/** The screen's client: over a message port in Electron, over a WebSocket in the browser host. */
import { z } from 'zod'
import { contract } from '../../shared/contract.ts'
import { connect } from '../../shared/rpc/connect.ts'
import { portTransport } from '../../shared/rpc/port-transport.ts'
import { socketTransport } from '../../shared/rpc/socket-transport.ts'
import type { Transport } from '../../shared/rpc/transport.ts'
import type { WatchfloorClient } from './types.ts'

declare global {
  interface Window {
    /** Set by Electron's preload script; absent in a browser. */
    readonly watchfloorHost?: { readonly kind: 'electron' }
  }
}

// zod would build parsers with `new Function`, which the page's security policy rightly forbids.
z.config({ jitless: true })

/** Connects at once. `onRefused`: the engine is of another build than this screen; only a reload helps. */
export function createClient(onRefused?: (message: string) => void): WatchfloorClient {
  const makeTransport = window.watchfloorHost?.kind === 'electron' ? portFromPreload : openSocket
  return connect(contract, makeTransport, onRefused ? { onRefused: (error) => onRefused(error.message) } : {})
}

const ASK = 'watchfloor:ask-port'
const HAND = 'watchfloor:hand-port'

function portFromPreload(signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const take = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== HAND || !port) return
      window.removeEventListener('message', take)
      if (signal.aborted) port.close()
      else resolve(portTransport(port))
    }
    window.addEventListener('message', take)
    // The listener stays: a port that comes too late is closed, so that the engine does not keep it.
    signal.addEventListener('abort', () => reject(new Error('no port in time')), { once: true })
    window.postMessage(ASK, window.location.origin)
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
