import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { PAPS, TLPS } from '../../../../shared/model/incident.ts'
import { SEVERITIES } from '../../../../shared/model/severity.ts'
import { Button } from '../../../components/Button.tsx'
import { Menu, type MenuItem } from '../../../components/Menu.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { ImpactBadge } from '../../../components/Verdict.tsx'
import { visibleText } from '../../../format/text.ts'
import { Avatar, PapMark, TlpMark } from '../marks.tsx'
import { HeadLinks } from '../links/HeadLinks.tsx'
import { useEditor, type Edit } from './editor-context.ts'

type Opened = 'severity' | 'tlp' | 'pap' | 'more' | null

/** What it is, how bad, who may read of it, whose it is. */
export function Head({
  naming,
  statusButton,
  onNaming,
  onStatus,
  onDetails,
  onReport,
  onLinks,
  onExport,
}: {
  /** The title is being edited. */
  readonly naming: boolean
  readonly statusButton: RefObject<HTMLButtonElement | null>
  onNaming(naming: boolean): void
  onStatus(): void
  onDetails(): void
  onReport(): void
  onLinks(): void
  onExport(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { incident, edit } = useEditor()
  const [opened, setOpened] = useState<Opened>(null)
  const severity = useRef<HTMLButtonElement>(null)
  const tlp = useRef<HTMLButtonElement>(null)
  const pap = useRef<HTMLButtonElement>(null)
  const more = useRef<HTMLButtonElement>(null)
  const set = (to: Edit, from: Edit) => () => void edit(to, from)
  const items: readonly MenuItem[] =
    opened === 'severity'
      ? SEVERITIES.toReversed().map((one) => ({
          id: one,
          label: t(`common:severityTitle.${one}`),
          checked: one === incident.severity,
          run: set({ severity: one }, { severity: incident.severity }),
        }))
      : opened === 'tlp'
        ? TLPS.map((one) => ({
            id: one,
            label: <TlpMark tlp={one} />,
            note: t(`tlp.${one === 'AMBER+STRICT' ? 'STRICT' : one}`),
            checked: one === incident.tlp,
            run: set({ tlp: one }, { tlp: incident.tlp }),
          }))
        : PAPS.map((one) => ({
            id: one,
            label: <PapMark pap={one} />,
            note: t(`pap.${one}`),
            checked: one === incident.pap,
            run: set({ pap: one }, { pap: incident.pap }),
          }))
  const anchor = opened === 'severity' ? severity : opened === 'tlp' ? tlp : pap
  const others = incident.watchers
  return (
    <div className="in-head">
      <button
        ref={severity}
        type="button"
        className="in-headbtn"
        aria-haspopup="menu"
        title={t('field.severity')}
        onClick={() => setOpened('severity')}
      >
        <SeverityGlyph severity={incident.severity} />
      </button>
      <span className="in-number">{incident.number}</span>
      {naming ? (
        <TitleField onDone={() => onNaming(false)} />
      ) : (
        <h2 className="in-title">
          <button type="button" title={t('keys.title')} onClick={() => onNaming(true)}>
            {visibleText(incident.title)}
          </button>
        </h2>
      )}
      <button ref={tlp} type="button" className="in-headbtn" aria-haspopup="menu" onClick={() => setOpened('tlp')}>
        <TlpMark tlp={incident.tlp} />
      </button>
      <button ref={pap} type="button" className="in-headbtn" aria-haspopup="menu" onClick={() => setOpened('pap')}>
        <PapMark pap={incident.pap} />
      </button>
      <ImpactBadge impact={incident.impact?.result ?? 'unverified'} />
      <div className="grow" />
      <button type="button" className="in-people" title={t('field.owner')} onClick={onDetails}>
        {incident.owner === null ? (
          <em>{t('noOwner')}</em>
        ) : (
          <>
            <Avatar name={incident.owner} main />
            <span className="ellipsis">{visibleText(incident.owner)}</span>
          </>
        )}
        {others.length > 0 ? (
          <span className="in-watchers" title={others.map(visibleText).join(', ')}>
            {others.slice(0, 3).map((name) => (
              <Avatar key={name} name={name} />
            ))}
            {t('watching', { count: others.length })}
          </span>
        ) : null}
      </button>
      <HeadLinks onLinks={onLinks} />
      <Button ref={statusButton} keys="s" aria-haspopup="menu" onClick={onStatus}>
        {t('statusButton')}
      </Button>
      <Button keys="e" onClick={onDetails}>
        {t('details.open')}
      </Button>
      <Button keys="R" onClick={onReport}>
        {t('papers:report.open')}
      </Button>
      <Button
        ref={more}
        iconOnly
        icon="more"
        aria-haspopup="menu"
        aria-label={t('papers:case.more')}
        onClick={() => setOpened('more')}
      />
      {opened === 'more' ? (
        <Menu
          anchor={more}
          label={t('papers:case.more')}
          align="end"
          items={[{ id: 'export', label: t('papers:case.export'), keys: 'X', run: onExport }]}
          onClose={() => setOpened(null)}
        />
      ) : null}
      {opened && opened !== 'more' ? (
        <Menu
          anchor={anchor}
          label={t(opened === 'severity' ? 'field.severity' : opened === 'tlp' ? 'field.tlp' : 'field.pap')}
          items={items}
          onClose={() => setOpened(null)}
        />
      ) : null}
    </div>
  )
}

/** The title in place: Enter or leaving it saves, Escape leaves it as it was. */
function TitleField({ onDone }: { onDone(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const { incident, edit } = useEditor()
  const [from] = useState(incident.title)
  const [text, setText] = useState(incident.title)
  const field = useRef<HTMLInputElement>(null)
  const over = useRef(false)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  const finish = (keep: boolean): void => {
    if (over.current) return
    over.current = true
    const title = text.trim()
    if (keep && title !== '' && title !== from) void edit({ title }, { title: from })
    onDone()
  }
  return (
    <input
      ref={field}
      className="wf-input in-titlefield"
      aria-label={t('field.title')}
      maxLength={300}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
        event.preventDefault()
        event.stopPropagation()
        finish(event.key === 'Enter')
      }}
    />
  )
}
