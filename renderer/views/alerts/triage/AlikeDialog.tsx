import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, Verdict } from '../../../../shared/model/alert.ts'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { ImpactBadge } from '../../../components/Verdict.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { endName } from '../ends.ts'

/** Undecided alerts like one that was decided, with what differs, for the same verdict. Those that differ in nothing are chosen. */
export function AlikeDialog({
  alert,
  verdict,
  onDecide,
  onClose,
}: {
  readonly alert: Alert
  readonly verdict: Verdict
  onDecide(ids: readonly string[]): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const { value, error, loading } = useQuery('triage.similar', { alert: alert.id })
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const rows = value?.alerts ?? []
  // Where impact differs, the verdict may not be the same: a person looks first.
  const same = new Set(rows.filter(({ differs }) => differs.every(({ field }) => field === 'port')).map((row) => row.alert.id))
  const picked = chosen ?? same
  const toggle = (id: string): void => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  return (
    <Dialog
      title={t('alike.title', { verdict: t(`common:verdict.${verdict}`) })}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" data-autofocus="" disabled={picked.size === 0} onClick={() => onDecide([...picked])}>
            {t('alike.decide', { count: picked.size, figure: format.number(picked.size) })}
          </Button>
        </>
      }
    >
      <Loading waiting={loading && value === null} />
      {error && value === null ? <ErrorState error={error} what={t('alike.failed')} /> : null}
      {value && rows.length === 0 ? <EmptyState>{t('alike.none')}</EmptyState> : null}
      <ul className="al-alike">
        {rows.map(({ alert: one, differs }) => (
          <li key={one.id}>
            <label>
              <input type="checkbox" checked={picked.has(one.id)} onChange={() => toggle(one.id)} />
              <SeverityGlyph severity={one.severity} size={13} />
              <span className="mono">A-{one.id}</span>
              <span className="mono ellipsis">
                {visibleText(endName(one.source) ?? '–')} → {visibleText(endName(one.destination) ?? '–')}
              </span>
              {one.impact ? <ImpactBadge impact={one.impact.result} /> : null}
            </label>
            <span className="dim">
              {differs.length === 0
                ? t('alike.nothing')
                : differs.map(({ field, value: is, instead }) => (
                    <span key={field} className="al-differs">
                      {t(`alike.field.${field}`)} <b>{visibleText(is || '–')}</b> <s>{visibleText(instead || '–')}</s>
                    </span>
                  ))}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
