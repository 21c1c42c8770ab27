import type { Settings } from '../state/settings.ts'

const light = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: light)')
const contrast = (): MediaQueryList => window.matchMedia('(prefers-contrast: more)')
let wanted: Settings['theme'] = 'dark'

function set(): void {
  const system = contrast().matches ? 'contrast' : light().matches ? 'light' : 'dark'
  document.documentElement.dataset['theme'] = wanted === 'system' ? system : wanted
}

/** Sets the theme; `system` follows what the machine prefers, also when that changes. */
export function applyTheme(theme: Settings['theme']): void {
  wanted = theme
  set()
  // Listening twice to the same function is listening once.
  light().addEventListener('change', set)
  contrast().addEventListener('change', set)
}
