import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { coverageOf, navigatorLayer, type Technique } from './coverage.ts'
import './coverage.css'

/** What the rules notice, as a matrix: a column for each tactic, a cell for each technique; darker where more rules are on. */
export function Coverage({
  rules,
  onTechnique,
}: {
  readonly rules: readonly RuleSummary[]
  /** Shows the rules of a technique. */
  onTechnique(id: string): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const columns = useMemo(() => coverageOf(rules), [rules])
  const most = Math.max(1, ...columns.flatMap(({ techniques }) => techniques.map(({ on }) => on)))
  const all = new Set(columns.flatMap(({ techniques }) => techniques.filter(({ on }) => on > 0).map(({ id }) => id)))
  const nameOf = (tactic: string): string =>
    tactic === '' ? t('coverage.loose') : t(`common:tactic.${tactic}`, { defaultValue: tactic })
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([navigatorLayer(rules, 'Watchfloor')], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'watchfloor-attack-layer.json'
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  if (columns.every(({ techniques }) => techniques.length === 0)) return <EmptyState>{t('coverage.none')}</EmptyState>
  return (
    <div className="rc">
      <div className="rc-head">
        <span>{t('coverage.sum', { count: all.size, figure: format.number(all.size) })}</span>
        <Button small onClick={save}>
          {t('coverage.layer')}
        </Button>
      </div>
      <div className="rc-matrix" role="region" tabIndex={0} aria-label={t('coverage.title')}>
        {columns.map(({ tactic, techniques }) => (
          <section key={tactic} className="rc-column" aria-label={nameOf(tactic)}>
            <h3>
              {nameOf(tactic)} <span>{format.number(techniques.length)}</span>
            </h3>
            <ul>
              {techniques.map((technique) => (
                <li key={technique.id}>
                  <Cell technique={technique} most={most} onClick={() => onTechnique(technique.id)} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  )
}

function Cell({
  technique,
  most,
  onClick,
}: {
  readonly technique: Technique
  readonly most: number
  onClick(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { id, on, off, alerts } = technique
  const strength = on === 0 ? 0 : 12 + Math.round((on / most) * 60)
  return (
    <button
      type="button"
      className={on === 0 ? 'rc-cell rc-off' : 'rc-cell'}
      style={on === 0 ? undefined : { background: `color-mix(in srgb, var(--accent) ${strength}%, var(--bg-2))` }}
      title={t('coverage.cell', { id, on: format.number(on), off: format.number(off), alerts: format.number(alerts) })}
      onClick={onClick}
    >
      <span className="mono">{visibleText(id)}</span>
      <b>{on}</b>
      {off > 0 ? <em>+{off}</em> : null}
    </button>
  )
}
