import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatDateTime } from '../../../format/time.ts'
import type { Conflict } from './use-incident.ts'

const FIELDS = new Set(['title', 'summary', 'severity', 'tlp', 'pap', 'owner', 'watchers', 'tags', 'attack', 'customer'])

/** Fields that somebody else changed meanwhile: both values stand side by side until one is taken. */
export function Conflicts({
  conflicts,
  onSettle,
}: {
  readonly conflicts: readonly Conflict[]
  onSettle(conflict: Conflict, mine: boolean): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  if (conflicts.length === 0) return null
  const name = (field: string): string => {
    const [head = '', phase] = field.split('.')
    if (head === 'times' && phase) return t(`phase.${phase}`)
    return FIELDS.has(head) ? t(`field.${head}`) : head
  }
  const shown = (value: unknown): string =>
    value === null || value === undefined || value === ''
      ? '–'
      : Array.isArray(value)
        ? value.map((one) => visibleText(String(one))).join(', ') || '–'
        : typeof value === 'string'
          ? /^\d{4}-\d\d-\d\dT/.test(value)
            ? formatDateTime(value)
            : visibleText(value)
          : JSON.stringify(value)
  return (
    <div className="in-conflicts" role="alert">
      {conflicts.map((conflict) => (
        <div
          key={conflict.field}
          className="in-conflict"
          role="group"
          aria-label={t('conflict.name', { field: name(conflict.field) })}
        >
          <b>{t('conflict.title', { field: name(conflict.field) })}</b>
          <span className="in-side">
            <em>{t('conflict.theirs')}</em> <span>{shown(conflict.theirs)}</span>
            <Button small onClick={() => onSettle(conflict, false)}>
              {t('conflict.takeTheirs')}
            </Button>
          </span>
          <span className="in-side">
            <em>{t('conflict.mine')}</em> <span>{shown(conflict.mine)}</span>
            <Button small onClick={() => onSettle(conflict, true)}>
              {t('conflict.takeMine')}
            </Button>
          </span>
        </div>
      ))}
    </div>
  )
}
