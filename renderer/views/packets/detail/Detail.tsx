import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TreeNode } from '../../../../shared/model/capture.ts'
import { Splitter } from '../Splitter.tsx'
import { useLayout } from '../settings.ts'
import { dumpOf, type Range } from './hex.ts'
import { HexPane } from './HexPane.tsx'
import { changeStanding, fieldAt, namesAlong, nodeAt, samePath, standingOpen, type Standing } from './tree-lines.ts'
import { TreePane } from './TreePane.tsx'
import { useDetail } from './use-detail.ts'

const NO_TREE: readonly TreeNode[] = []

/** Fields and bytes of the packet, each showing the other. What is selected and open stays so in the next packet. */
export function Detail({
  capture,
  packet,
  turn,
  matched,
  onPacket,
  onMenu,
  onCopy,
}: {
  readonly capture: string
  readonly packet: number | null
  /** Another text when the same packet may be dissected differently. */
  readonly turn: string
  /** Bytes of packets that an alert or a search matched. */
  readonly matched: readonly (Range & { readonly packet: number })[]
  onPacket(packet: number): void
  onMenu(node: TreeNode, element: HTMLElement): void
  onCopy(text: string, what: string): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const [layout, setLayout] = useLayout()
  const { number, sources, detail, loading } = useDetail(capture, packet, turn)
  const [stands, setStands] = useState<Standing>({ open: new Set(), closed: new Set() })
  const [field, setField] = useState<{ names: readonly string[]; source: number; byte: number | null }>({
    names: [],
    source: 0,
    byte: null,
  })
  const tree = detail?.tree ?? NO_TREE
  const open = useMemo(() => standingOpen(tree, stands), [tree, stands])
  const path = useMemo(() => samePath(tree, field.names), [tree, field.names])
  const node = path === null ? null : nodeAt(tree, path)
  const source = Math.min(field.source, Math.max(0, sources.length - 1))
  const select = (to: string, byte: number | null = null): void => {
    const chosen = nodeAt(tree, to)
    if (!chosen) return
    const names = namesAlong(tree, to)
    const above = names.slice(0, -1)
    setField({ names, source: chosen.length > 0 ? chosen.source : source, byte })
    if (above.some((name) => !open.has(name))) setStands(changeStanding(stands, above, true))
  }
  const byteChosen = (at: number): void => {
    const to = fieldAt(tree, source, at)
    if (to === null) setField({ names: [], source, byte: at })
    else select(to, at)
  }
  const marks = useMemo(() => matched.filter((one) => one.packet === number), [matched, number])
  const columns = `minmax(120px, ${100 - layout.tree}fr) 5px minmax(120px, ${layout.tree}fr)`
  return (
    <div className="pk-lower" style={{ gridTemplateColumns: columns }}>
      <TreePane
        number={number}
        detail={detail}
        loading={loading}
        open={open}
        selected={path}
        onOpen={(names, now) => setStands(changeStanding(stands, names, now))}
        onSelect={(to) => select(to)}
        onPacket={onPacket}
        onMenu={onMenu}
      />
      <Splitter
        label={t('split.tree')}
        upright
        value={layout.tree}
        least={20}
        most={80}
        onChange={(share) => setLayout({ ...layout, tree: share })}
      />
      <HexPane
        sources={sources}
        source={source}
        field={node && node.length > 0 && node.source === source ? { from: node.from, length: node.length } : null}
        matched={marks}
        cursor={field.byte}
        fieldName={node?.field ?? ''}
        onSource={(to) => setField({ names: field.names, source: to, byte: null })}
        onByte={byteChosen}
        onCopy={(bytes) => onCopy(dumpOf(bytes), t('bytes.title'))}
      />
    </div>
  )
}
