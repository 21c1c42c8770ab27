import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../shared/model/alert.ts'
import type { Cite, ImpactFinding, Verification } from '../../../shared/model/impact.ts'
import { formatRoute } from '../../app/route.ts'
import { useCommand, useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { DecidingBytes } from '../../components/DecidingBytes.tsx'
import { ErrorState } from '../../components/States.tsx'
import { ImpactBadge } from '../../components/Verdict.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { useVerifyNow } from './verify-now.ts'

const FEW = 6

/** Whether it worked: the result, what each test says and rests on, and the bytes that decided. */
export function ImpactSection({ alert }: { readonly alert: Alert }): ReactNode {
  const { t, i18n } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  // Asked again when the alert's row says something else.
  const { value, error, refresh } = useQuery('impact.get', { alert: alert.id })
  const [told, setTold] = useState(alert.revision)
  if (told !== alert.revision) {
    setTold(alert.revision)
    refresh()
  }
  const verify = useCommand('impact.verify')
  const [earlier, setEarlier] = useState(false)
  const [all, setAll] = useState(false)
  const run = (): void => {
    if (!verify.running) void verify.run({ alerts: [alert.id] }).then(refresh)
  }
  const [latest, ...before] = value?.verifications ?? []
  const current = useRef(run)
  useEffect(() => {
    current.current = run
  })
  useEffect(() => {
    useVerifyNow.setState({ run: () => current.current(), latest: latest ?? null })
    return () => useVerifyNow.setState({ run: null, latest: null })
  }, [latest])
  const language = i18n.language === 'ko' ? 'ko' : 'en'
  const bytes = latest?.findings.find((finding) => finding.bytes !== null)?.bytes ?? null
  const findings = latest?.findings ?? []
  return (
    <section className={`al-section al-verification al-impact-${latest?.result ?? 'unverified'}`} aria-label={t('impact.title')}>
      <div className="al-impact-head">
        <ImpactBadge impact={latest?.result ?? 'unverified'} />
        {latest ? (
          <>
            <span className="mono al-impact-sure" title={t('impact.confidence')}>
              {latest.confidence.toFixed(2)}
            </span>
            <strong>{visibleText(latest.reason[language])}</strong>
          </>
        ) : (
          <span className="dim">{t('impact.none')}</span>
        )}
        <span className="grow" />
        <Button small kind="quiet" keys="i" disabled={verify.running} onClick={run}>
          {t('impact.again')}
        </Button>
      </div>
      {error && value === null ? <ErrorState error={error} what={t('impact.failed')} onRetry={refresh} /> : null}
      {verify.error ? <ErrorState error={verify.error} what={t('impact.failed')} /> : null}
      {findings.length > 0 ? (
        <table className="al-impact-tests">
          <tbody>
            {findings.slice(0, all ? findings.length : FEW).map((finding, i) => (
              <FindingRow key={`${finding.test} ${i}`} finding={finding} language={language} all={all} />
            ))}
          </tbody>
        </table>
      ) : null}
      {!all && (findings.length > FEW || findings.some(({ cites }) => cites.length > 1)) ? (
        <Button small kind="quiet" onClick={() => setAll(true)}>
          {findings.length > FEW ? t('impact.more', { count: findings.length - FEW }) : t('impact.cites')}
        </Button>
      ) : null}
      {bytes ? <DecidingBytes bytes={bytes} /> : null}
      {latest ? (
        <p className="al-impact-looked">
          {t('impact.looked', {
            events: format.number(latest.looked.events),
            exchanges: format.number(latest.looked.exchanges),
            bytes: format.number(latest.looked.bytes),
          })}
          {latest.looked.complete ? null : ` ${t('impact.incomplete')}`}{' '}
          <time dateTime={latest.at} title={formatExact(latest.at)}>
            {t(`impact.by.${latest.cause}`, { time: formatMoment(latest.at, now), name: visibleText(latest.by) })}
          </time>
          {before.length > 0 ? (
            <Button small kind="quiet" aria-expanded={earlier} onClick={() => setEarlier(!earlier)}>
              {t('impact.earlier', { count: before.length })}
            </Button>
          ) : null}
        </p>
      ) : null}
      {earlier ? (
        <ol className="al-impact-earlier">
          {before.map((one) => (
            <Earlier key={one.number} verification={one} language={language} now={now} />
          ))}
        </ol>
      ) : null}
    </section>
  )
}

function FindingRow({
  finding,
  language,
  all,
}: {
  readonly finding: ImpactFinding
  readonly language: 'en' | 'ko'
  /** With all of its cites. */
  readonly all: boolean
}): ReactNode {
  const { t } = useTranslation('alerts')
  return (
    <tr className={`al-finding-${finding.result}`} title={`${finding.test} ${finding.confidence.toFixed(2)}`}>
      <td>
        <ImpactBadge impact={finding.result} />
      </td>
      <td>{t(`impact.family.${finding.family}`)}</td>
      <td>{visibleText(finding.reason[language])}</td>
      <td>
        {finding.cites.slice(0, all ? 8 : 1).map((cite, i) => (
          <CiteLink key={i} cite={cite} />
        ))}
        {!all && finding.cites.length > 1 ? <span className="dim">+{finding.cites.length - 1}</span> : null}
      </td>
    </tr>
  )
}

function CiteLink({ cite }: { readonly cite: Cite }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  switch (cite.kind) {
    case 'event':
      return (
        <a className="link mono" href={formatRoute('events', { all: '1', event: cite.event })} title={cite.event}>
          {t('impact.cite.event', { id: cite.event.slice(-7) })}
        </a>
      )
    case 'packet':
      return (
        <a
          className="link mono"
          href={formatRoute('packets', { open: cite.capture, packet: String(cite.packet) })}
          title={visibleText(cite.capture)}
        >
          {t('impact.cite.packet', { packet: format.number(cite.packet), offset: cite.offset.toString(16) })}
        </a>
      )
    case 'alert':
      return (
        <a className="link mono" href={formatRoute('alerts', { id: cite.alert, states: 'open,snoozed,decided' })}>
          A-{cite.alert}
        </a>
      )
    case 'asset':
      return <span className="mono">{visibleText(cite.row)}</span>
  }
}

function Earlier({
  verification,
  language,
  now,
}: {
  readonly verification: Verification
  readonly language: 'en' | 'ko'
  readonly now: number
}): ReactNode {
  return (
    <li>
      <time className="mono" dateTime={verification.at} title={formatExact(verification.at)}>
        {formatMoment(verification.at, now)}
      </time>
      <ImpactBadge impact={verification.result} />
      <span className="mono">{verification.confidence.toFixed(2)}</span>
      <span>{visibleText(verification.reason[language])}</span>
    </li>
  )
}
