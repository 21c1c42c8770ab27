import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { PHASES, STATUS_TITLES, type TimelineEntry } from '../../../../shared/model/incident.ts'
import { visibleText } from '../../../format/text.ts'

const CODES: ReadonlySet<string> = new Set([...PHASES, ...STATUS_TITLES])

/** What an entry is called: a change of status is told by the engine as a code, and has its word in the language on screen. */
export function useEntryTitle(): (entry: TimelineEntry) => string {
  const { t } = useTranslation('incidents')
  return useCallback(
    (entry) => (entry.kind === 'status' && CODES.has(entry.title) ? t(`statusEntry.${entry.title}`) : visibleText(entry.title)),
    [t],
  )
}
