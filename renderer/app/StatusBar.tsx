import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { Kbd } from '../components/Kbd.tsx'
import { visibleText } from '../format/text.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useNow } from '../state/clock.ts'
import { useEngine, type Liveness } from '../state/engine.ts'
import { useNotice } from '../state/notice.ts'
import { useSettings } from '../state/settings.ts'
import { useOffered } from '../keys/use-keys.tsx'

/** The element that a view's figures go into, while the bar is there. */
const useSlot = create<{ readonly slot: HTMLElement | null }>(() => ({ slot: null }))
const keepSlot = (slot: HTMLElement | null): void => useSlot.setState({ slot })

/** What a view says in the status bar, to the right of the key hints: figures of the selection, the rows on screen. */
export function StatusItems({ children }: { readonly children: ReactNode }): ReactNode {
  const { slot } = useSlot()
  return slot ? createPortal(children, slot) : null
}

/** Keys of the view, what was just done, the view's figures, and whether what is on screen is live. */
export function StatusBar({ view, liveness }: { readonly view: string; readonly liveness: Liveness }): ReactNode {
  const { t } = useTranslation('shell')
  const format = useFormat()
  const now = useNow()
  const { status, heard } = useEngine()
  const { notice } = useNotice()
  const hints = useSettings((settings) => settings.hints && settings.singleKeys)
  const { offered } = useOffered()
  const shortcuts = [...(offered[view] ?? []), ...(offered['shell'] ?? [])].filter(({ hint }) => hint)
  return (
    <footer className="statusbar">
      <div className="statusbar-keys">
        {notice ? (
          <span className={notice.tone === 'fault' ? 'statusbar-fault' : 'statusbar-notice'} role="status">
            {visibleText(notice.text)}
          </span>
        ) : null}
        {hints
          ? shortcuts.map((shortcut) => {
              const { keys, label } =
                typeof shortcut.hint === 'object' ? shortcut.hint : { keys: shortcut.keys.slice(0, 1), label: shortcut.label }
              return (
                <span key={shortcut.id}>
                  {keys.map((key) => (
                    <Kbd key={key} keys={key} />
                  ))}{' '}
                  {t(label.includes(':') ? label : `${view}:${label}`)}
                </span>
              )
            })
          : null}
      </div>
      <div ref={keepSlot} className="statusbar-slot" />
      <div className="statusbar-engine">
        {status && liveness === 'live' ? (
          <>
            <span title={t('status.loopTitle')}>
              {t('status.loop', { ms: format.number(status.loopDelay, status.loopDelay < 10 ? 1 : 0) })}
            </span>
            <span title={t('status.events', { count: format.number(status.events) })}>
              {t('status.rate', { rate: format.rate(status.eventsPerSecond) })}
            </span>
            <span>{status.sources.running > 0 ? t('status.live', { age: format.fineAge(status.lag) }) : t('status.quiet')}</span>
          </>
        ) : liveness === 'starting' ? (
          <span>{t('status.starting')}</span>
        ) : (
          <span className="statusbar-fault">
            {heard > 0 ? t('status.notLive', { age: format.age((now - heard) / 1000) }) : t('status.neverLive')}
          </span>
        )}
      </div>
    </footer>
  )
}
