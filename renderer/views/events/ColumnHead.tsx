import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { visibleText } from '../../format/text.ts'

/** Name of a column, and the button for what can be done with it. */
export function ColumnHead({
  displayName,
  column,
  onHead,
  right = false,
}: {
  readonly displayName: string
  readonly column: { getColId(): string }
  readonly right?: boolean
  onHead(field: string, element: HTMLElement): void
}): ReactNode {
  const { t } = useTranslation('events')
  const button = useRef<HTMLButtonElement>(null)
  return (
    <button
      ref={button}
      type="button"
      tabIndex={-1}
      className={`ev-head ${right ? 'ev-right' : ''}`}
      aria-label={t('columns.menu', { field: visibleText(displayName) })}
      aria-haspopup="menu"
      onClick={() => button.current && onHead(column.getColId(), button.current)}
    >
      {visibleText(displayName)}
    </button>
  )
}
