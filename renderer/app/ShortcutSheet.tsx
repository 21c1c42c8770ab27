import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../components/Kbd.tsx'
import { Dialog } from '../components/Popover.tsx'
import { useSettings } from '../state/settings.ts'
import { useOffered } from '../keys/use-keys.tsx'
import type { ShortcutInfo } from './define-view.ts'

/** All keys that act now: built from what is bound, so it cannot say what is not so. */
export function ShortcutSheet({ view, onClose }: { readonly view: string; onClose(): void }): ReactNode {
  const { t } = useTranslation('shell')
  const { offered } = useOffered()
  const on = useSettings(({ singleKeys }) => singleKeys)
  const groups = useMemo(() => {
    const found = new Map<string, { readonly label: string; readonly shortcut: ShortcutInfo }[]>()
    for (const name of [view, 'shell']) {
      for (const shortcut of offered[name] ?? []) {
        const wanted = shortcut.group ?? `${name}:title`
        const group = wanted.includes(':') ? wanted : `${name}:${wanted}`
        const label = shortcut.label.includes(':') ? shortcut.label : `${name}:${shortcut.label}`
        found.set(group, [...(found.get(group) ?? []), { label, shortcut }])
      }
    }
    return [...found]
  }, [offered, view])
  return (
    <Dialog title={t('keys.title')} wide onClose={onClose}>
      {on ? null : <p className="dim">{t('keys.off')}</p>}
      <div className="sheet">
        {groups.map(([group, rows]) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {rows.map(({ label, shortcut }) => (
                <div key={shortcut.id}>
                  <dt>
                    {shortcut.keys.map((keys) => (
                      <Kbd key={keys} keys={keys} />
                    ))}
                  </dt>
                  <dd>{t(label)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
