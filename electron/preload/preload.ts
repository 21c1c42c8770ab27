/** Hands message ports from main to the page, and says that this is Electron. Nothing else crosses. */
import { contextBridge, ipcRenderer } from 'electron'
import { ASK_PORT, CONNECT, HAND_PORT, PORT } from '../../shared/host-channel.ts'

contextBridge.exposeInMainWorld('watchfloorHost', { kind: 'electron' })

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source === window && event.origin === window.location.origin && event.data === ASK_PORT) ipcRenderer.send(CONNECT)
})
ipcRenderer.on(PORT, (event) => {
  window.postMessage(HAND_PORT, window.location.origin, [...event.ports])
})
