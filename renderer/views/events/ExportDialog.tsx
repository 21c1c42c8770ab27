import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobState } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { SUMMARY, type Column } from './columns.ts'
import type { Run } from './search.ts'

/** Writes the events that were found to a file: format, fields, place; then progress, and the path. */
export function ExportDialog({
  run,
  total,
  columns,
  job,
  began,
  onBegin,
  onCopy,
  onClose,
}: {
  readonly run: Run
  readonly total: number | null
  readonly columns: readonly Column[]
  readonly job: JobState<'events.export'>
  /** When the export that runs was begun (milliseconds). */
  readonly began: number | null
  onBegin(input: Parameters<JobState<'events.export'>['run']>[0]): void
  onCopy(text: string, what: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const { t: common } = useTranslation()
  const format = useFormat()
  const [kind, setKind] = useState<'csv' | 'jsonl'>('csv')
  const [which, setWhich] = useState<'columns' | 'all'>('columns')
  const [path, setPath] = useState('')
  const { running, progress, result } = job
  const done = !running && result?.ok === true ? result.value : null
  const begin = (event: FormEvent): void => {
    event.preventDefault()
    const fields = which === 'all' ? [] : columns.map(({ field }) => field).filter((field) => field !== SUMMARY)
    onBegin({ where: run.where, window: run.window, format: kind, fields, path: path.trim() === '' ? null : path.trim() })
  }
  return (
    <Dialog
      title={t('export.title')}
      onClose={onClose}
      footer={
        running ? (
          <>
            <Button onClick={onClose}>{t('export.background')}</Button>
            {/* An element of its own: as the same one, the click that stopped would press what takes its place. */}
            <Button key="stop" icon="stop" onClick={job.cancel}>
              {t('export.stop')}
            </Button>
          </>
        ) : done ? (
          <>
            <Button icon="copy" onClick={() => onCopy(done.path, t('export.path'))}>
              {t('export.copyPath')}
            </Button>
            <Button key="close" kind="primary" data-autofocus="" onClick={onClose}>
              {common('close')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button key="begin" kind="primary" type="submit" form="ev-export">
              {t('export.begin', { count: total === null ? '' : format.number(total) })}
            </Button>
          </>
        )
      }
    >
      {running ? (
        <div className="ev-export-running">
          <p>{t('export.running', { written: format.number(progress?.written ?? 0) })}</p>
          <Loading
            done={progress?.scanned ?? 0}
            {...(progress ? { of: progress.of } : {})}
            {...(began === null ? {} : { since: began })}
          />
        </div>
      ) : done ? (
        <dl className="ev-figures">
          <div>
            <dt>{t('export.path')}</dt>
            <dd>
              <code className="ev-path">{visibleText(done.path)}</code>
            </dd>
          </div>
          <div>
            <dt>{t('export.written')}</dt>
            <dd>{t('export.writtenValue', { count: format.number(done.written), bytes: format.bytes(done.bytes) })}</dd>
          </div>
        </dl>
      ) : (
        <form id="ev-export" className="ev-export" onSubmit={begin}>
          {result && !result.ok && result.error.code !== 'cancelled' ? (
            <ErrorState error={result.error} what={t('export.failed')} works={t('export.works')} />
          ) : null}
          {result && !result.ok && result.error.code === 'cancelled' ? <p role="status">{t('export.stopped')}</p> : null}
          <p>
            {t('export.what')} <code>{run.where.trim() === '' ? '*' : visibleText(run.where)}</code>
          </p>
          <div className="wf-field">
            <span className="wf-field-label">{t('export.format')}</span>
            <Segmented
              label={t('export.format')}
              value={kind}
              onChange={setKind}
              segments={[
                { value: 'csv', label: 'CSV' },
                { value: 'jsonl', label: 'JSON lines' },
              ]}
            />
            <span className="wf-field-note">{t(kind === 'csv' ? 'export.csvNote' : 'export.jsonlNote')}</span>
          </div>
          <div className="wf-field">
            <span className="wf-field-label">{t('export.fields')}</span>
            <Segmented
              label={t('export.fields')}
              value={which}
              onChange={setWhich}
              segments={[
                { value: 'columns', label: t('export.columns') },
                { value: 'all', label: t('export.allFields') },
              ]}
            />
          </div>
          <label className="wf-field">
            <span>{t('export.path')}</span>
            <input
              className="wf-input mono"
              value={path}
              spellCheck={false}
              maxLength={4096}
              placeholder={t('export.pathDefault')}
              onChange={(event) => setPath(event.target.value)}
            />
          </label>
        </form>
      )}
    </Dialog>
  )
}
