import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../client/hooks.ts'
import type { Draft, Problem } from './draft.ts'

/** How records are read: format, zone, and for CSV which column is what. */
export function FormatFields({ draft, problems, onChange }: { readonly draft: Pick<Draft, 'format' | 'zone'> & Partial<Draft>; readonly problems: ReadonlySet<Problem>; onChange(change: Partial<Draft>): void }): ReactNode {
  const { t } = useTranslation('sources')
  const { value } = useQuery('sources.formats', {})
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')], [])
  const known = value?.formats ?? []
  const chosen = known.find(({ id }) => id === draft.format)
  return (
    <>
      <div className="so-pair">
        <label className="wf-field">
          <span>{t('form.format')}</span>
          <select className="wf-input" value={draft.format} onChange={(event) => onChange({ format: event.target.value })}>
            <option value="">{t('form.recognise')}</option>
            {draft.format !== '' && !chosen ? <option value={draft.format}>{draft.format}</option> : null}
            {known.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
          </select>
          <span className="wf-field-note">{chosen?.doc || t('form.recogniseNote')}</span>
        </label>
        <label className="wf-field">
          <span>{t('form.zone')}</span>
          <select className="wf-input" value={draft.zone} aria-invalid={problems.has('zone')} onChange={(event) => onChange({ zone: event.target.value })}>
            {zones.includes(draft.zone) ? null : <option value={draft.zone}>{draft.zone}</option>}
            {zones.map((zone) => <option key={zone} value={zone}>{zone}</option>)}
          </select>
          <span className="wf-field-note">{t('form.zoneNote')}</span>
        </label>
      </div>
      {draft.format === 'csv' && draft.columns !== undefined ? (
        <fieldset className="so-csv">
          <legend>{t('csv.title')}</legend>
          <div className="so-pair">
            <label className="wf-field">
              <span>{t('csv.delimiter')}</span>
              <input className="wf-input mono" value={draft.delimiter} aria-invalid={problems.has('delimiter')} onChange={(event) => onChange({ delimiter: event.target.value })} />
              {problems.has('delimiter') ? <span className="wf-field-problem">{t('problem.delimiter')}</span> : <span className="wf-field-note">{t('csv.delimiterNote')}</span>}
            </label>
            <label className="wf-check"><input type="checkbox" checked={draft.header} onChange={(event) => onChange({ header: event.target.checked })} />{t('csv.header')}</label>
          </div>
          <div className="so-pair">
            <label className="wf-field">
              <span>{t('csv.time')}</span>
              <input className="wf-input mono" value={draft.time} spellCheck={false} onChange={(event) => onChange({ time: event.target.value })} />
            </label>
            <label className="wf-field">
              <span>{t('csv.timeFormat')}</span>
              <input className="wf-input mono" value={draft.timeFormat} spellCheck={false} list="so-time-formats" onChange={(event) => onChange({ timeFormat: event.target.value })} />
              <datalist id="so-time-formats"><option value="iso" /><option value="epoch" /><option value="epoch_ms" /><option value="yyyy-MM-dd HH:mm:ss" /></datalist>
            </label>
          </div>
          <label className="wf-field">
            <span>{t('csv.columns')}</span>
            <textarea className="wf-input so-area mono" rows={4} value={draft.columns} spellCheck={false} aria-invalid={problems.has('columns')} placeholder={'client = src.ip\nuser = user.name'} onChange={(event) => onChange({ columns: event.target.value })} />
            {problems.has('columns') ? <span className="wf-field-problem">{t('problem.columns')}</span> : <span className="wf-field-note">{t('csv.columnsNote')}</span>}
          </label>
        </fieldset>
      ) : null}
    </>
  )
}
