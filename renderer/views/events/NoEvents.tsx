import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { EmptyState } from '../../components/States.tsx'
import { ALL_TIME } from '../../components/time-range.ts'
import type { Search } from './search.ts'

/** Why there are no rows, and the one thing that most likely gives some. */
export function NoEvents({ search, onGo }: { readonly search: Search; onGo(search: Search): void }): ReactNode {
  const { t } = useTranslation('events')
  const narrowed = search.range.kind !== 'all'
  const asks = search.where.trim() !== ''
  return (
    <EmptyState
      actions={
        narrowed ? (
          <Button onClick={() => onGo({ ...search, range: ALL_TIME })}>{t('empty.allTime')}</Button>
        ) : asks ? (
          <Button onClick={() => onGo({ ...search, where: '' })}>{t('empty.clear')}</Button>
        ) : (
          <a className="wf-btn" href="#/sources">
            {t('empty.sources')}
          </a>
        )
      }
    >
      {asks ? t(narrowed ? 'empty.queryRange' : 'empty.query') : t(narrowed ? 'empty.range' : 'empty.all')}
    </EmptyState>
  )
}
