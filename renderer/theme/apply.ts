import type { Settings } from '../state/settings.ts'

let wanted: Settings['theme'] = 'dark'
let machine: { readonly light: MediaQueryList; readonly contrast: MediaQueryList } | null = null

/** What the machine prefers; from then on a change of it is followed. */
function preferred(): 'dark' | 'light' | 'contrast' {
  if (!machine) {
    machine = {
      light: window.matchMedia('(prefers-color-scheme: light)'),
      contrast: window.matchMedia('(prefers-contrast: more)'),
    }
    machine.light.addEventListener('change', () => applyTheme(wanted))
    machine.contrast.addEventListener('change', () => applyTheme(wanted))
  }
  return machine.contrast.matches ? 'contrast' : machine.light.matches ? 'light' : 'dark'
}

/** Sets the theme of the page; `system` follows what the machine prefers, also when that changes. */
export function applyTheme(theme: Settings['theme']): void {
  wanted = theme
  document.documentElement.dataset['theme'] = theme === 'system' ? preferred() : theme
}
