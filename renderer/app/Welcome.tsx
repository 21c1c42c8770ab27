import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand } from '../client/hooks.ts'
import { Icon, type IconName } from '../components/Icon.tsx'
import { Pane } from '../components/Pane.tsx'
import { ErrorState } from '../components/States.tsx'
import { formatRoute, navigate } from './route.ts'
import './welcome.css'

/** First run: nothing is watched and nothing is stored. Three ways to begin. */
export function Welcome(): ReactNode {
  const { t } = useTranslation('shell')
  const demo = useCommand('demo.start')
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  const way = (name: 'follow' | 'import' | 'demo', icon: IconName, run: () => void): ReactNode => (
    <button
      ref={name === 'follow' ? first : undefined}
      type="button"
      className="welcome-way"
      disabled={demo.running}
      onClick={run}
    >
      <Icon name={icon} size={20} />
      <b>{t(`welcome.${name}`)}</b>
      <span>{t(`welcome.${name}Text`)}</span>
    </button>
  )
  return (
    <Pane label={t('welcome.title')} className="welcome">
      <h2>{t('welcome.title')}</h2>
      <p>{t('welcome.text')}</p>
      <div className="welcome-ways">
        {way('follow', 'file', () => navigate(formatRoute('sources', { add: 'file' })))}
        {way('import', 'folder', () => navigate(formatRoute('sources', { add: 'import' })))}
        {way('demo', 'play', () => void demo.run({}))}
      </div>
      {demo.running ? <p role="status">{t('welcome.starting')}</p> : null}
      {demo.error ? <ErrorState error={demo.error} what={t('welcome.failed')} /> : null}
    </Pane>
  )
}
