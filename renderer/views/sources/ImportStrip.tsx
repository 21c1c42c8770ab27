import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useSentence } from '../../i18n/use-sentence.ts'
import { forgetImport, useImport } from './import-run.ts'

/** How the import goes, and what came of it. */
export function ImportStrip(): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const sentence = useSentence()
  const { running, began, progress, result, cancel } = useImport()
  const [skipped, setSkipped] = useState(false)
  if (running) {
    return (
      <div className="so-import" role="status">
        <div className="so-import-line">
          <b>{t('import.running')}</b>
          {progress ? (
            <span className="mono ellipsis" title={visibleText(progress.file)}>
              {visibleText(progress.file)}
            </span>
          ) : null}
          <span className="so-right">
            {progress ? t('import.records', { count: progress.records, figure: format.number(progress.records) }) : ''}
          </span>
          <Button small icon="stop" onClick={cancel}>
            {t('common:loading.stop')}
          </Button>
        </div>
        <Loading bytes since={began} {...(progress ? { done: progress.bytes, of: progress.of } : {})} />
      </div>
    )
  }
  if (!result) return null
  if (!result.ok) {
    if (result.error.code === 'cancelled') {
      return (
        <div className="so-import" role="status">
          <div className="so-import-line">
            <b>{t('import.stopped')}</b>
            <span>{t('import.again')}</span>
            <Button small kind="quiet" className="so-right" onClick={forgetImport}>
              {t('common:close')}
            </Button>
          </div>
        </div>
      )
    }
    return (
      <ErrorState
        error={result.error}
        what={t('import.failed')}
        works={t('import.again')}
        actions={
          <Button small kind="quiet" onClick={forgetImport}>
            {t('common:close')}
          </Button>
        }
      />
    )
  }
  const { records, events, alerts, rejected, bytes, seconds, byType, skipped: left } = result.value
  const types = Object.entries(byType).sort((a, b) => b[1] - a[1])
  return (
    <div className="so-import" role="status">
      <div className="so-import-line">
        <b>{t('import.done')}</b>
        <span>
          {t('import.summary', {
            records: format.number(records),
            events: format.number(events),
            alerts: format.number(alerts),
            rejected: format.number(rejected),
            bytes: format.bytes(bytes),
            age: format.fineAge(seconds),
          })}
        </span>
        {left.length > 0 ? (
          <Button small kind="quiet" aria-expanded={skipped} onClick={() => setSkipped(!skipped)}>
            {t('import.skipped', { count: left.length, figure: format.number(left.length) })}
          </Button>
        ) : null}
        <Button small kind="quiet" className="so-right" onClick={forgetImport}>
          {t('common:close')}
        </Button>
      </div>
      {types.length > 0 ? (
        <div className="so-types">
          {types.slice(0, 16).map(([type, count]) => (
            <span key={type}>
              <code>{visibleText(type)}</code> {format.number(count)}
            </span>
          ))}
        </div>
      ) : null}
      {skipped ? (
        <ul className="so-skipped">
          {left.slice(0, 500).map(({ path, reason }) => (
            <li key={path}>
              <code className="ellipsis" title={visibleText(path)}>
                {visibleText(path)}
              </code>{' '}
              <em>{sentence(reason)}</em>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
