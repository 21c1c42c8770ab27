import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PacketPlace } from '../../../shared/model/capture.ts'
import { pathsToOpen } from '../../../shared/open-address.ts'
import { navigate, useRoute } from '../../app/route.ts'
import { useStream } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { Bench } from './Bench.tsx'
import { LocatePage } from './open/LocatePage.tsx'
import { OpenPage } from './open/OpenPage.tsx'
import { placeHash, placeOf, useKept, type Place } from './page-state.ts'
import './packets.css'
import './panels.css'

/** Captures, packet by packet. Without one: ways to open one; with an alert or event: the way to its packets. */
export default function PacketsView(): ReactNode {
  const route = useRoute()
  const { hash } = useKept()
  const place = useMemo(() => placeOf(route.params), [route])
  const { open } = route.params
  const named = useMemo(() => pathsToOpen(open), [open])
  const here = route.view === 'packets'
  const bare = here && Object.keys(route.params).length === 0
  useEffect(() => {
    if (bare && hash !== null) navigate(hash, true)
    else if (here && place.capture !== null) useKept.setState({ hash: placeHash(place) })
  }, [bare, here, hash, place])
  const [found, setFound] = useState<PacketPlace | null>(null)
  const arrived = useCallback(
    (where: PacketPlace) => {
      setFound(where)
      navigate(placeHash({ ...place, capture: where.capture, filter: where.filter, packet: where.packet }), true)
    },
    [place],
  )
  if (named.length > 0) return <OpenPage tool={null} named={named} packet={place.packet} />
  if (place.capture !== null) return <Opened key={place.capture} id={place.capture} place={place} found={found} />
  if (place.alert !== null || place.event !== null)
    return <LocatePage key={`${place.alert} ${place.event}`} alert={place.alert} event={place.event} onFound={arrived} />
  return <OpenPage tool={place.tool} named={named} />
}

/** The capture of the address, while the engine has it open. */
function Opened({
  id,
  place,
  found,
}: {
  readonly id: string
  readonly place: Place
  readonly found: PacketPlace | null
}): ReactNode {
  const { t } = useTranslation('packets')
  const { value, error } = useStream('captures.watch', { capture: id })
  const leave = (): void => {
    useKept.setState({ hash: null })
    navigate(placeHash({}))
  }
  if (value) return <Bench capture={value} place={place} found={found?.capture === id ? found : null} onLeave={leave} />
  if (error)
    return (
      <div className="pk-open">
        <ErrorState
          error={error}
          what={t('open.gone')}
          actions={
            <Button small onClick={leave}>
              {t('open.other')}
            </Button>
          }
        />
      </div>
    )
  return <Loading />
}
