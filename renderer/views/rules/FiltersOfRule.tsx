import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PaneHead } from '../../components/Pane.tsx'
import { visibleText } from '../../format/text.ts'
import { RuleText } from './RuleText.tsx'

export interface FilterOfRule {
  readonly title: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  readonly text: string
}

/** Sigma filters that a rule's condition is joined with: they decide what it finds as its own text does. */
export function FiltersOfRule({ filters }: { readonly filters: readonly FilterOfRule[] }): ReactNode {
  const { t } = useTranslation('rules')
  if (filters.length === 0) return null
  return (
    <section aria-label={t('filters.title')}>
      <PaneHead title={t('filters.title')} />
      <p className="ru-statistics">{t('filters.note')}</p>
      <ul className="ru-list">
        {filters.map(({ title, file, line, text }) => (
          <li key={`${file} ${line}`}>
            <details>
              <summary>
                {visibleText(title)} <code className="ru-break ru-why">{`${visibleText(file)}:${line}`}</code>
              </summary>
              <RuleText text={text} label={visibleText(title)} first={line} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  )
}
