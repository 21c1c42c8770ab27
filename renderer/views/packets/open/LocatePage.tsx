import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PacketPlace } from '../../../../shared/model/capture.ts'
import { navigate } from '../../../app/route.ts'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { placeHash } from '../page-state.ts'
import { OpenDialog } from './OpenDialog.tsx'
import { useOpenCapture } from './open-capture.ts'

const WINDOWS = [120, 3600, 86_400] as const

/** From an alert or an event to its packets: at once where there is one certain place, else the places to choose from, or why there is none. */
export function LocatePage({
  alert,
  event,
  onFound,
}: {
  readonly alert: string | null
  readonly event: string | null
  onFound(place: PacketPlace): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const [window, setWindow] = useState<number>(WINDOWS[0])
  const [choosing, setChoosing] = useState(false)
  const { open, error: notOpened } = useOpenCapture()
  const found = useQuery('packets.locate', { alert, event, window })
  const places = found.loading ? [] : (found.value?.places ?? [])
  const [only] = places
  const certain = places.length === 1 && only !== undefined && (only.by === 'community_id' || only.by === 'tuple')
  useEffect(() => {
    if (certain && only) onFound(only)
  }, [certain, only, onFound])
  const from = alert === null ? `E ${event ?? ''}` : `A-${alert}`
  const wider = WINDOWS.find((one) => one > window)
  const back = alert === null ? `#/events?event=${event ?? ''}&all=1` : `#/alerts?id=${alert}`
  const actions = (
    <>
      {wider ? <Button onClick={() => setWindow(wider)}>{t('locate.wider', { age: format.length(wider) })}</Button> : null}
      <Button icon="folder" onClick={() => setChoosing(true)}>
        {t('open.choose')}
      </Button>
      <Button onClick={() => navigate(placeHash({ tool: 'library' }))}>{t('open.library')}</Button>
      <a className="wf-btn" href={back}>
        {t('locate.back', { from })}
      </a>
    </>
  )
  return (
    <Pane label={t('locate.label')} className="pk-open">
      <Loading waiting={found.loading || certain} />
      {found.error ? <ErrorState error={found.error} what={t('locate.failed', { from })} onRetry={found.refresh} /> : null}
      {notOpened ? <ErrorState error={notOpened} what={t('open.failed')} /> : null}
      {!found.loading && found.value && places.length === 0 ? (
        <EmptyState actions={actions}>
          {t(`locate.note.${found.value.note === '' ? 'not_found' : found.value.note}`, { from, age: format.length(window) })}
        </EmptyState>
      ) : null}
      {places.length > 0 && !certain ? (
        <div className="pk-open-inner">
          <h2>{t('locate.several', { from, count: places.length })}</h2>
          <ul className="pk-captures">
            {places.map((place) => (
              <li key={`${place.capture} ${place.packet} ${place.path}`}>
                <button type="button" onClick={() => onFound(place)}>
                  <span className="ellipsis">{visibleText(place.path)}</span>
                  <em>{t('locate.packet', { number: format.number(place.packet) })}</em>
                  <em>{t(`locate.by.${place.by}`)}</em>
                  <em>{t('locate.apart', { seconds: place.apart.toFixed(3), window: place.window })}</em>
                  {place.translated ? <em>{t('locate.translated')}</em> : null}
                </button>
              </li>
            ))}
          </ul>
          <div className="pk-open-actions">{actions}</div>
        </div>
      ) : null}
      {choosing ? <OpenDialog onOpen={open} onClose={() => setChoosing(false)} /> : null}
    </Pane>
  )
}

/** What led here, beside the capture's name: how certain it is, how far the clocks are apart. */
export function FoundNote({
  place,
  alert,
  event,
}: {
  readonly place: PacketPlace
  readonly alert: string | null
  readonly event: string | null
}): ReactNode {
  const { t } = useTranslation('packets')
  return (
    <span className="pk-found" title={t('locate.apart', { seconds: place.apart.toFixed(3), window: place.window })}>
      {alert !== null ? (
        <a className="link" href={`#/alerts?id=${alert}`}>{`A-${alert}`}</a>
      ) : (
        <a className="link" href={`#/events?event=${event ?? ''}&all=1`}>{`E ${event ?? ''}`}</a>
      )}{' '}
      {t(`locate.by.${place.by}`)}
      {place.translated ? ` · ${t('locate.translated')}` : ''}
    </span>
  )
}
