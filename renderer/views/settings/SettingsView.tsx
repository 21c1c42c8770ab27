import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Pane } from '../../components/Pane.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { formatDateTime, zoneName } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useNow } from '../../state/clock.ts'
import { useEngine } from '../../state/engine.ts'
import { useNotice } from '../../state/notice.ts'
import { changeSettings, machineZone, THEMES, useSettings, type Settings } from '../../state/settings.ts'
import { useShell } from '../../app/shell-state.ts'
import { NotifySection } from './notify/NotifySection.tsx'
import { Check, Row } from './Row.tsx'
import './settings.css'

export default function SettingsView(): ReactNode {
  const { t } = useTranslation('settings')
  const client = useClient()
  const settings = useSettings()
  const say = useNotice((state) => state.say)
  const change = async (part: Partial<Settings>): Promise<void> => {
    if (!(await changeSettings(client, part))) say(t('notSaved'), 'fault')
  }
  return (
    <Pane label={t('title')} className="settings">
      <Row title={t('theme.title')} note={t('theme.note')}>
        <Segmented
          label={t('theme.title')}
          value={settings.theme}
          onChange={(theme) => void change({ theme })}
          segments={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </Row>
      <Row title={t('language.title')} note={t('language.note')}>
        <Segmented
          label={t('language.title')}
          value={settings.language ?? 'machine'}
          onChange={(value) => void change({ language: value === 'machine' ? null : value })}
          segments={[
            { value: 'machine', label: t('language.machine') },
            { value: 'en', label: 'English' },
            { value: 'ko', label: '한국어' },
          ]}
        />
      </Row>
      <Row title={t('keys.title')} note={t('keys.note')}>
        <Check label={t('keys.single')} checked={settings.singleKeys} onChange={(singleKeys) => void change({ singleKeys })} />
        <Check label={t('keys.hints')} checked={settings.hints} onChange={(hints) => void change({ hints })} />
        <Button small keys="?" onClick={() => useShell.setState({ sheet: true })}>
          {t('keys.sheet')}
        </Button>
      </Row>
      <Zone value={settings.zone} onChange={(zone) => void change({ zone })} />
      <NotifySection />
      <Data />
    </Pane>
  )
}

function Zone({ value, onChange }: { readonly value: string | null; onChange(zone: string | null): void }): ReactNode {
  const { t } = useTranslation('settings')
  const now = useNow()
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), [])
  const shown = value ?? machineZone()
  return (
    <Row title={t('zone.title')} note={t('zone.note')}>
      <select
        className="wf-input"
        aria-label={t('zone.title')}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{t('zone.machine', { zone: machineZone() })}</option>
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </select>
      <span className="dim mono">
        {formatDateTime(now, shown)} {zoneName(shown, now)}
      </span>
    </Row>
  )
}

function Data(): ReactNode {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const status = useEngine((engine) => engine.status)
  const [copied, setCopied] = useState(false)
  if (!status) return null
  const copy = (): void => {
    void navigator.clipboard.writeText(status.dataDir).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  const facts: readonly (readonly [string, string])[] = [
    ['version', status.version],
    ['started', `${formatDateTime(status.started)} UTC`],
    ['events', format.number(status.events)],
    ['rules', t('data.rulesValue', { enabled: format.number(status.rules.enabled), failed: format.number(status.rules.failed) })],
    ['memory', format.bytes(status.memory)],
  ]
  return (
    <Row title={t('data.title')} note={t('data.note')}>
      <div className="settings-path">
        <code>{status.dataDir}</code>
        <Button small icon="copy" onClick={copy}>
          {t(copied ? 'data.copied' : 'data.copy')}
        </Button>
      </div>
      <dl className="settings-facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{t(`data.${name}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Row>
  )
}
