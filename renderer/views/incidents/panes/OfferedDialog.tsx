import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { ImpactBadge, VerdictLabel } from '../../../components/Verdict.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import type { OutputOf } from '../../../client/types.ts'
import { alertWay } from '../ways.ts'

const endOf = ({ name, ip }: { readonly name: string | null; readonly ip: string | null }): string =>
  visibleText(name ?? ip ?? '–')

type Offered = OutputOf<'incidents.offered'>['alerts']

/** Alerts of the same story that are not in it: which of them join. */
export function OfferedDialog({
  offered,
  onAdd,
  onClose,
}: {
  readonly offered: Offered
  onAdd(alerts: readonly string[]): Promise<boolean>
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  /** What the reader has said of them; others are as they are offered, also those that come meanwhile. */
  const [said, setSaid] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [adding, setAdding] = useState(false)
  const chosen = offered.filter((one) => said.get(one.alert.id) ?? one.chosen).map(({ alert }) => alert.id)
  return (
    <Dialog
      title={t('offered.title')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('offered.leave')}</Button>
          <Button
            kind="primary"
            data-autofocus=""
            disabled={adding || chosen.length === 0}
            onClick={() => {
              setAdding(true)
              void onAdd(chosen).then((fine) => {
                setAdding(false)
                if (fine) onClose()
              })
            }}
          >
            {t('offered.add', { count: chosen.length, figure: format.number(chosen.length) })}
          </Button>
        </>
      }
    >
      <p className="in-quiet">{t('offered.note')}</p>
      <ul className="in-offeredlist">
        {offered.map(({ alert, why, value }) => (
          <li key={alert.id}>
            <label className="wf-check">
              <input
                type="checkbox"
                checked={chosen.includes(alert.id)}
                onChange={({ target }) => setSaid(new Map(said).set(alert.id, target.checked))}
              />
              <SeverityGlyph severity={alert.severity} size={14} />
              <span className="in-offeredtitle">{visibleText(alert.title)}</span>
            </label>
            <ImpactBadge impact={alert.impact?.result ?? 'unverified'} />
            <a className="in-chip" href={alertWay(alert.id)}>{`A-${alert.id}`}</a>
            <span className="mono ellipsis" title={`${endOf(alert.source)} → ${endOf(alert.destination)}`}>
              {endOf(alert.source)} → {endOf(alert.destination)}
            </span>
            <time className="mono" title={formatExact(alert.last)}>
              {formatMoment(alert.last, now)}
            </time>
            <span className="in-why">
              {t(`offered.why.${why}`, { value: visibleText(value) })}
              {alert.verdict ? <VerdictLabel verdict={alert.verdict} short /> : null}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
