import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../../components/States.tsx'
import type { ToolProps } from '../define.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { FollowPanel } from './FollowPanel.tsx'

/** Follows the flow of the selected packet, until another flow is selected or another stream is gone to. */
export default function FollowTool({ capture, flow, onPacket, onFilter, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const [state, setState] = useState({ selected: flow, followed: flow })
  // Another flow was selected in the list; a packet without a flow changes nothing.
  if (flow !== null && flow !== state.selected) setState({ selected: flow, followed: flow })
  if (state.followed === null)
    return (
      <ToolFrame title={t('tool.follow')} onClose={onClose}>
        <EmptyState>{t('noFlow')}</EmptyState>
      </ToolFrame>
    )
  return (
    <FollowPanel
      capture={capture.id}
      flow={state.followed}
      onFlow={(followed) => setState((before) => ({ ...before, followed }))}
      onPacket={onPacket}
      onFilter={onFilter}
      onClose={onClose}
    />
  )
}
