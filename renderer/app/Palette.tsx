import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../components/Kbd.tsx'
import { Dialog } from '../components/Popover.tsx'
import { useClient } from '../client/hooks.ts'
import { visibleText } from '../format/text.ts'
import { changeSettings, THEMES, useSettings } from '../state/settings.ts'
import { scoreOf, useCommandList, type Command } from './commands.ts'
import { eventsLink, formatRoute, navigate } from './route.ts'
import { useShell } from './shell-state.ts'
import { VIEWS } from './views.ts'

/** Go anywhere, do anything that can be done now, or search events with what was typed. */
export function Palette({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('shell')
  return (
    <Dialog title={t('palette.title')} bare top onClose={onClose}>
      <Finder onClose={onClose} />
    </Dialog>
  )
}

function useShellCommands(): readonly Command[] {
  const { t } = useTranslation('shell')
  const client = useClient()
  const { singleKeys } = useSettings()
  return useMemo(
    () => [
      ...VIEWS.map(({ id, go }) => ({
        id: `go.${id}`,
        label: t('palette.go', { view: t(`${id}:title`) }),
        place: t('keys.goTo'),
        keys: `g ${go}`,
        run: () => navigate(formatRoute(id)),
      })),
      ...THEMES.map((theme) => ({
        id: `theme.${theme}`,
        label: t(`palette.theme.${theme}`),
        place: t('settings:title'),
        run: () => void changeSettings(client, { theme }),
      })),
      ...(['en', 'ko'] as const).map((language) => ({
        id: `language.${language}`,
        label: t(`palette.language.${language}`),
        place: t('settings:title'),
        run: () => void changeSettings(client, { language }),
      })),
      {
        id: 'keys',
        label: t(singleKeys ? 'palette.keysOff' : 'palette.keysOn'),
        place: t('settings:title'),
        run: () => void changeSettings(client, { singleKeys: !singleKeys }),
      },
      {
        id: 'sheet',
        label: t('keys.sheet'),
        place: t('keys.everywhere'),
        keys: '?',
        run: () => useShell.setState({ sheet: true }),
      },
    ],
    [t, client, singleKeys],
  )
}

function Finder({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('shell')
  const list = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const lists = useCommandList((state) => state.lists)
  const shell = useShellCommands()
  const options = useRef<HTMLUListElement>(null)
  const found = useMemo(() => {
    const all = [...Object.values(lists).flat(), ...shell]
    const fitting = all
      .map((command) => ({ command, score: scoreOf(`${command.label} · ${command.place}`, typed) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command)
    const text = typed.trim()
    const search: Command[] =
      text && VIEWS.some(({ id }) => id === 'events')
        ? [
            {
              id: 'search',
              label: t('palette.search', { text: visibleText(text) }),
              place: t('events:title'),
              run: () => navigate(eventsLink(text)),
            },
          ]
        : []
    return [...fitting.slice(0, 50), ...search]
  }, [lists, shell, typed, t])
  const chosen = Math.min(at, found.length - 1)
  const run = (command: Command | undefined): void => {
    if (!command) return
    onClose()
    // After the palette is gone and the focus is back where it was.
    setTimeout(() => command.run(), 0)
  }
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      event.preventDefault()
      const next = (chosen + step + found.length) % found.length
      setAt(next)
      options.current?.children[next]?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(found[chosen])
    }
  }
  return (
    <div className="palette">
      <input
        className="palette-input"
        data-autofocus=""
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[chosen] ? `${list}-${found[chosen].id}` : undefined}
        aria-label={t('palette.open')}
        placeholder={t('palette.open')}
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
        }}
        onKeyDown={pressed}
      />
      <ul ref={options} id={list} className="palette-list" role="listbox" aria-label={t('palette.title')}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`${list}-${command.id}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span className="ellipsis">{visibleText(command.label)}</span>
            <em>{command.place}</em>
            {command.keys ? <Kbd keys={command.keys} /> : null}
          </li>
        ))}
        {found.length === 0 ? (
          <li role="option" aria-selected="false" aria-disabled="true" className="dim">
            {t('palette.none')}
          </li>
        ) : null}
      </ul>
    </div>
  )
}
