import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Flow, PacketRow, TreeNode } from '../../../shared/model/capture.ts'
import { Menu, type MenuItem } from '../../components/Menu.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import type { Joining } from './filter/filter-pieces.ts'
import { cellFilter } from './list/cell-filter.ts'
import { changeColumns, COLUMN_IDS, FIELD_PREFIX, STEP_WIDTH, type Column, type ColumnChange } from './list/columns.ts'
import { TIME_FORMATS } from './list/times.ts'
import { useColumnSetting, useTimeFormat } from './settings.ts'
import { flowFilter } from './filter/flow-filter.ts'

interface Opened {
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly anchor: { readonly current: HTMLElement }
}
export interface MenuActions {
  /** How many rows are selected. */
  readonly selected: number
  join(how: Joining, filter: string): void
  copy(text: string, what: string): void
  follow(): void
  carve(flow: number | null): void
  mark(): void
  comment(): void
  refer(): void
}
export interface Menus {
  /** The menu that is open. */
  readonly element: ReactNode
  ofField(node: TreeNode, element: HTMLElement): void
  ofRow(row: PacketRow, column: string, element: HTMLElement): void
  ofHead(column: Column['id'], element: HTMLElement): void
}

/** What can be done with a field, a row, a column. */
export function useMenus(flow: Flow | null, actions: MenuActions): Menus {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const [opened, setOpened] = useState<Opened | null>(null)
  const [columns, setColumns] = useColumnSetting()
  const [timeFormat, setTimeFormat] = useTimeFormat()
  const change = (how: ColumnChange): void => setColumns(changeColumns(columns, how))
  const open = (label: string, element: HTMLElement, items: readonly (MenuItem | null)[]): void =>
    setOpened({ label, anchor: { current: element }, items: items.filter((item) => item !== null) })
  const filters = (filter: string): MenuItem[] =>
    filter === ''
      ? []
      : (['only', 'not', 'and', 'andNot', 'or'] as const).map((how) => ({
          id: how,
          label: t(`menu.filter.${how}`),
          ...(how === 'only' ? { note: <code>{visibleText(shortened(filter))}</code> } : {}),
          run: () => actions.join(how, filter),
        }))
  const follow: MenuItem = { id: 'follow', label: t('menu.follow'), rule: true, run: actions.follow }

  const ofField = (node: TreeNode, element: HTMLElement): void => {
    const { field, filter, label } = node
    const add = (): void => change({ kind: 'add', id: `${FIELD_PREFIX}${field}` })
    open(t('menu.field', { field: visibleText(field === '' ? label : field) }), element, [
      ...filters(filter),
      field === '' ? null : { id: 'column', label: t('menu.column'), rule: filter !== '', run: add },
      { id: 'copy', label: t('menu.copyLine'), run: () => actions.copy(label, t('menu.line')) },
      field === '' ? null : { id: 'copyField', label: t('menu.copyField'), run: () => actions.copy(field, field) },
      follow,
      { id: 'carve', label: t('menu.carve'), run: () => actions.carve(flow?.flow ?? null) },
    ])
  }
  const ofRow = (row: PacketRow, column: string, element: HTMLElement): void => {
    const filter = cellFilter(row, column)
    const ofFlow = flow && flow.flow === row.flow ? flowFilter(flow) : ''
    const many = actions.selected > 1 ? { note: t('menu.selected', { figure: format.number(actions.selected) }) } : {}
    const line = [row.number, row.source, row.destination, row.protocol, row.info].join('\t')
    open(t('menu.packet', { number: format.number(row.number) }), element, [
      ...filters(filter),
      { id: 'mark', label: t(row.marked ? 'menu.unmark' : 'menu.mark'), ...many, rule: filter !== '', run: actions.mark },
      { id: 'comment', label: t('menu.comment'), run: actions.comment },
      { id: 'reference', label: t('menu.reference'), run: actions.refer },
      { id: 'copy', label: t('menu.copyLine'), run: () => actions.copy(line, t('menu.line')) },
      { ...follow, disabled: row.flow === null },
      { id: 'onlyFlow', label: t('menu.onlyFlow'), disabled: ofFlow === '', run: () => actions.join('only', ofFlow) },
      actions.selected > 1
        ? { id: 'carve', label: t('menu.carveRows'), ...many, run: () => actions.carve(row.flow) }
        : { id: 'carve', label: t('menu.carve'), run: () => actions.carve(row.flow) },
    ])
  }
  const ofHead = (id: Column['id'], element: HTMLElement): void => {
    const width = columns.find((one) => one.id === id)?.width ?? 0
    const resize = (by: number): void => change({ kind: 'width', id, width: width + by })
    const times = TIME_FORMATS.map((one) => ({
      id: `t-${one}`,
      label: t(`time.${one}`),
      checked: one === timeFormat,
      run: () => setTimeFormat(one),
    }))
    const missing = COLUMN_IDS.filter((one) => !columns.some((column) => column.id === one))
    open(t('menu.columns'), element, [
      ...(id === 'time' ? times : []),
      { id: 'left', label: t('menu.left'), rule: id === 'time', run: () => change({ kind: 'move', id, by: -1 }) },
      { id: 'right', label: t('menu.right'), run: () => change({ kind: 'move', id, by: 1 }) },
      id === 'info' ? null : { id: 'wider', label: t('menu.wider'), run: () => resize(STEP_WIDTH) },
      id === 'info' ? null : { id: 'narrower', label: t('menu.narrower'), run: () => resize(-STEP_WIDTH) },
      { id: 'remove', label: t('menu.remove'), run: () => change({ kind: 'remove', id }) },
      ...missing.map((one, index) => ({
        id: `a-${one}`,
        label: t('menu.add', { column: t(`column.${one}`) }),
        rule: index === 0,
        run: () => change({ kind: 'add', id: one }),
      })),
      { id: 'reset', label: t('menu.reset'), rule: true, run: () => change({ kind: 'reset' }) },
    ])
  }
  const element = opened ? (
    <Menu anchor={opened.anchor} label={opened.label} items={opened.items} onClose={() => setOpened(null)} />
  ) : null
  return { element, ofField, ofRow, ofHead }
}

const shortened = (filter: string): string => (filter.length > 48 ? `${filter.slice(0, 48)}…` : filter)
