/**
 * Routes live in the hash: `#/events?where=src.ip:10.0.0.5&from=…&to=…`. The first segment is a view's id, the rest of the path
 * and the parameters are the view's own. No router library: there is one level, and views are found by folder.
 */
import { useSyncExternalStore } from 'react'

export interface Route {
  readonly view: string
  /** What follows the view's id in the path: `#/rules/abc` → `abc`. Decoded. */
  readonly rest: string
  readonly params: Readonly<Record<string, string>>
}

const HOME = 'alerts'

/** Never throws: a broken escape stays as it is, an empty hash is home. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#?\/?/, '')
  const split = text.indexOf('?')
  const path = split < 0 ? text : text.slice(0, split)
  const slash = path.indexOf('/')
  const params: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(split < 0 ? '' : text.slice(split + 1))) params[name] = value
  let rest = slash < 0 ? '' : path.slice(slash + 1)
  try {
    rest = decodeURIComponent(rest)
  } catch {
    // A broken escape: shown as it came.
  }
  return { view: (slash < 0 ? path : path.slice(0, slash)) || HOME, rest, params }
}

/** Parameters that are undefined or empty are left out. */
export function formatRoute(view: string, params: Readonly<Record<string, string | undefined | null>> = {}, rest = ''): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value) search.set(name, value)
  const tail = search.size > 0 ? `?${search.toString()}` : ''
  return `#/${view}${rest ? `/${encodeURIComponent(rest)}` : ''}${tail}`
}

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}
let lastHash: string | undefined
let lastRoute: Route = { view: HOME, rest: '', params: {} }
const current = (): Route => {
  if (lastHash !== window.location.hash) {
    lastHash = window.location.hash
    lastRoute = parseRoute(lastHash)
  }
  return lastRoute
}

/** The route on screen; renders again when it changes. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, current, () => lastRoute)

/** Goes to a hash of {@link formatRoute}; with `replace` the place before is not kept in the history. */
export function navigate(hash: string, replace = false): void {
  if (!replace) window.location.hash = hash
  else {
    window.history.replaceState(null, '', hash)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  }
}

/** Link to the Events view: an expression of the query language and a half-open window (ISO-8601 UTC; null is open). */
export const eventsLink = (where: string, window?: { readonly from: string | null; readonly to: string | null }): string =>
  formatRoute('events', { where, from: window?.from, to: window?.to })
