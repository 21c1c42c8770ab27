import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'

/** Playbooks that fit the incident, with why, then all others. */
export function StartPlaybook({ number, onClose }: { readonly number: string; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const { language } = useFormat()
  const { value, error, loading } = useQuery('incidents.playbooks', { number })
  const begin = useCommand('incidents.startPlaybook')
  const [chosen, setChosen] = useState<string | null>(null)
  const proposed = value?.proposed ?? []
  const known = new Set(proposed.map(({ playbook }) => playbook.id))
  const rows = [
    ...proposed.map(({ playbook, why }) => ({ playbook, why: why[language] })),
    ...(value?.all ?? []).filter(({ id }) => !known.has(id)).map((playbook) => ({ playbook, why: '' })),
  ]
  const picked = chosen ?? rows[0]?.playbook.id ?? null
  const list = useRef<HTMLUListElement>(null)
  const listed = rows.length > 0
  useEffect(() => {
    if (listed) list.current?.querySelector('input')?.focus()
  }, [listed])
  const start = (): void => {
    if (picked === null || begin.running) return
    void begin.run({ number, playbook: picked }).then((done) => {
      if (done.ok) onClose()
    })
  }
  return (
    <Dialog
      title={t('playbook.start')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" disabled={picked === null || begin.running} onClick={start}>
            {t('playbook.begin')}
          </Button>
        </>
      }
    >
      <Loading waiting={loading && value === null} />
      {error && value === null ? <ErrorState error={error} what={t('playbook.notListed')} /> : null}
      <ul
        ref={list}
        className="in-playbooks"
        role="radiogroup"
        aria-label={t('playbook.start')}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          start()
        }}
      >
        {rows.map(({ playbook, why }) => (
          <li key={playbook.id}>
            <label>
              <input type="radio" name="playbook" checked={picked === playbook.id} onChange={() => setChosen(playbook.id)} />
              <strong>{visibleText(playbook.title[language])}</strong>
              <span className="dim">{t('playbook.steps', { count: playbook.steps })}</span>
            </label>
            <p>{visibleText(playbook.description[language])}</p>
            {why === '' ? null : <p className="in-why">{visibleText(why)}</p>}
          </li>
        ))}
      </ul>
      {begin.error ? <ErrorState error={begin.error} what={t('playbook.notStarted')} /> : null}
    </Dialog>
  )
}
