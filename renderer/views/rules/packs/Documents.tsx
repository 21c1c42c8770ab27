import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PACK_STATUSES, type PackDocument } from '../../../../shared/pack-contract.ts'
import { Button } from '../../../components/Button.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { countDocuments, shownDocuments, type Status } from './shown-documents.ts'

/** So many rows at once; a pack may have twenty thousand. */
const PAGE = 200

/** Rules, scenarios and filters of a pack: what each would be here, and what is wrong with it. */
export function Documents({ documents }: { readonly documents: readonly PackDocument[] }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const [only, setOnly] = useState<Status | 'all'>('all')
  const [most, setMost] = useState(PAGE)
  const counts = useMemo(() => countDocuments(documents), [documents])
  const shown = useMemo(() => shownDocuments(documents, only === 'all' ? null : only), [documents, only])
  const choose = (status: Status | 'all'): void => {
    setOnly(status)
    setMost(PAGE)
  }
  return (
    <section aria-label={t('documents.title')} className="rp-documents">
      <Segmented
        label={t('documents.title')}
        value={only}
        onChange={choose}
        segments={[
          { value: 'all', label: t('documents.all', { figure: format.number(documents.length) }) },
          ...PACK_STATUSES.map((status) => ({
            value: status,
            label: t(`documents.${status}`, { figure: format.number(counts[status]) }),
          })),
        ]}
      />
      {shown.length === 0 ? (
        <p className="dim">{t('documents.none')}</p>
      ) : (
        <table className="rs-table rp-rows">
          <thead>
            <tr>
              <th scope="col">{t('documents.rule')}</th>
              <th scope="col">{t('documents.file')}</th>
              <th scope="col">{t('documents.here')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, most).map((document, index) => (
              <Row key={index} document={document} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length > most ? (
        <Button small onClick={() => setMost(most + PAGE)}>
          {t('documents.more', { figure: format.number(shown.length - most) })}
        </Button>
      ) : null}
    </section>
  )
}

function Row({
  document: { title, kind, level, file, status, other, problems },
}: {
  readonly document: PackDocument
}): ReactNode {
  const { t } = useTranslation('packs')
  return (
    <>
      <tr>
        <th scope="row">
          <span className="rp-title">
            {level === null ? null : <SeverityGlyph severity={level} size={14} />}
            <span>
              {title === '' ? t('documents.untitled') : visibleText(title)}
              {kind === 'rule' || kind === 'unknown' ? null : <em className="ru-why"> {t(`kind.${kind}`)}</em>}
            </span>
          </span>
        </th>
        <td className="mono rp-file">{visibleText(file)}</td>
        <td>
          <span className={status === 'failing' ? 'ru-fault' : status === 'same' ? 'dim' : undefined}>
            {t(`status.${status}`)}
          </span>
          {/* The same text again takes its own place. */}
          {other === null || (status === 'same' && other.used === 'this') ? null : (
            <span className="rp-used" title={visibleText(other.file)}>
              {t(`used.${other.used}`)}
              {/* Where the same text lies matters little. */}
              {status === 'same' ? null : <code>{visibleText(other.file)}</code>}
            </span>
          )}
        </td>
      </tr>
      {problems.length === 0 ? null : (
        <tr className="rp-problems">
          <td colSpan={3}>
            <ul>
              {problems.map(({ line, column, message }, index) => (
                <li key={index}>
                  <code>
                    {line}:{column}
                  </code>{' '}
                  {visibleText(message)}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  )
}
