import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset, Weakness } from '../../../shared/model/asset.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { formatShare } from '../../format/number.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'

const PAGE = 200
const MOST = 1000

/** CVEs of an asset: those that stand, or all with what is known of them. */
export function Weaknesses({ asset, revision }: { readonly asset: Asset; readonly revision: number }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const [all, setAll] = useState(false)
  const [limit, setLimit] = useState(PAGE)
  const standing = useQuery('assets.weaknesses', { id: asset.id, limit, states: all ? [] : ['affected', 'under_investigation'] })
  const { value, error, loading, refresh } = standing
  useEffect(() => refresh(), [refresh, revision])
  return (
    <>
      <div className="as-tools">
        <Segmented
          label={t('weakness.which')}
          value={all ? 'all' : 'standing'}
          onChange={(which) => setAll(which === 'all')}
          segments={[
            { value: 'standing', label: t('weakness.standing') },
            { value: 'all', label: t('weakness.all') },
          ]}
        />
        {value ? (
          <span className="dim">{t('weakness.count', { count: value.total, figure: format.number(value.total) })}</span>
        ) : null}
      </div>
      {error ? <ErrorState error={error} what={t('weakness.failed')} /> : null}
      <Loading waiting={loading && !value} />
      {value?.total === 0 ? <EmptyState>{t(all ? 'weakness.noneAtAll' : 'weakness.none')}</EmptyState> : null}
      {value && value.total > 0 ? (
        <ul className="as-weak">
          {value.weaknesses.map((weakness, index) => (
            <Row key={index} weakness={weakness} asset={asset} />
          ))}
        </ul>
      ) : null}
      {value && value.weaknesses.length < value.total && limit < MOST ? (
        <Button small onClick={() => setLimit(Math.min(MOST, limit + PAGE))}>
          {t('weakness.more', { figure: format.number(value.total - value.weaknesses.length) })}
        </Button>
      ) : null}
    </>
  )
}

function Row({ weakness, asset }: { readonly weakness: Weakness; readonly asset: Asset }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const { cve, score, severity, title, exploited, epss, state, how, detail, source, remedy } = weakness
  const service = weakness.service === null ? null : asset.services[weakness.service]
  const standing = state === 'affected' || state === 'under_investigation'
  return (
    <li className={standing ? undefined : 'as-settled'}>
      <div className="as-weak-head">
        <SeverityGlyph severity={severity} size={16} />
        <b className="mono">{cve}</b>
        {score === null ? null : <span className="mono">{format.number(score, 1)}</span>}
        {exploited ? (
          <b className="as-kev" title={t('weakness.exploited', { added: exploited.added, due: exploited.due })}>
            {t('weakness.kev')}
          </b>
        ) : null}
        {exploited?.ransomware ? <span>{t('weakness.ransomware')}</span> : null}
        <span className="grow" />
        {epss === null ? null : <span className="dim">{t('weakness.epss', { share: formatShare(epss) })}</span>}
        <span className={state === 'affected' ? 'as-state-on' : 'as-state'}>{t(`state.${state}`)}</span>
      </div>
      <p>{visibleText(title)}</p>
      <p className="as-how">
        {service ? (
          <span>{visibleText(`${service.port ?? '–'}/${service.transport} ${service.product} ${service.version}`.trim())}</span>
        ) : null}
        <span>{t(`how.${how}`)}</span>
        <span>{visibleText(source)}</span>
        <code>{visibleText(detail)}</code>
      </p>
      {exploited && standing ? <p className="as-due">{t('weakness.due', { due: visibleText(exploited.due) })}</p> : null}
      {remedy === '' ? null : (
        <p>
          {t('weakness.remedy')} {visibleText(remedy)}
        </p>
      )}
    </li>
  )
}
