import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJob } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { Segmented } from '../../../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../../../components/States.tsx'
import { useFormat } from '../../../../i18n/use-format.ts'
import { rememberFind, useLastFind, type FindSpec } from '../../last-find.ts'
import type { ToolProps } from '../define.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { otherEnd, wantedOf } from './wanted.ts'

const WHAT = ['text', 'hex', 'regex', 'filter'] as const
const WHERE = ['line', 'bytes'] as const
const BEGUN: FindSpec = { what: 'text', where: 'line', text: '', caseSensitive: false }

/** The bar for finding a packet: Enter goes on, Shift+Enter back, and round the ends. */
export default function FindTool({ capture, view, packet, onPacket, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const last = useLastFind((state) => state.spec)
  const job = useJob('packets.find')
  const [spec, setSpec] = useState<FindSpec>(last ?? BEGUN)
  const [said, setSaid] = useState<'none' | 'bad' | 'round' | null>(null)
  const [began, setBegan] = useState(0)
  const change = (part: Partial<FindSpec>): void => {
    setSpec({ ...spec, ...part })
    setSaid(null)
    job.forget()
  }
  const run = async (backwards: boolean): Promise<void> => {
    const wanted = wantedOf(spec)
    if (!wanted) return setSaid('bad')
    rememberFind(spec)
    setSaid(null)
    setBegan(Date.now())
    const ask = (after: number) => job.run({ capture: capture.id, view, ...wanted, after, backwards })
    const here = packet ?? otherEnd(backwards, capture.packets)
    let found = await ask(here)
    const round = found.ok && found.value.packet === null && packet !== null
    if (round) found = await ask(otherEnd(backwards, capture.packets))
    if (!found.ok) return
    if (found.value.packet === null) return setSaid('none')
    if (round) setSaid('round')
    const { from, length } = found.value
    onPacket(found.value.packet, length > 0 ? { from, length } : undefined)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    void run(event.shiftKey)
  }
  const error = job.result && !job.result.ok && job.result.error.code !== 'cancelled' ? job.result.error : null
  const inBytes = spec.what === 'hex'
  return (
    <ToolFrame
      title={t('tool.find')}
      bar
      onClose={onClose}
      controls={
        <>
          <Segmented
            label={t('find.what')}
            value={spec.what}
            onChange={(what) => change({ what })}
            segments={WHAT.map((value) => ({ value, label: t(`find.kind.${value}`) }))}
          />
          <Segmented
            label={t('find.where')}
            value={inBytes ? 'bytes' : spec.where}
            disabled={inBytes || spec.what === 'filter'}
            onChange={(where) => change({ where })}
            segments={WHERE.map((value) => ({ value, label: t(`find.place.${value}`) }))}
          />
          <input
            data-autofocus=""
            className="wf-input wf-input-small mono grow"
            aria-label={t('find.input')}
            aria-invalid={said === 'bad'}
            placeholder={t(`find.placeholder.${spec.what}`)}
            value={spec.text}
            maxLength={4096}
            spellCheck={false}
            onChange={(event) => change({ text: event.target.value })}
            onKeyDown={pressed}
          />
          <Button
            small
            kind="quiet"
            className="mono"
            aria-pressed={spec.caseSensitive}
            aria-label={t('caseSensitive')}
            title={t('caseSensitive')}
            disabled={inBytes || spec.what === 'filter'}
            onClick={() => change({ caseSensitive: !spec.caseSensitive })}
          >
            {'Aa'}
          </Button>
          <Button small icon="up" disabled={spec.text === ''} onClick={() => void run(true)}>
            {t('previous')}
          </Button>
          <Button small icon="down" disabled={spec.text === ''} onClick={() => void run(false)}>
            {t('next')}
          </Button>
        </>
      }
    >
      {job.running ? (
        <Loading
          waiting
          since={began}
          onStop={job.cancel}
          {...(job.progress ? { done: job.progress.scanned, of: job.progress.of } : {})}
        />
      ) : null}
      {said === null ? null : (
        <p className={said === 'round' ? 'pt-note' : 'pt-note pt-late'} role="status">
          {t(`find.said.${said}`, { figure: format.number(capture.packets) })}
        </p>
      )}
      {error ? <ErrorState error={error} what={t('find.failed')} /> : null}
    </ToolFrame>
  )
}
