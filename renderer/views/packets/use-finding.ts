import { useTranslation } from 'react-i18next'
import type { Flow } from '../../../shared/model/capture.ts'
import { useClient, useJob } from '../../client/hooks.ts'
import { useNotice } from '../../state/notice.ts'
import type { Range } from './detail/hex.ts'
import { useLastFind } from './last-find.ts'
import { flowFilter } from './filter/flow-filter.ts'

export interface Finding {
  /** What was looked for last; false where nothing was. */
  again(backwards: boolean): boolean
  inFlow(backwards: boolean): void
  mark(backwards: boolean): void
}

/** From the selected packet to the next one: of a search, of its flow, that is marked. */
export function useFinding(
  capture: string,
  view: number | null,
  packet: number | null,
  flow: Flow | null,
  onPacket: (packet: number, bytes?: Range) => void,
): Finding {
  const { t } = useTranslation('packets')
  const client = useClient()
  const say = useNotice((state) => state.say)
  const { run } = useJob('packets.find')
  const spec = useLastFind((state) => state.spec)
  const after = packet ?? 0
  return {
    again(backwards) {
      if (!spec) return false
      void run({ capture, view, ...spec, after, backwards }).then((result) => {
        if (!result.ok) return
        const { packet: hit, from, length } = result.value
        if (hit === null) say(t('list.findEnd'))
        else onPacket(hit, { from, length })
      })
      return true
    },
    inFlow(backwards) {
      const text = flow ? flowFilter(flow) : ''
      if (packet === null || text === '') return
      void run({ capture, view, what: 'filter', text, after, backwards }).then((result) => {
        if (!result.ok) return
        if (result.value.packet === null) say(t('list.flowEnd'))
        else onPacket(result.value.packet)
      })
    },
    mark(backwards) {
      void client.query('packets.nextMark', { capture, after, backwards }).then((next) => {
        if (!next.ok) return
        if (next.value.packet === null) say(t('list.noMark'))
        else onPacket(next.value.packet)
      })
    },
  }
}
