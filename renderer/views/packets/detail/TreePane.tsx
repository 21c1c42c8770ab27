import { useEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PacketDetail, TreeNode } from '../../../../shared/model/capture.ts'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useWindowed } from '../use-windowed.ts'
import { linesOf } from './tree-lines.ts'

const LINE = 18

/** The packet, field by field. */
export function TreePane({
  number,
  detail,
  loading,
  open,
  selected,
  onOpen,
  onSelect,
  onPacket,
  onMenu,
}: {
  readonly number: number | null
  readonly detail: PacketDetail | null
  readonly loading: boolean
  /** Names of the lines that stand open. */
  readonly open: ReadonlySet<string>
  /** Path of the selected line. */
  readonly selected: string | null
  onOpen(names: readonly string[], open: boolean): void
  onSelect(path: string, node: TreeNode): void
  onPacket(packet: number): void
  onMenu(node: TreeNode, element: HTMLElement): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const lines = useMemo(() => (detail ? linesOf(detail.tree, open) : []), [detail, open])
  const { scroller, first, end, page, onScroll, reveal } = useWindowed(lines.length, LINE)
  const at = lines.findIndex(({ path }) => path === selected)
  const revealed = useRef<string | null>(null)
  useEffect(() => {
    if (at >= 0 && revealed.current !== selected) {
      reveal(at)
      revealed.current = selected
    }
  }, [at, selected, reveal])
  const choose = (index: number): void => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))]
    if (line) onSelect(line.path, line.node)
  }
  const element = (index: number): HTMLElement | null => scroller.current?.querySelector(`[data-line="${index}"]`) ?? null
  const pressed = (event: KeyboardEvent): void => {
    const line = lines[at]
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -lines.length, End: lines.length }[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step !== undefined) choose(at < 0 ? 0 : at + step)
    else if (event.key === 'ArrowRight' && line) {
      if (line.open === false) onOpen([line.name], true)
      else if (line.open) choose(at + 1)
    } else if (event.key === 'ArrowLeft' && line) {
      if (line.open) onOpen([line.name], false)
      else choose(lines.findLastIndex((one, index) => index < at && one.level < line.level))
    } else if ((event.key === 'Enter' || event.key === ' ') && line) {
      if (line.node.packet !== null) onPacket(line.node.packet)
      else if (line.open !== null) onOpen([line.name], !line.open)
    } else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey) || event.key === 'm') && line) {
      const own = element(at)
      if (own) onMenu(line.node, own)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const lineOf = (event: MouseEvent): number =>
    Number((event.target as Element).closest<HTMLElement>('[data-line]')?.dataset['line'] ?? -1)
  const chosen = lines[at]?.node
  return (
    <Pane label={t('tree.label')} className="pk-tree" onEnter={() => scroller.current?.focus()}>
      <PaneHead title={number === null ? t('tree.none') : t('tree.title', { number: format.number(number) })} level={2}>
        {detail?.by === 'own' ? (
          <span className="pk-own" title={t(`tree.note.${detail.note === '' ? 'unavailable' : detail.note}`)}>
            {t('tree.own')}
          </span>
        ) : null}
        {chosen ? (
          <span className="ellipsis">
            <code>{visibleText(chosen.field)}</code>
            {chosen.length > 0
              ? ` ${t('tree.bytes', { count: chosen.length, figure: format.number(chosen.length), at: `0x${chosen.from.toString(16).padStart(4, '0')}` })}`
              : ''}
          </span>
        ) : loading ? (
          <span>{t('tree.loading')}</span>
        ) : null}
      </PaneHead>
      <div
        ref={scroller}
        className="pk-lines"
        role="tree"
        tabIndex={0}
        data-keys="own"
        aria-label={t('tree.label')}
        aria-activedescendant={at >= first && at < end && at >= 0 ? `pk-line-${at}` : undefined}
        onScroll={onScroll}
        onKeyDown={pressed}
        onClick={(event) => {
          const index = lineOf(event)
          const line = lines[index]
          if (!line) return
          const target = event.target as Element
          if (target.closest('.pk-twist') && line.open !== null) onOpen([line.name], !line.open)
          else if (target.closest('.pk-goto') && line.node.packet !== null) onPacket(line.node.packet)
          else choose(index)
        }}
        onDoubleClick={(event) => {
          const line = lines[lineOf(event)]
          if (line && line.open !== null && !(event.target as Element).closest('.pk-twist')) onOpen([line.name], !line.open)
        }}
        onContextMenu={(event) => {
          const index = lineOf(event)
          const line = lines[index]
          if (!line) return
          event.preventDefault()
          choose(index)
          onMenu(line.node, (event.target as Element).closest('[data-line]') as HTMLElement)
        }}
      >
        {lines.length === 0 ? (
          <span role="treeitem" aria-selected={false} className="sr">
            {t('tree.none')}
          </span>
        ) : null}
        <div role="presentation" className="pk-tall" style={{ height: lines.length * LINE }}>
          {lines.slice(first, end).map((line, index) => {
            const place = first + index
            return (
              <div
                key={line.path}
                id={`pk-line-${place}`}
                data-line={place}
                role="treeitem"
                aria-level={line.level}
                aria-posinset={line.place}
                aria-setsize={line.beside}
                aria-expanded={line.open ?? undefined}
                aria-selected={place === at}
                className={`pk-line ${place === at ? 'pk-on' : ''} ${line.node.length === 0 && line.level > 1 ? 'pk-made' : ''}`}
                style={{ top: place * LINE, paddingLeft: 8 + Math.min(line.level - 1, 40) * 14 }}
              >
                <i className="pk-twist" aria-hidden="true">
                  {line.open === null ? '' : line.open ? '▾' : '▸'}
                </i>
                <span className={line.node.packet === null ? 'ellipsis' : 'ellipsis pk-goto'}>
                  {visibleText(line.node.label)}
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </Pane>
  )
}
