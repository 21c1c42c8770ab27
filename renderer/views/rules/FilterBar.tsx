import type { ReactNode, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { SEVERITIES, type Severity } from '../../../shared/model/severity.ts'
import { Icon } from '../../components/Icon.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { visibleText } from '../../format/text.ts'
import { folderName, KEEP, type Keep, type RuleFilter } from './filter.ts'

/** Words, level, log source, state. */
export function FilterBar({
  filter,
  logsources,
  input,
  onChange,
  onLeave,
}: {
  readonly filter: RuleFilter
  readonly logsources: readonly string[]
  readonly input: RefObject<HTMLInputElement | null>
  onChange(change: Partial<RuleFilter>): void
  onLeave(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  return (
    <div className="ru-filter" role="search">
      <label className="ru-words">
        <Icon name="search" size={14} />
        <span className="sr">{t('filter.words')}</span>
        <input
          ref={input}
          className="wf-input wf-input-small"
          value={filter.text}
          placeholder={t('filter.words')}
          spellCheck={false}
          onChange={(event) => onChange({ text: event.target.value })}
          onKeyDown={(event) => (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') && onLeave()}
        />
        <Kbd keys="/" />
      </label>
      <select
        className="wf-input wf-input-small"
        aria-label={t('filter.level')}
        value={filter.atLeast}
        onChange={(event) => onChange({ atLeast: event.target.value as Severity })}
      >
        {SEVERITIES.map((severity) => (
          <option key={severity} value={severity}>
            {severity === 'info' ? t('filter.anyLevel') : t('filter.atLeast', { level: t(`common:severity.${severity}`) })}
          </option>
        ))}
      </select>
      <select
        className="wf-input wf-input-small"
        aria-label={t('filter.logsource')}
        value={filter.logsource}
        onChange={(event) => onChange({ logsource: event.target.value })}
      >
        <option value="">{t('filter.anyLogsource')}</option>
        {filter.logsource !== '' && !logsources.includes(filter.logsource) ? (
          <option value={filter.logsource}>{visibleText(filter.logsource)}</option>
        ) : null}
        {logsources.map((name) => (
          <option key={name} value={name}>
            {visibleText(name)}
          </option>
        ))}
      </select>
      <select
        className="wf-input wf-input-small"
        aria-label={t('filter.keep')}
        value={filter.keep}
        onChange={(event) => onChange({ keep: event.target.value as Keep })}
      >
        {KEEP.map((keep) => (
          <option key={keep} value={keep}>
            {t(`keep.${keep}`)}
          </option>
        ))}
      </select>
      {filter.folder === '' ? null : (
        <button
          type="button"
          className="wf-chip ru-folder"
          title={visibleText(filter.folder)}
          aria-label={t('filter.leaveFolder', { name: visibleText(folderName(filter.folder)) })}
          onClick={() => onChange({ folder: '' })}
        >
          <span className="ellipsis">{visibleText(folderName(filter.folder))}</span>
          <Icon name="close" size={12} />
        </button>
      )}
    </div>
  )
}
