/**
 * Hands message ports from main to the page, says that this is Electron, and where a file lies that was dropped onto the page.
 * Nothing else crosses.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { ASK_PORT, CONNECT, HAND_PORT, PORT } from '../../shared/host-channel.ts'

contextBridge.exposeInMainWorld('watchfloorHost', {
  kind: 'electron',
  pathOf: (file: File) => webUtils.getPathForFile(file),
})

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source === window && event.origin === window.location.origin && event.data === ASK_PORT) ipcRenderer.send(CONNECT)
})
ipcRenderer.on(PORT, (event) => {
  window.postMessage(HAND_PORT, window.location.origin, [...event.ports])
})
