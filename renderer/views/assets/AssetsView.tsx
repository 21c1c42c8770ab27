import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ASSET_ORDERS, type AssetRow, type AssetSearch } from '../../../shared/asset-contract.ts'
import { useCommands } from '../../app/commands.ts'
import { formatRoute, navigate, useRoute } from '../../app/route.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useCommand, useQuery, useStream } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { currentIndex, focusRow, moveCurrent, type GridApi } from '../../components/Grid.tsx'
import { Pane } from '../../components/Pane.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useKeys } from '../../keys/use-keys.tsx'
import { useNotice } from '../../state/notice.ts'
import { ASSET_KEYS } from './asset-keys.ts'
import { AssetDialog } from './AssetDialog.tsx'
import { AssetGrid } from './AssetGrid.tsx'
import { AssetPanel, TABS, type AssetTab } from './AssetPanel.tsx'
import { CustomersDialog } from './CustomersDialog.tsx'
import { ImportAssets } from './ImportAssets.tsx'
import './assets.css'

const PAGE = 500
const WHICH = ['all', 'registered', 'observed'] as const
const NONE: readonly AssetRow[] = []

export default function AssetsView(): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const { rest: chosen, params } = useRoute()
  const say = useNotice((state) => state.say)
  const search = useMemo(
    (): AssetSearch => ({
      text: params['text'] ?? '',
      customer: params['customer'] ?? null,
      which: WHICH.find((one) => one === params['which']) ?? 'all',
      order: ASSET_ORDERS.find((one) => one === params['order']) ?? 'name',
      limit: PAGE,
      after: params['after'] ?? null,
    }),
    [params],
  )
  const tab: AssetTab = TABS.find((one) => one === params['tab']) ?? 'services'
  const dialog = params['dialog'] ?? ''
  const list = useQuery('assets.list', search)
  const customerList = useQuery('customers.list', {})
  const edited = useQuery('assets.get', dialog === 'edit' || dialog === 'remove' ? { id: chosen } : null)
  const watched = useStream('assets.watch', {})
  const revision = watched.value?.revision ?? 0
  const refresh = useRef<() => void>(() => undefined)
  useEffect(() => {
    refresh.current = () => {
      list.refresh()
      customerList.refresh()
    }
  })
  useEffect(() => refresh.current(), [revision])
  const api = useRef<GridApi<AssetRow> | null>(null)
  const filter = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(search.text)
  // A link from elsewhere brings a filter of its own; what is being typed is in the address already.
  const [linked, setLinked] = useState(search.text)
  if (linked !== search.text) {
    setLinked(search.text)
    setTyped(search.text)
  }
  const rows = list.value?.rows ?? NONE
  const total = list.value?.total ?? 0
  const customers = customerList.value?.customers ?? []

  const go = (id: string, more: Record<string, string | null> = {}): void => {
    const next: Record<string, string | null | undefined> = { ...params, dialog: null, ...more }
    navigate(formatRoute('assets', next, id), true)
  }
  const set = (more: Record<string, string | null>): void => go(chosen, { after: null, ...more })
  const current = (): string => {
    const index = api.current ? currentIndex(api.current) : -1
    return (index < 0 ? undefined : api.current?.getDisplayedRowAtIndex(index)?.data?.asset.id) ?? chosen
  }
  const close = (): void => {
    go('', { tab: null })
    const index = api.current ? currentIndex(api.current) : -1
    if (api.current && index >= 0) focusRow(api.current, index)
  }
  const withCurrent = (run: (id: string) => void) => () => {
    const id = current()
    if (id === '') return false
    run(id)
    return true
  }
  const keys: Record<string, (() => boolean | void) | undefined> = {
    filter: () => {
      filter.current?.focus()
      filter.current?.select()
    },
    add: () => go(chosen, { dialog: 'add' }),
    import: () => go(chosen, { dialog: 'import' }),
    customers: () => go(chosen, { dialog: 'customers' }),
    close: chosen === '' ? undefined : close,
  }
  if (rows.length > 0) {
    keys['down'] = () => void (api.current && moveCurrent(api.current, 1))
    keys['up'] = () => void (api.current && moveCurrent(api.current, -1))
    keys['open'] = withCurrent((id) => go(id))
    keys['edit'] = withCurrent((id) => go(id, { dialog: 'edit' }))
    keys['remove'] = withCurrent((id) => go(id, { dialog: 'remove' }))
  }
  if (chosen !== '') for (const [at, one] of TABS.entries()) keys[`tab${at + 1}`] = () => go(chosen, { tab: one })
  useKeys('assets', ASSET_KEYS, keys)
  useCommands(
    'assets',
    useMemo(
      () =>
        (['add', 'import', 'customers'] as const).map((name) => ({
          id: `assets.${name}`,
          label: t(name === 'add' ? 'add' : name === 'import' ? 'import.title' : 'customer.title'),
          place: t('title'),
          run: () => navigate(formatRoute('assets', { dialog: name })),
        })),
      [t],
    ),
  )
  const filtered = search.text !== '' || search.customer !== null || search.which !== 'all'
  const from = search.after === null ? 0 : Number(search.after)
  const editing = dialog === 'edit' && edited.value?.asset.id === chosen ? edited.value.asset : null
  const removing = dialog === 'remove' && edited.value?.asset.id === chosen ? edited.value.asset : null
  return (
    <div className="as">
      <div className="wf-viewbar">
        <input
          ref={filter}
          className="wf-input as-filter"
          type="search"
          aria-label={t('filter')}
          placeholder={t('filter')}
          spellCheck={false}
          maxLength={512}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            set({ text: event.target.value })
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'ArrowDown') return
            event.preventDefault()
            if (api.current) focusRow(api.current, Math.max(0, currentIndex(api.current)))
          }}
        />
        <Segmented
          label={t('which.title')}
          value={search.which}
          onChange={(which) => set({ which: which === 'all' ? null : which })}
          segments={WHICH.map((value) => ({ value, label: t(`which.${value}`) }))}
        />
        <select
          className="wf-input as-select"
          aria-label={t('column.customer')}
          value={search.customer ?? ''}
          onChange={(event) => set({ customer: event.target.value || null })}
        >
          <option value="">{t('anyCustomer')}</option>
          {customers.map(({ id, name }) => (
            <option key={id} value={id}>
              {visibleText(name)}
            </option>
          ))}
        </select>
        <select
          className="wf-input as-select"
          aria-label={t('order.title')}
          value={search.order}
          onChange={(event) => set({ order: event.target.value === 'name' ? null : event.target.value })}
        >
          {ASSET_ORDERS.map((one) => (
            <option key={one} value={one}>
              {t(`order.${one}`)}
            </option>
          ))}
        </select>
        <div className="grow" />
        <Button small keys="c" onClick={() => go(chosen, { dialog: 'customers' })}>
          {t('customer.title')}
        </Button>
        <Button small icon="download" keys="i" onClick={() => go(chosen, { dialog: 'import' })}>
          {t('importShort')}
        </Button>
        <Button small kind="primary" icon="plus" keys="n" onClick={() => go(chosen, { dialog: 'add' })}>
          {t('add')}
        </Button>
      </div>
      {list.error ? <ErrorState error={list.error} what={t('failed')} {...(list.value ? { works: t('kept') } : {})} /> : null}
      <div className="as-body">
        <Pane
          label={t('grid')}
          className="as-list"
          onEnter={() => api.current && focusRow(api.current, Math.max(0, currentIndex(api.current)))}
        >
          <Loading waiting={list.loading && !list.value} />
          {list.value && rows.length === 0 ? (
            <EmptyState
              actions={
                filtered ? (
                  <Button
                    onClick={() => {
                      setTyped('')
                      set({ text: null, customer: null, which: null })
                    }}
                  >
                    {t('clear')}
                  </Button>
                ) : (
                  <>
                    <Button kind="primary" onClick={() => go('', { dialog: 'import' })}>
                      {t('import.title')}
                    </Button>
                    <Button onClick={() => go('', { dialog: 'add' })}>{t('add')}</Button>
                  </>
                )
              }
            >
              {t(filtered ? 'nothingFits' : 'empty')}
            </EmptyState>
          ) : null}
          {rows.length > 0 ? (
            <AssetGrid
              rows={rows}
              narrow={chosen !== ''}
              chosen={chosen === '' ? null : chosen}
              onReady={(ready) => (api.current = ready)}
              onCurrent={(id) => (chosen !== '' && chosen !== id ? go(id) : undefined)}
              onOpen={(id) => go(id)}
            />
          ) : null}
          {total > PAGE ? (
            <div className="as-pager">
              <Button
                small
                disabled={from === 0}
                onClick={() => go(chosen, { after: from <= PAGE ? null : String(from - PAGE) })}
              >
                {t('before')}
              </Button>
              <span>
                {t('page', { from: format.number(from + 1), to: format.number(from + rows.length), total: format.number(total) })}
              </span>
              <Button small disabled={!list.value?.after} onClick={() => go(chosen, { after: list.value?.after ?? null })}>
                {t('after')}
              </Button>
            </div>
          ) : null}
        </Pane>
        {chosen === '' ? null : (
          <AssetPanel
            key={chosen}
            id={chosen}
            tab={tab}
            revision={revision}
            onTab={(one) => go(chosen, { tab: one })}
            onEdit={() => go(chosen, { dialog: 'edit' })}
            onRemove={() => go(chosen, { dialog: 'remove' })}
            onClose={close}
          />
        )}
      </div>
      {list.value ? (
        <StatusItems>
          <span>{t('count', { count: total, figure: format.number(total) })}</span>
          {watched.value && watched.value.waiting > 0 ? (
            <span>{t('waiting', { figure: format.number(watched.value.waiting) })}</span>
          ) : null}
        </StatusItems>
      ) : null}
      {dialog === 'add' || editing ? (
        <AssetDialog
          key={editing?.id ?? ''}
          asset={editing}
          customers={customers}
          onClose={() => go(chosen)}
          onDone={(asset) => {
            say(t('said.saved', { name: visibleText(asset.name) }))
            go(asset.id)
          }}
        />
      ) : null}
      {dialog === 'customers' ? <CustomersDialog customers={customers} onClose={() => go(chosen)} /> : null}
      {dialog === 'import' ? <ImportAssets customers={customers} onClose={() => go(chosen)} /> : null}
      {removing ? (
        <RemoveDialog
          id={removing.id}
          name={removing.name}
          onClose={() => go(chosen)}
          onDone={() => {
            say(t('said.removed', { name: visibleText(removing.name) }))
            go('')
          }}
        />
      ) : null}
    </div>
  )
}

function RemoveDialog({
  id,
  name,
  onDone,
  onClose,
}: {
  readonly id: string
  readonly name: string
  onDone(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('assets')
  const remove = useCommand('assets.remove')
  return (
    <Dialog
      title={t('removing.title', { name: visibleText(name) })}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus="" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            kind="primary"
            disabled={remove.running}
            onClick={() => void remove.run({ ids: [id] }).then((result) => result.ok && onDone())}
          >
            {t('removing.now')}
          </Button>
        </>
      }
    >
      <p>{t('removing.text')}</p>
      {remove.error ? <ErrorState error={remove.error} what={t('removing.failed')} /> : null}
    </Dialog>
  )
}
