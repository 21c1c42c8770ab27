import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../client/hooks.ts'
import { Field } from '../../components/Field.tsx'
import type { Draft, Problem } from './draft.ts'

/** How records are read: format, zone, and for CSV which column is what. */
export function FormatFields({
  draft,
  problems,
  onChange,
}: {
  readonly draft: Pick<Draft, 'format' | 'zone'> & Partial<Draft>
  readonly problems: ReadonlySet<Problem>
  onChange(change: Partial<Draft>): void
}): ReactNode {
  const { t } = useTranslation('sources')
  const { value } = useQuery('sources.formats', {})
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')], [])
  const known = value?.formats ?? []
  const chosen = known.find(({ id }) => id === draft.format)
  return (
    <>
      <div className="so-pair">
        <Field label={t('form.format')} note={chosen?.doc || t('form.recogniseNote')}>
          {(control) => (
            <select
              {...control}
              className="wf-input"
              value={draft.format}
              onChange={(event) => onChange({ format: event.target.value })}
            >
              <option value="">{t('form.recognise')}</option>
              {draft.format !== '' && !chosen ? <option value={draft.format}>{draft.format}</option> : null}
              {known.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('form.zone')} note={t('form.zoneNote')} problem={problems.has('zone') ? t('problem.zone') : null}>
          {(control) => (
            <select
              {...control}
              className="wf-input"
              value={draft.zone}
              onChange={(event) => onChange({ zone: event.target.value })}
            >
              {zones.includes(draft.zone) ? null : <option value={draft.zone}>{draft.zone}</option>}
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {zone}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {draft.format === 'csv' && draft.columns !== undefined ? (
        <fieldset className="so-csv">
          <legend>{t('csv.title')}</legend>
          <div className="so-pair">
            <Field
              label={t('csv.delimiter')}
              note={t('csv.delimiterNote')}
              problem={problems.has('delimiter') ? t('problem.delimiter') : null}
            >
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  value={draft.delimiter}
                  onChange={(event) => onChange({ delimiter: event.target.value })}
                />
              )}
            </Field>
            <label className="wf-check">
              <input type="checkbox" checked={draft.header} onChange={(event) => onChange({ header: event.target.checked })} />
              {t('csv.header')}
            </label>
          </div>
          <div className="so-pair">
            <Field label={t('csv.time')}>
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  value={draft.time}
                  spellCheck={false}
                  onChange={(event) => onChange({ time: event.target.value })}
                />
              )}
            </Field>
            <Field label={t('csv.timeFormat')}>
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  value={draft.timeFormat}
                  spellCheck={false}
                  placeholder={t('csv.timeFormatHint')}
                  onChange={(event) => onChange({ timeFormat: event.target.value })}
                />
              )}
            </Field>
          </div>
          <Field
            label={t('csv.columns')}
            note={t('csv.columnsNote')}
            problem={problems.has('columns') ? t('problem.columns') : null}
          >
            {(control) => (
              <textarea
                {...control}
                className="wf-input so-area mono"
                rows={4}
                value={draft.columns}
                spellCheck={false}
                placeholder={'client = src.ip\nuser = user.name'}
                onChange={(event) => onChange({ columns: event.target.value })}
              />
            )}
          </Field>
        </fieldset>
      ) : null}
    </>
  )
}
