import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { visibleText } from '../../../../format/text.ts'

/** Whether a tool speaks of the packets of the filter or of all; says nothing where all packets are shown. */
export function LimitToFilter({
  view,
  filter,
  limited,
  onChange,
}: {
  readonly view: number | null
  readonly filter: string
  readonly limited: boolean
  onChange(limited: boolean): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  if (view === null) return null
  return (
    <label className="wf-check pt-limit">
      <input type="checkbox" checked={limited} onChange={(event) => onChange(event.target.checked)} />
      <span>{t('limit')}</span>
      {filter === '' ? null : <code className="ellipsis">{visibleText(filter)}</code>}
    </label>
  )
}
