import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Marked } from '../../../components/Marked.tsx'
import { PaneHead } from '../../../components/Pane.tsx'
import { EmptyState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatMoment } from '../../../format/time.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { diffLines } from './diff.ts'

/** Texts that the rule had, and what the one being written changes of one of them. */
export function VersionsPane({
  id,
  text,
  onTake,
}: {
  readonly id: string
  readonly text: string
  onTake(text: string): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const now = useEngineNow()
  const { value } = useQuery('rules.versions', { id })
  const [chosen, setChosen] = useState<number | null>(null)
  const all = useMemo(
    () => [
      ...(value?.versions.map((version) => ({ ...version, shipped: false })) ?? []),
      ...(value?.shipped ? [{ at: '', by: '', text: value.shipped, shipped: true }] : []),
    ],
    [value],
  )
  const other = all[chosen ?? 0]
  const lines = useMemo(() => (other ? diffLines(other.text, text) : []), [other, text])
  const changed = lines.filter(({ kind }) => kind !== 'same').length
  if (all.length === 0) return <EmptyState>{t('bench.noVersions')}</EmptyState>
  return (
    <section className="rw-pane" aria-label={t('bench.versions')}>
      <PaneHead title={t('bench.versions')}>
        <span>{changed === 0 ? t('bench.same') : t('bench.changed', { count: changed })}</span>
      </PaneHead>
      <ul className="rw-versions">
        {all.map((version, index) => (
          <li key={index}>
            <Button small kind={index === (chosen ?? 0) ? 'primary' : 'quiet'} onClick={() => setChosen(index)}>
              {version.shipped
                ? t('bench.shipped')
                : t('bench.by', { time: formatMoment(version.at, now), name: visibleText(version.by) })}
            </Button>
          </li>
        ))}
      </ul>
      <pre className="rw-diff mono" tabIndex={0} role="region" aria-label={t('bench.diff')}>
        {lines.map(({ kind, text: line, before, after }, index) => (
          <div key={index} className={`rw-${kind}`}>
            <i>{before ?? ''}</i>
            <i>{after ?? ''}</i>
            <b aria-label={t(`bench.line.${kind}`)}>{kind === 'new' ? '+' : kind === 'gone' ? '−' : ' '}</b>
            <span>
              <Marked text={line} />
            </span>
          </div>
        ))}
      </pre>
      {other && changed > 0 ? (
        <Button small onClick={() => onTake(other.text)}>
          {t('bench.take')}
        </Button>
      ) : null}
    </section>
  )
}
