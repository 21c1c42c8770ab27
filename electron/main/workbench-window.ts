/** The analyst's window. */
import { BrowserWindow, screen } from 'electron'
import { PAGE_ORIGIN } from '../../shared/host-channel.ts'

export interface Workbench {
  /** Goes to a place of the page (`#/...`), which is not loaded anew for it. */
  goTo(hash: string): void
}

/** Opens it hidden and shows it with its first picture, so that nothing flashes. `hash` is the place it begins at; '' is its usual one. */
export function openWorkbench(preload: string, hash: string): Workbench {
  const { width, height } = screen.getPrimaryDisplay().workAreaSize
  const window = new BrowserWindow({
    width: Math.min(1600, width),
    height: Math.min(1000, height),
    minWidth: Math.min(1024, width),
    minHeight: Math.min(640, height),
    show: false,
    title: 'Watchfloor',
    backgroundColor: '#0b0d10',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // A desk that stands behind another window goes on counting and sounding.
      backgroundThrottling: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  let arrived: Promise<void> = Promise.resolve()
  const goTo = (place: string): void => {
    // One after another: a place that is asked for while the page is still loading would break that off.
    arrived = arrived
      .then(() => (window.isDestroyed() ? undefined : window.loadURL(`${PAGE_ORIGIN}/${place}`)))
      .catch((error: unknown) => {
        // Closed while it loaded is no fault; anything else is told on stderr.
        if (!window.isDestroyed()) console.error(error)
      })
  }
  goTo(hash)
  return { goTo }
}
