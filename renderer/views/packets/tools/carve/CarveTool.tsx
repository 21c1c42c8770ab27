import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useJob } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { ErrorState, Loading } from '../../../../components/States.tsx'
import type { WatchfloorError } from '../../../../../shared/model/result.ts'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { ToolProps } from '../define.ts'
import { isoSeconds, momentOf } from '../shared/capture-time.ts'
import { TypedField } from '../shared/TypedField.tsx'
import { Saved } from '../shared/Saved.tsx'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { MOST_SELECTED } from '../../list/selection.ts'
import { MARKED_LIMIT, markedPackets } from './marked.ts'

/** Characters of a time, generously. */
const TIME = 40
const WHAT = ['filter', 'flow', 'marked', 'packet', 'all'] as const
type What = (typeof WHAT)[number]
type Marked = { readonly packets: readonly number[]; readonly more: boolean }

/** Writes some of the packets to a new capture that says where they came from. */
export default function CarveTool({ capture, filter, packet, selected, flow, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const client = useClient()
  const job = useJob('packets.carve')
  const [marked, setMarked] = useState<Marked | null>(null)
  const [what, setWhat] = useState<What>(
    selected.count > 1 ? 'packet' : filter !== '' ? 'filter' : flow !== null ? 'flow' : 'all',
  )
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [path, setPath] = useState('')
  const [began, setBegan] = useState(0)
  /** Why the selected packets could not be told. */
  const [refused, setRefused] = useState<WatchfloorError | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    void markedPackets(client, capture.id, controller.signal).then((found) => {
      if (!controller.signal.aborted && found.ok) setMarked(found.value)
    })
    return () => controller.abort()
  }, [client, capture.id])

  const possible: Readonly<Record<What, boolean>> = {
    filter: filter !== '',
    flow: flow !== null,
    marked: (marked?.packets.length ?? 0) > 0,
    packet: selected.count > 0 && selected.count <= MOST_SELECTED,
    all: true,
  }
  const chosen = possible[what] ? what : 'all'
  const first = isoSeconds(capture.first)
  const moment = (text: string): number | null | undefined => (text.trim() === '' ? null : (momentOf(text, first) ?? undefined))
  const [start, end] = [moment(from), moment(to)]
  const backwards = typeof start === 'number' && typeof end === 'number' && start >= end
  const ready = start !== undefined && end !== undefined && !backwards
  const run = async (): Promise<void> => {
    if (start === undefined || end === undefined) return
    setBegan(Date.now())
    const rows = chosen === 'packet' ? await selected.packets() : null
    setRefused(rows && !rows.ok ? rows.error : null)
    if (rows && !rows.ok) return
    void job.run({
      capture: capture.id,
      filter: chosen === 'filter' ? filter : '',
      flow: chosen === 'flow' ? flow : null,
      packets: chosen === 'marked' ? [...(marked?.packets ?? [])] : rows ? [...rows.value] : null,
      span: { from: start, to: end },
      path: path.trim() || null,
    })
  }
  const note = (one: What): ReactNode => {
    switch (one) {
      case 'filter':
        return filter === '' ? t('carve.noFilter') : <code>{visibleText(filter)}</code>
      case 'flow':
        return flow === null ? t('noFlow') : t('carve.flowNote')
      case 'marked':
        return marked === null
          ? ''
          : marked.more
            ? t('carve.markedCut', { figure: format.number(MARKED_LIMIT) })
            : t('carve.marked', { count: marked.packets.length, figure: format.number(marked.packets.length) })
      case 'packet':
        if (selected.count > MOST_SELECTED) return t('carve.tooMany', { figure: format.number(MOST_SELECTED) })
        if (selected.count > 1) return t('carve.selected', { figure: format.number(selected.count) })
        return packet === null ? t('carve.noPacket') : t('carve.packetNote', { figure: format.number(packet) })
      case 'all':
        return t('carve.allNote', { figure: format.number(capture.packets) })
    }
  }
  const { result } = job
  return (
    <ToolFrame title={t('tool.carve')} facts={t('carve.about')} onClose={onClose}>
      <form
        className="pt-form pt-carve"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !job.running) void run()
        }}
      >
        <fieldset className="pt-choices">
          <legend>{t('carve.what')}</legend>
          {WHAT.map((one) => (
            <label key={one} className="wf-check" data-off={possible[one] ? undefined : ''}>
              <input
                type="radio"
                name="carve"
                data-autofocus={one === chosen ? '' : undefined}
                checked={one === chosen}
                disabled={!possible[one]}
                onChange={() => {
                  setWhat(one)
                  job.forget()
                }}
              />
              <span>{t(one === 'packet' && selected.count > 1 ? 'carve.kind.packets' : `carve.kind.${one}`)}</span>
              <em>{note(one)}</em>
            </label>
          ))}
        </fieldset>
        <div className="pt-carve-where">
          <div className="pt-row2">
            <TypedField
              label={t('carve.from')}
              note={t('carve.timeNote')}
              problem={start === undefined ? t('badTime') : null}
              value={from}
              longest={TIME}
              onChange={setFrom}
            />
            <TypedField
              label={t('carve.to')}
              note={t('carve.toNote')}
              problem={end === undefined ? t('badTime') : backwards ? t('backwards') : null}
              value={to}
              longest={TIME}
              onChange={setTo}
            />
          </div>
          <TypedField label={t('saved.file')} note={t('carve.fileNote')} value={path} onChange={setPath} />
          <div className="pt-actions">
            <Button kind="primary" type="submit" disabled={!ready || job.running}>
              {t('carve.run')}
            </Button>
            {job.running && job.progress ? (
              <span className="pt-note" role="status">
                {t('carve.written', { count: job.progress.written, figure: format.number(job.progress.written) })}
              </span>
            ) : null}
          </div>
        </div>
        {job.running ? (
          <Loading
            waiting
            since={began}
            onStop={job.cancel}
            {...(job.progress ? { done: job.progress.scanned, of: job.progress.of } : {})}
          />
        ) : null}
        {refused ? <ErrorState error={refused} what={t('carve.failed')} /> : null}
        {result && !result.ok ? <ErrorState error={result.error} what={t('carve.failed')} /> : null}
        {result?.ok ? (
          <Saved
            what={t('carve.done', {
              count: result.value.packets,
              figure: format.number(result.value.packets),
              bytes: format.bytes(result.value.bytes),
            })}
            path={result.value.path}
            sha256={result.value.sha256}
          />
        ) : null}
      </form>
    </ToolFrame>
  )
}
