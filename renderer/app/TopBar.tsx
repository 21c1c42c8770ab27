import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../components/Icon.tsx'
import { Kbd } from '../components/Kbd.tsx'
import { clockOf, formatExact, zoneName } from '../format/time.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useEngineNow, useNow } from '../state/clock.ts'
import { useEngine, type Liveness } from '../state/engine.ts'
import { machineZone, useSettings } from '../state/settings.ts'
import { useShell } from './shell-state.ts'

/** Where one is, the way to everything, how the engine is, what time it is. */
export function TopBar({ title, liveness }: { readonly title: string; readonly liveness: Liveness }): ReactNode {
  const { t } = useTranslation('shell')
  const demo = useEngine(({ status }) => status?.demo === true)
  return (
    <header className="topbar">
      <h1 className="topbar-title">
        {title}
        {demo ? <span>{t('demo')}</span> : null}
      </h1>
      <button type="button" className="topbar-find" aria-haspopup="dialog" onClick={() => useShell.setState({ palette: true })}>
        <Icon name="search" />
        <span>{t('palette.open')}</span>
        <Kbd keys="Ctrl+K" />
      </button>
      <div className="grow" />
      <Health liveness={liveness} />
      <Clocks />
    </header>
  )
}

function Health({ liveness }: { readonly liveness: Liveness }): ReactNode {
  const { t } = useTranslation('shell')
  const format = useFormat()
  const { status, heard } = useEngine()
  const now = useNow()
  const state = liveness === 'live' ? (status?.state ?? 'starting') : liveness
  const tone = state === 'running' ? '' : state === 'starting' || state === 'silent' || state === 'stopping' ? 'late' : 'fault'
  const sources = status?.sources
  const late = (status?.lag ?? 0) > 60
  return (
    <dl className="health">
      <div
        title={
          status
            ? t('health.engineTitle', {
                version: status.version,
                since: formatExact(status.started),
                heard: format.fineAge(Math.max(0, (now - heard) / 1000)),
              })
            : undefined
        }
      >
        <dt>{t('health.engine')}</dt>
        <dd className={tone ? `health-${tone}` : undefined}>
          <i className="health-dot" aria-hidden="true" />
          {t(`health.state.${state}`)}
        </dd>
      </div>
      {sources ? (
        <div title={t('health.sourcesTitle', { running: sources.running, total: sources.total })}>
          <dt>{t('health.sources')}</dt>
          <dd>
            {sources.running}/{sources.total}
            {sources.running > 0 ? (
              <em className={late ? 'health-late' : undefined}>{t('health.lag', { age: format.fineAge(status.lag) })}</em>
            ) : null}
          </dd>
        </div>
      ) : null}
    </dl>
  )
}

function Clocks(): ReactNode {
  const { t } = useTranslation('shell')
  const now = useEngineNow()
  const chosen = useSettings(({ zone }) => zone)
  const zone = chosen ?? machineZone()
  const utc = clockOf(now)
  const local = clockOf(now, zone)
  const same = zone === 'UTC' || zone === 'Etc/UTC'
  return (
    <div className="clock" title={t('clock', { utc: utc.date, local: local.date, zone })}>
      <b>{utc.time}</b>
      <span>UTC</span>
      {same ? null : (
        <>
          <b className="clock-local">{local.time}</b>
          <span>{zoneName(zone, now)}</span>
        </>
      )}
    </div>
  )
}
