import type { ReactNode } from 'react'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'

export interface RankedItem {
  readonly id: string
  readonly name: string
  readonly before?: ReactNode
  readonly mono?: boolean
  readonly count: number
  readonly href: string
}

/** What occurs most, longest bar first; each row is the list behind it. */
export function Ranking({
  title,
  unit,
  items,
  empty,
}: {
  readonly title: string
  readonly unit: string
  readonly items: readonly RankedItem[]
  readonly empty: string
}): ReactNode {
  const format = useFormat()
  const most = Math.max(1, ...items.map(({ count }) => count))
  return (
    <Pane label={title} className="ov-ranking">
      <PaneHead title={title}>{unit}</PaneHead>
      {items.length === 0 ? (
        <p className="ov-quiet">{empty}</p>
      ) : (
        <ul tabIndex={-1}>
          {items.map((item) => (
            <li key={item.id}>
              <a href={item.href}>
                <i aria-hidden="true" style={{ width: `${(item.count / most) * 100}%` }} />
                {item.before}
                <span className={item.mono ? 'ellipsis mono' : 'ellipsis'} title={visibleText(item.name)}>
                  {visibleText(item.name)}
                </span>
                <b>{format.number(item.count)}</b>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Pane>
  )
}
