import { useMemo, useState, type ReactNode } from 'react'
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
  const { columns, techniques, subs } = useMemo(() => coverageOf(rules), [rules])
  const [gaps, setGaps] = useState(true)
  const most = Math.max(1, ...columns.flatMap((column) => column.techniques.map(({ on }) => on)))
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
  if (columns.every((column) => column.techniques.every(({ on, off }) => on + off === 0)))
    return <EmptyState>{t('coverage.none')}</EmptyState>
  return (
    <div className="rc">
      <div className="rc-head">
        <span>
          {t('coverage.sum', {
            techniques: format.number(techniques.on),
            ofTechniques: format.number(techniques.of),
            subs: format.number(subs.on),
            ofSubs: format.number(subs.of),
          })}
        </span>
        <Button small kind="quiet" className="rc-gaps" aria-pressed={gaps} onClick={() => setGaps(!gaps)}>
          {t('coverage.gaps')}
        </Button>
        <Button small onClick={save}>
          {t('coverage.layer')}
        </Button>
      </div>
      <div className="rc-matrix" role="region" tabIndex={0} aria-label={t('coverage.title')}>
        {columns.map((column) => (
          <section key={column.tactic} className="rc-column" aria-label={nameOf(column.tactic)}>
            <h3>
              {nameOf(column.tactic)}{' '}
              <span>
                {format.number(column.techniques.filter(({ on }) => on > 0).length)}/{format.number(column.techniques.length)}
              </span>
            </h3>
            <ul>
              {column.techniques
                .filter(({ on, off }) => gaps || on + off > 0)
                .map((technique) => (
                  <li key={technique.id}>
                    <Cell technique={technique} most={most} onClick={() => onTechnique(technique.id)} />
                    {technique.subs.length === 0 ? null : (
                      <ul>
                        {technique.subs.map((sub) => (
                          <li key={sub.id}>
                            <Cell technique={sub} most={most} onClick={() => onTechnique(sub.id)} />
                          </li>
                        ))}
                      </ul>
                    )}
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
  const { id, name, on, off, alerts } = technique
  // No darker than a text on it can be read.
  const strength = 8 + Math.round((on / most) * 30)
  const kind = on > 0 ? '' : off > 0 ? 'rc-off' : 'rc-gap'
  const counts = { on: format.number(on), off: format.number(off), alerts: format.number(alerts) }
  return (
    <button
      type="button"
      className={`rc-cell ${kind}`}
      style={on === 0 ? undefined : { background: `color-mix(in srgb, var(--accent) ${strength}%, var(--bg-2))` }}
      title={t(on + off === 0 ? 'coverage.gap' : 'coverage.cell', { id: name === '' ? id : `${id} ${name}`, ...counts })}
      disabled={on + off === 0}
      onClick={onClick}
    >
      <span className="rc-id">
        <span className="mono">{visibleText(id)}</span>
        {on + off === 0 ? null : <b>{on}</b>}
        {off > 0 ? <em>+{off}</em> : null}
      </span>
      {name === '' ? null : <span>{name}</span>}
    </button>
  )
}
