/** The columns of the conversations, and the orders that the engine knows. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { ConversationRow } from '../../../../../shared/packet-contract.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { fineSeconds, isoSeconds, shortSeconds } from '../shared/capture-time.ts'
import type { ToolColumn } from '../shared/ToolGrid.tsx'

/** Pixels of the longest IPv6 address. */
const ADDRESS = 340

export type Conversation = z.infer<typeof ConversationRow>
export const ORDERS = ['first', 'packets', 'bytes', 'duration', 'client', 'server', 'app'] as const
export type Order = (typeof ORDERS)[number]
export const isOrder = (column: string): column is Order => (ORDERS as readonly string[]).includes(column)
/** Orders that begin with the largest. */
export const FIGURES: ReadonlySet<string> = new Set(['packets', 'bytes', 'duration'])

const port = (value: number | null): string => (value === null ? '' : String(value))

/** Columns for the room there is: each direction's bytes, then its packets and the round trip. */
export type Room = 'narrow' | 'usual' | 'wide'

/** `begun` is the capture's first second. */
export function useConversationColumns(begun: number | null, room: Room): readonly ToolColumn<Conversation>[] {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  return useMemo(() => {
    const wide = room === 'wide'
    const usual = room !== 'narrow'
    const figure = (id: string, width: number, text: (row: Conversation) => string, sorts = false): ToolColumn<Conversation> => ({
      id,
      head: t(`conversations.column.${id}`),
      width,
      right: true,
      sorts,
      text,
    })
    const columns: (ToolColumn<Conversation> | null)[] = [
    { id: 'stream', head: t('conversations.column.stream'), width: 64, right: true, text: (row) => (row.stream === null ? '' : format.number(row.stream)) },
    { id: 'transport', head: t('conversations.column.transport'), width: 56, text: (row) => row.transport.toUpperCase() },
    { id: 'client', head: t('conversations.column.client'), flex: 2, minWidth: 128, maxWidth: ADDRESS, mono: true, sorts: true, text: (row) => row.client.ip },
    figure('clientPort', 56, (row) => port(row.client.port)),
    { id: 'server', head: t('conversations.column.server'), flex: 2, minWidth: 128, maxWidth: ADDRESS, mono: true, sorts: true, text: (row) => row.server.ip },
    figure('serverPort', 56, (row) => port(row.server.port)),
    { id: 'app', head: t('conversations.column.app'), width: 80, sorts: true, text: (row) => row.app },
    figure('packets', 76, (row) => format.number(row.client.packets + row.server.packets), true),
    figure('bytes', 76, (row) => format.bytes(row.client.bytes + row.server.bytes), true),
    wide ? figure('sentPackets', 84, (row) => format.number(row.client.packets)) : null,
    usual ? figure('sent', 84, (row) => format.bytes(row.client.bytes)) : null,
    wide ? figure('receivedPackets', 84, (row) => format.number(row.server.packets)) : null,
    usual ? figure('received', 84, (row) => format.bytes(row.server.bytes)) : null,
    figure('first', 96, (row) => { const at = isoSeconds(row.first); return at === null || begun === null ? '–' : fineSeconds(at - begun) }, true),
    figure('duration', 88, (row) => shortSeconds(row.duration), true),
    wide ? figure('roundTrip', 92, (row) => (row.roundTrip === null ? '' : `${(row.roundTrip * 1000).toFixed(1)} ms`)) : null,
    { id: 'state', head: t('conversations.column.state'), width: 92, text: (row) => t(`state.${row.state}`) },
  ] // prettier-ignore
    return columns.filter((column) => column !== null)
  }, [t, format, begun, room])
}
