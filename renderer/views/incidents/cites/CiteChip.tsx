import { type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Cite } from '../../../../shared/model/impact.ts'
import { navigate } from '../../../app/route.ts'
import { useCommand } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'
import { useNotice } from '../../../state/notice.ts'
import { useEditor } from '../editor/editor-context.ts'
import { incidentWay, citeWay, packetWay } from '../ways.ts'
import { citeKey, citeLabel } from './cite-text.ts'

/** Digits of an event's id that are shown, as in the alert's panel. */
const SHORT = 7

/** What a statement rests on; opens it. */
export function CiteChip({ cite }: { readonly cite: Cite }): ReactNode {
  const { t } = useTranslation('incidents')
  const { cited } = useEditor()
  const found = cited.get(citeKey(cite))
  const whole = visibleText(citeLabel(cite))
  // Ids of events are long, and differ at their ends; the whole one is in the title.
  const label = cite.kind === 'event' && cite.event.length > SHORT ? `E ${cite.event.slice(-SHORT)}` : whole
  const gone = found?.known === false
  const title = gone ? t('cite.gone') : found ? visibleText(`${found.label}\n${found.detail}`) : whole
  const way = citeWay(cite)
  const name = gone ? 'in-chip in-chip-gone' : 'in-chip'
  if (way !== null)
    return (
      <a className={name} href={way} title={title} data-chip="">
        {label}
      </a>
    )
  return cite.kind === 'packet' ? <PacketChip cite={cite} name={name} title={title} label={label} /> : null
}

function PacketChip({
  cite,
  name,
  title,
  label,
}: {
  readonly cite: Extract<Cite, { kind: 'packet' }>
  readonly name: string
  readonly title: string
  readonly label: string
}): ReactNode {
  const { t } = useTranslation('incidents')
  const say = useNotice((state) => state.say)
  const open = useCommand('captures.open')
  return (
    <button
      type="button"
      className={name}
      title={title}
      data-chip=""
      disabled={open.running}
      onClick={(event) => {
        event.stopPropagation()
        void open.run({ paths: [cite.capture] }).then((opened) => {
          if (opened.ok) navigate(packetWay(opened.value.id, cite.packet))
          else say(t('cite.notOpened'), 'fault')
        })
      }}
    >
      {label}
    </button>
  )
}

/** An item of evidence. */
export function EvidenceChip({ id }: { readonly id: string }): ReactNode {
  const { number, parts } = useEditor()
  const item = parts.evidence.find((one) => one.id === id)
  return (
    <a
      className={item ? 'in-chip' : 'in-chip in-chip-gone'}
      href={incidentWay(number, 'evidence')}
      title={visibleText(item?.name ?? id)}
      data-chip=""
    >
      {id}
    </a>
  )
}
