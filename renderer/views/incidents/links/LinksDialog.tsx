import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../../shared/model/incident.ts'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { visibleText } from '../../../format/text.ts'
import { IncidentPicker } from '../../../widgets/incident-picker/IncidentPicker.tsx'
import { useEditor } from '../editor/editor-context.ts'
import { incidentWay } from '../ways.ts'

type Link = Incident['links'][number]
const KINDS = ['related', 'parent', 'child', 'duplicate'] as const satisfies readonly Link['kind'][]

/** The incidents that this one is linked to: what they are to it, taken away, and new ones. */
export function LinksDialog({
  onLink,
  onMerge,
  onClose,
}: {
  onLink(link: Link, linked: boolean): Promise<boolean>
  onMerge(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { incident } = useEditor()
  const [kind, setKind] = useState<Link['kind']>('related')
  const [other, setOther] = useState<Incident | null>(null)
  const [running, setRunning] = useState(false)
  const link = async (one: Link, linked: boolean): Promise<boolean> => {
    setRunning(true)
    const fine = await onLink(one, linked)
    setRunning(false)
    return fine
  }
  const add = (event: FormEvent): void => {
    event.preventDefault()
    if (!other || running) return
    void link({ to: other.number, kind }, true).then((fine) => fine && setOther(null))
  }
  return (
    <Dialog
      title={t('link.dialog', { number: incident.number })}
      wide
      onClose={onClose}
      footer={
        <>
          <Button keys="M" onClick={onMerge}>
            {t('merge.open')}
          </Button>
          <span className="grow" />
          <Button onClick={onClose}>{t('common:close')}</Button>
          <Button kind="primary" type="submit" form="in-link" disabled={other === null || running}>
            {other ? t('link.add', { number: other.number }) : t('link.addNone')}
          </Button>
        </>
      }
    >
      {incident.links.length === 0 ? (
        <p className="in-quiet">{t('link.none')}</p>
      ) : (
        <ul className="in-linklist" aria-label={t('link.all')}>
          {incident.links.map((one) => (
            <LinkRow key={one.to} link={one} disabled={running} onLink={link} />
          ))}
        </ul>
      )}
      <form id="in-link" className="in-form" onSubmit={add}>
        <IncidentPicker
          label={t('link.to')}
          chosen={other}
          closed
          leaveOut={[incident.number, ...incident.links.map(({ to }) => to)]}
          onChoose={setOther}
        />
        <Segmented
          label={t('link.kindLabel')}
          value={kind}
          onChange={setKind}
          segments={KINDS.map((value) => ({ value, label: t(`link.kind.${value}`) }))}
        />
        <p className="in-quiet" aria-live="polite">
          {t(`link.is.${kind}`, { number: other?.number ?? t('link.other') })}
        </p>
      </form>
    </Dialog>
  )
}

function LinkRow({
  link,
  disabled,
  onLink,
}: {
  readonly link: Link
  readonly disabled: boolean
  onLink(link: Link, linked: boolean): Promise<boolean>
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { value } = useQuery('incidents.get', { number: link.to })
  return (
    <li>
      <select
        className="wf-input wf-input-small wf-select"
        aria-label={t('link.kindOf', { number: link.to })}
        disabled={disabled}
        value={link.kind}
        onChange={({ target }) => {
          const kind = KINDS.find((one) => one === target.value)
          if (kind) void onLink({ to: link.to, kind }, true)
        }}
      >
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`link.kind.${kind}`)}
          </option>
        ))}
      </select>
      <a className="in-chip" href={incidentWay(link.to)}>
        {link.to}
      </a>
      <span className="ellipsis in-bright">{visibleText(value?.title ?? '')}</span>
      <span>{value ? t(`status.${value.status}`) : ''}</span>
      <Button
        small
        disabled={disabled}
        aria-label={t('link.takeAwayOf', { number: link.to })}
        onClick={() => void onLink(link, false)}
      >
        {t('link.takeAway')}
      </Button>
    </li>
  )
}
