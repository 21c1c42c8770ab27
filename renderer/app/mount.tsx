import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ClientProvider } from '../client/hooks.ts'
import type { WatchfloorClient } from '../client/types.ts'
import { machineLanguage, startLanguages } from '../i18n/index.ts'
import { followDesktopNotes } from '../state/desktop-notes.ts'
import { followEngine } from '../state/engine.ts'
import { followIncidents } from '../state/incident-badge.ts'
import { loadSettings, useSettings, type Settings } from '../state/settings.ts'
import { applyTheme } from '../theme/apply.ts'
import { Desk } from './Desk.tsx'
import { keyboard, listenToKeys } from '../keys/use-keys.tsx'
import '../theme/tokens.css'
import '../theme/fonts.css'
import '../theme/base.css'

/** Puts the desk into an element. Gives the function that takes it away again. */
export function mountDesk(element: HTMLElement, client: WatchfloorClient): () => void {
  const i18n = startLanguages(useSettings.getState().language ?? machineLanguage())
  const apply = (settings: Settings): void => {
    applyTheme(settings.theme)
    keyboard.singleKeys = settings.singleKeys
    const language = settings.language ?? machineLanguage()
    document.documentElement.lang = language
    if (i18n.language !== language) void i18n.changeLanguage(language)
  }
  apply(useSettings.getState())
  const stops = [
    useSettings.subscribe(apply),
    followEngine(client),
    followDesktopNotes(client),
    followIncidents(client),
    listenToKeys(window),
  ]
  void loadSettings(client)
  const root = createRoot(element)
  root.render(
    <StrictMode>
      <ClientProvider value={client}>
        <Desk />
      </ClientProvider>
    </StrictMode>,
  )
  return () => {
    root.unmount()
    for (const stop of stops) stop()
  }
}
