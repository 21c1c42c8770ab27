import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { joinPath } from './join-path.ts'
import './path-chooser.css'

/** Folders of the machine the engine runs on. A folder opens; `onChoose` is given a file, or with `folders` the folder that is open; `too`: one or the other. */
export function PathChooser({
  folders = false,
  chosen,
  onChoose,
}: {
  readonly folders?: boolean | 'too'
  /** Paths that are chosen already: marked. */
  readonly chosen: readonly string[]
  onChoose(path: string, folder: boolean): void
}): ReactNode {
  const { t } = useTranslation('chooser')
  const format = useFormat()
  const [path, setPath] = useState<string | null>(null)
  const { value, error, loading, refresh } = useQuery('files.list', { path })
  const list = useRef<HTMLUListElement>(null)
  const enter = (to: string | null): void => {
    setPath(to)
    list.current?.querySelector('button')?.focus()
  }
  const moved = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'ArrowLeft' && value?.parent) {
      event.preventDefault()
      enter(value.parent)
      return
    }
    if (step === 0) return
    event.preventDefault()
    const rows = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = rows.indexOf(document.activeElement as HTMLButtonElement)
    rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus()
  }
  return (
    <div className="pc">
      <div className="pc-head">
        <Button
          small
          kind="quiet"
          iconOnly
          icon="back"
          aria-label={t('up')}
          disabled={!value?.parent}
          onClick={() => value?.parent && enter(value.parent)}
        />
        <code className="ellipsis" title={visibleText(value?.path ?? '')}>
          {visibleText(value?.path ?? '')}
        </code>
        {folders && value ? (
          <Button small onClick={() => onChoose(value.path, true)}>
            {t('this')}
          </Button>
        ) : null}
      </div>
      <Loading waiting={loading && !value} />
      {error ? <ErrorState error={error} what={t('failed')} onRetry={() => (value ? setPath(value.path) : refresh())} /> : null}
      <ul ref={list} aria-label={t('label', { path: visibleText(value?.path ?? '') })} onKeyDown={moved}>
        {value?.entries.map((entry) => {
          const full = joinPath(value.path, entry.name)
          const marked = chosen.includes(full)
          return (
            <li key={entry.name}>
              <button
                type="button"
                aria-pressed={entry.folder ? undefined : marked}
                className={marked ? 'on' : undefined}
                disabled={folders === true && !entry.folder}
                onClick={() => (entry.folder ? enter(full) : onChoose(full, false))}
              >
                <Icon name={marked ? 'check' : entry.folder ? 'folder' : 'file'} size={14} />
                <span className="ellipsis">{visibleText(entry.name)}</span>
                {entry.folder ? <Icon name="right" size={12} /> : <em>{format.bytes(entry.size)}</em>}
              </button>
            </li>
          )
        })}
        {value?.entries.length === 0 ? <li className="dim">{t('empty')}</li> : null}
      </ul>
      {value?.truncated ? <p className="dim">{t('truncated')}</p> : null}
    </div>
  )
}
