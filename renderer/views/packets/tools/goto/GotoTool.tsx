import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { ToolProps } from '../define.ts'
import { isoSeconds } from '../shared/capture-time.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { placeOf } from './place.ts'

/** The bar for going to a packet by its number or its time. */
export default function GotoTool({ capture, onPacket, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const client = useClient()
  const [text, setText] = useState('')
  const [said, setSaid] = useState<'bad' | 'beyond' | 'after' | 'failed' | null>(null)
  const go = async (): Promise<void> => {
    const place = placeOf(text, isoSeconds(capture.first))
    if (place.kind === 'none') return setSaid('bad')
    if (place.kind === 'packet') {
      if (place.packet > capture.packets) return setSaid('beyond')
      onPacket(place.packet)
      onClose()
      return
    }
    const found = await client.query('packets.at', { capture: capture.id, seconds: place.seconds })
    if (!found.ok) return setSaid('failed')
    if (found.value.packet === null) return setSaid('after')
    onPacket(found.value.packet)
    onClose()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    void go()
  }
  return (
    <ToolFrame
      title={t('tool.goto')}
      bar
      onClose={onClose}
      controls={
        <>
          <input
            data-autofocus=""
            className="wf-input wf-input-small mono pt-short"
            aria-label={t('goto.input')}
            aria-invalid={said !== null}
            placeholder={t('goto.placeholder')}
            value={text}
            maxLength={64}
            spellCheck={false}
            onChange={(event) => {
              setText(event.target.value)
              setSaid(null)
            }}
            onKeyDown={pressed}
          />
          <Button small icon="arrow" disabled={text.trim() === ''} onClick={() => void go()}>
            {t('goto.run')}
          </Button>
          <span className={said === null ? 'pt-facts' : 'pt-facts pt-late'} role="status">
            {said === null ? t('goto.note') : t(`goto.said.${said}`, { figure: format.number(capture.packets) })}
          </span>
          <span className="grow" />
        </>
      }
    />
  )
}
