import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EventRow } from '../../../shared/model/event.ts'
import { termFor } from '../../../shared/query/print.ts'
import { Menu, type MenuItem } from '../../components/Menu.tsx'
import { visibleText } from '../../format/text.ts'
import { SUMMARY, type Column, type ColumnChange } from './columns.ts'
import type { Pivot } from './pivot.ts'
import type { Search } from './search.ts'

/** Something open at an element: the menu of a value or of a column, statistics of a field. */
export interface Opened {
  readonly kind: 'value' | 'head' | 'stats'
  readonly field: string
  readonly value: string
  readonly row: EventRow | null
  readonly anchor: { readonly current: HTMLElement }
}

export interface EventMenuProps {
  readonly opened: Opened
  readonly search: Search
  readonly columns: readonly Column[]
  onGo(search: Search): void
  onOpen(row: EventRow): void
  onOpened(opened: Opened | null): void
  onPivot(how: Pivot): void
  onCopy(text: string, what: string): void
  onColumn(change: ColumnChange): void
}

/** The menu of a value, or of a column; nothing where something else is open. */
export function EventMenu(props: EventMenuProps): ReactNode {
  const {
    opened,
    search,
    columns,
    onGo: go,
    onOpen: open,
    onOpened: setOpened,
    onPivot: pivot,
    onCopy: copy,
    onColumn: changeColumn,
  } = props
  const { t } = useTranslation('events')
  if (opened.kind === 'stats') return null
  const value = opened.kind === 'value'
  return (
    <Menu
      anchor={opened.anchor}
      label={t(value ? 'pivot.menu' : 'columns.menu', { field: visibleText(opened.field) })}
      items={value ? valueItems(opened) : headItems(opened)}
      onClose={() => setOpened(null)}
    />
  )

  function valueItems({ field, value, row, anchor }: Opened): MenuItem[] {
    const shown = visibleText(value.length > 60 ? `${value.slice(0, 60)}…` : value)
    const term = termFor(field, value)
    return [
      {
        id: 'filter',
        label: (
          <>
            {t('pivot.filter')}{' '}
            <code className="ev-term">
              {visibleText(field)}: {shown}
            </code>
          </>
        ),
        keys: '+',
        run: () => pivot({ kind: 'filter', field, value }),
      },
      { id: 'exclude', label: t('pivot.exclude'), keys: '-', run: () => pivot({ kind: 'exclude', field, value }) },
      { id: 'only', label: t('pivot.only'), run: () => pivot({ kind: 'only', field, value }) },
      { id: 'copy', label: t('pivot.copy'), keys: 'c', rule: true, run: () => copy(value, field) },
      { id: 'term', label: t('pivot.copyTerm'), run: () => copy(term, t('pivot.term')) },
      {
        id: 'stats',
        label: t('pivot.stats'),
        keys: 's',
        rule: true,
        run: () => setOpened({ kind: 'stats', field, value: '', row, anchor }),
      },
      {
        id: 'column',
        label: t(columns.some((column) => column.field === field) ? 'columns.remove' : 'columns.add'),
        run: () => changeColumn({ kind: 'toggle', field }),
      },
      ...(row && row.id !== search.event ? [{ id: 'open', label: t('pivot.open'), keys: 'Enter', run: () => open(row) }] : []),
    ]
  }

  function headItems({ field, anchor }: Opened): MenuItem[] {
    const at = columns.findIndex((column) => column.field === field)
    return [
      ...(field === SUMMARY
        ? []
        : [
            {
              id: 'stats',
              label: t('pivot.stats'),
              run: () => setOpened({ kind: 'stats', field, value: '', row: null, anchor }),
            },
          ]),
      ...(field === SUMMARY
        ? []
        : [
            { id: 'exists', label: t('pivot.exists'), run: () => pivot({ kind: 'exists', field }) },
            { id: 'missing', label: t('pivot.missing'), run: () => pivot({ kind: 'missing', field }) },
          ]),
      ...(field === 'time'
        ? [
            {
              id: 'order',
              label: t(`order.to.${search.order === 'newest' ? 'oldest' : 'newest'}`),
              run: () => go({ ...search, order: search.order === 'newest' ? 'oldest' : 'newest' }),
            },
          ]
        : []),
      {
        id: 'left',
        label: t('columns.left'),
        rule: true,
        disabled: at <= 0,
        run: () => changeColumn({ kind: 'move', field, step: -1 }),
      },
      {
        id: 'right',
        label: t('columns.right'),
        disabled: at === columns.length - 1,
        run: () => changeColumn({ kind: 'move', field, step: 1 }),
      },
      {
        id: 'remove',
        label: t('columns.remove'),
        disabled: columns.length === 1,
        run: () => changeColumn({ kind: 'toggle', field }),
      },
      { id: 'reset', label: t('columns.reset'), rule: true, run: () => changeColumn({ kind: 'reset' }) },
    ]
  }
}
