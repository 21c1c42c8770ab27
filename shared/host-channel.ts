/** Names that the page, the preload script and Electron's main process use to hand a message port to the page. */

/** Page → preload, by `window.postMessage`: a port, please. */
export const ASK_PORT = 'watchfloor:ask-port'
/** Preload → page, with the port: an answer, or unasked after the engine was restarted. */
export const HAND_PORT = 'watchfloor:hand-port'
/** Preload → main, the one message main listens to. */
export const CONNECT = 'watchfloor:connect'
/** Main → preload, with the port. */
export const PORT = 'watchfloor:port'
/** Where the page lives in Electron. */
export const PAGE_SCHEME = 'watchfloor'
export const PAGE_ORIGIN = 'watchfloor://app'
