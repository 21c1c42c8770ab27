import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { Icon } from '../../../../components/Icon.tsx'
import { EmptyState, ErrorState, Loading } from '../../../../components/States.tsx'
import { formatShare } from '../../../../format/number.ts'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { ToolProps } from '../define.ts'
import { protocolFilter } from '../../filter/flow-filter.ts'
import { LimitToFilter } from '../shared/LimitToFilter.tsx'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { useInsideKeys } from '../shared/use-inside-keys.ts'
import { paneHasFocus } from '../shared/waits-for-focus.ts'
import { hasBelow, parentOf, seenLines } from './tree.ts'

const share = (part: number, of: number): number => (of > 0 ? Math.min(1, part / of) : 0)

/** Which protocols stand in which, how many packets and bytes each has, and its share. */
export default function HierarchyTool({ capture, view, filter, onFilter, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const table = useRef<HTMLTableElement>(null)
  const [limited, setLimited] = useState(true)
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set())
  const [current, setCurrent] = useState(0)
  const of = limited ? view : null
  const [shown, setShown] = useState(of)
  if (shown !== of) {
    setShown(of)
    setClosed(new Set())
    setCurrent(0)
  }
  const { value, error, loading, refresh } = useQuery('packets.hierarchy', { capture: capture.id, view: of })
  const ready = capture.state === 'ready'
  const was = useRef(ready)
  useEffect(() => {
    if (ready && !was.current) refresh()
    was.current = ready
  }, [ready, refresh])
  const lines = value?.protocols
  const seen = useMemo(() => seenLines(lines ?? [], closed), [lines, closed])
  const go = (index: number): true => {
    setCurrent(index)
    const row = table.current?.querySelector<HTMLElement>(`[data-line="${index}"]`)
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
    return true
  }
  const there = seen.length > 0
  useEffect(() => {
    // The table is there: it takes the focus that the pane has kept for it.
    if (there && paneHasFocus(table.current)) table.current?.querySelector<HTMLElement>('[data-line]')?.focus()
  }, [there])
  const step = (by: number): unknown => {
    const at = Math.max(0, seen.indexOf(current))
    const next = seen[Math.max(0, Math.min(seen.length - 1, at + by))]
    return next === undefined ? false : go(next)
  }
  const toggle = (index: number, close: boolean): void =>
    setClosed((before) => {
      const after = new Set(before)
      if (close) after.add(index)
      else after.delete(index)
      return after
    })
  const apply = (index: number): unknown => {
    const text = protocolFilter(lines?.[index]?.name ?? '')
    return text === '' ? false : onFilter(text)
  }
  useInsideKeys(table, [
    { keys: ['ArrowDown', 'j'], run: () => step(1) },
    { keys: ['ArrowUp', 'k'], run: () => step(-1) },
    { keys: ['Home'], run: () => step(-seen.length) },
    { keys: ['End'], run: () => step(seen.length) },
    {
      keys: ['ArrowRight'],
      run: () => {
        if (!lines || !hasBelow(lines, current)) return true
        if (closed.has(current)) toggle(current, false)
        else go(current + 1)
        return true
      },
    },
    {
      keys: ['ArrowLeft'],
      run: () => {
        if (!lines) return true
        if (hasBelow(lines, current) && !closed.has(current)) toggle(current, true)
        else if (parentOf(lines, current) >= 0) go(parentOf(lines, current))
        return true
      },
    },
    { keys: ['Enter', 'f'], run: () => apply(current) },
  ])
  const name = lines?.[current]?.name ?? ''
  return (
    <ToolFrame
      title={t('tool.hierarchy')}
      facts={
        value
          ? t('hierarchy.sum', { count: value.packets, figure: format.number(value.packets), bytes: format.bytes(value.bytes) })
          : null
      }
      controls={<LimitToFilter view={view} filter={filter} limited={limited} onChange={setLimited} />}
      onClose={onClose}
    >
      <div className="pt-fill">
        {error ? <ErrorState error={error} what={t('hierarchy.failed')} onRetry={refresh} /> : null}
        <Loading waiting={loading} />
        {value && value.protocols.length === 0 ? (
          <EmptyState>{t(of === null ? 'hierarchy.empty' : 'emptyFilter')}</EmptyState>
        ) : null}
        <div className="pt-scroll">
          {lines && value && lines.length > 0 ? (
            <table ref={table} className="pt-tree" role="treegrid" aria-label={t('tool.hierarchy')}>
              <thead>
                <tr>
                  <th scope="col">{t('hierarchy.column.protocol')}</th>
                  <th scope="col" className="num">
                    {t('hierarchy.column.packets')}
                  </th>
                  <th scope="col" colSpan={2}>
                    {t('hierarchy.column.packetShare')}
                  </th>
                  <th scope="col" className="num">
                    {t('hierarchy.column.bytes')}
                  </th>
                  <th scope="col" colSpan={2}>
                    {t('hierarchy.column.byteShare')}
                  </th>
                  <th scope="col" className="num">
                    {t('hierarchy.column.ends')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {seen.map((index) => {
                  const line = lines[index]
                  if (!line) return null
                  const below = hasBelow(lines, index)
                  const open = below && !closed.has(index)
                  const packets = share(line.packets, value.packets)
                  const bytes = share(line.bytes, value.bytes)
                  return (
                    <tr
                      key={index}
                      role="row"
                      data-line={index}
                      tabIndex={index === current ? 0 : -1}
                      aria-level={line.depth + 1}
                      aria-expanded={below ? open : undefined}
                      aria-selected={index === current}
                      onFocus={() => setCurrent(index)}
                      onDoubleClick={() => apply(index)}
                    >
                      <td role="gridcell" style={{ paddingLeft: 8 + Math.min(line.depth, 24) * 16 }}>
                        <span className="pt-name">
                          {below ? (
                            <button
                              type="button"
                              tabIndex={-1}
                              className={open ? 'pt-fold open' : 'pt-fold'}
                              aria-label={t(open ? 'hierarchy.fold' : 'hierarchy.unfold', { name: visibleText(line.title) })}
                              onClick={() => toggle(index, open)}
                            >
                              <Icon name="right" size={12} />
                            </button>
                          ) : (
                            <i className="pt-fold" />
                          )}
                          <span className="ellipsis">{visibleText(line.title)}</span>
                          <code>{visibleText(line.name)}</code>
                        </span>
                      </td>
                      <td role="gridcell" className="num">
                        {format.number(line.packets)}
                      </td>
                      <td role="gridcell" className="num pt-share">
                        {formatShare(packets)}
                      </td>
                      <td role="gridcell" className="pt-barcell">
                        <i className="pt-part" style={{ width: `${packets * 100}%` }} />
                      </td>
                      <td role="gridcell" className="num">
                        {format.bytes(line.bytes)}
                      </td>
                      <td role="gridcell" className="num pt-share">
                        {formatShare(bytes)}
                      </td>
                      <td role="gridcell" className="pt-barcell">
                        <i className="pt-part" style={{ width: `${bytes * 100}%` }} />
                      </td>
                      <td role="gridcell" className="num">
                        {format.number(line.ends)}
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          ) : null}
        </div>
        <div className="pt-foot">
          <Button small keys="f" disabled={protocolFilter(name) === ''} onClick={() => apply(current)}>
            {t('hierarchy.filter', { name: visibleText(name) })}
          </Button>
        </div>
      </div>
    </ToolFrame>
  )
}
