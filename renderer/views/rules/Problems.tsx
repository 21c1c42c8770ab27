import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleProblem } from '../../../shared/model/rule.ts'
import { Pane } from '../../components/Pane.tsx'
import { EmptyState } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'

/** Files that could not be loaded, each error at its place. The other rules run. */
export function Problems({ problems }: { readonly problems: readonly RuleProblem[] }): ReactNode {
  const { t } = useTranslation('rules')
  if (problems.length === 0) return <EmptyState>{t('problems.none')}</EmptyState>
  return (
    <Pane label={t('tabs.problems')} className="ru-problems">
      <p className="dim">{t('problems.note')}</p>
      <ul>
        {problems.map(({ file, line, column, message }, index) => (
          <li key={index}>
            <code className="ru-break">
              {visibleText(file)}
              <b>
                :{line}:{column}
              </b>
            </code>
            <span>{visibleText(message)}</span>
          </li>
        ))}
      </ul>
    </Pane>
  )
}
