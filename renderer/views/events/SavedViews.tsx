import { useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import type { SavedView } from '../../../shared/contract.ts'
import { IsoTime } from '../../../shared/model/time.ts'
import { useClient, useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Menu, type MenuItem } from '../../components/Menu.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { visibleText } from '../../format/text.ts'
import { useNotice } from '../../state/notice.ts'
import { columnsOf, type Column } from './columns.ts'
import type { Search } from './search.ts'

const Stored = z.object({
  where: z.string().max(8192),
  range: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('last'), seconds: z.number().int().positive() }),
    z.object({ kind: z.literal('between'), from: IsoTime.nullable(), to: IsoTime.nullable() }),
  ]),
  order: z.enum(['newest', 'oldest']),
})

/** What a saved view of this page holds. */
export const storedView = (search: Search, columns: readonly Column[]): SavedView['value'] => ({
  where: search.where,
  range: { ...search.range },
  order: search.order,
  columns: columns.map((column) => ({ ...column })),
})

/** The inverse; null where it is not one of this page. */
export function viewOfStored(value: SavedView['value']): { readonly search: Search; readonly columns: readonly Column[] } | null {
  const parsed = Stored.safeParse(value)
  return parsed.success ? { search: { ...parsed.data, event: null }, columns: columnsOf(value['columns']) } : null
}

/** Saved searches of this page: open, save, remove. */
export function SavedViews({
  search,
  columns,
  onOpen,
}: {
  readonly search: Search
  readonly columns: readonly Column[]
  onOpen(search: Search, columns: readonly Column[]): void
}): ReactNode {
  const { t } = useTranslation('events')
  const { t: common } = useTranslation()
  const client = useClient()
  const say = useNotice((state) => state.say)
  const views = useQuery('views.list', { page: 'events' })
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<'no' | 'menu' | 'save' | 'manage'>('no')
  const list = views.value?.views ?? []
  const remove = async (view: SavedView): Promise<void> => {
    const done = await client.command('views.remove', { id: view.id })
    say(done.ok ? t('saved.removed', { name: view.name }) : t('saved.notRemoved'), done.ok ? 'info' : 'fault')
    views.refresh()
  }
  const save = async (name: string): Promise<void> => {
    const same = list.find((view) => view.name === name)
    const done = await client.command('views.save', {
      id: same?.id ?? crypto.randomUUID(),
      page: 'events',
      name,
      value: storedView(search, columns),
    })
    say(done.ok ? t('saved.done', { name }) : t('saved.failed'), done.ok ? 'info' : 'fault')
    if (done.ok) setOpen('no')
    views.refresh()
  }
  const items: MenuItem[] = [
    ...list.map((view): MenuItem => ({
      id: view.id,
      label: visibleText(view.name),
      run: () => {
        const found = viewOfStored(view.value)
        if (found) onOpen(found.search, found.columns)
        else say(t('saved.unreadable', { name: view.name }), 'fault')
      },
    })),
    { id: '+', label: t('saved.save'), rule: list.length > 0, run: () => setOpen('save') },
    ...(list.length > 0 ? [{ id: '-', label: t('saved.manage'), run: () => setOpen('manage') }] : []),
  ]
  return (
    <>
      <Button
        ref={anchor}
        small
        kind="quiet"
        icon="save"
        opens
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onClick={() => setOpen(open === 'menu' ? 'no' : 'menu')}
      >
        {t('saved.title')}
      </Button>
      {open === 'menu' ? (
        <Menu anchor={anchor} label={t('saved.title')} align="end" items={items} onClose={() => setOpen('no')} />
      ) : null}
      {open === 'save' ? (
        <SaveDialog taken={list.map(({ name }) => name)} onSave={(name) => void save(name)} onClose={() => setOpen('no')} />
      ) : null}
      {open === 'manage' ? (
        <Dialog
          title={t('saved.manage')}
          onClose={() => setOpen('no')}
          footer={<Button onClick={() => setOpen('no')}>{common('close')}</Button>}
        >
          <ul className="ev-saved">
            {list.map((view) => (
              <li key={view.id}>
                <span className="ellipsis">{visibleText(view.name)}</span>
                <code className="ellipsis dim">{visibleText(String(view.value['where'] ?? '') || '*')}</code>
                <Button
                  small
                  onClick={() => void remove(view)}
                  aria-label={t('saved.removeOne', { name: visibleText(view.name) })}
                >
                  {t('saved.remove')}
                </Button>
              </li>
            ))}
            {list.length === 0 ? <li className="dim">{t('saved.none')}</li> : null}
          </ul>
        </Dialog>
      ) : null}
    </>
  )
}

function SaveDialog({
  taken,
  onSave,
  onClose,
}: {
  readonly taken: readonly string[]
  onSave(name: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const { t: common } = useTranslation()
  const [name, setName] = useState('')
  const trimmed = name.trim()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (trimmed !== '') onSave(trimmed)
  }
  return (
    <Dialog
      title={t('saved.save')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit" form="ev-save" disabled={trimmed === ''}>
            {t(taken.includes(trimmed) ? 'saved.replace' : 'saved.saveAs')}
          </Button>
        </>
      }
    >
      <form id="ev-save" onSubmit={submit}>
        <label className="wf-field">
          <span>{t('saved.name')}</span>
          <input
            className="wf-input"
            data-autofocus=""
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
          <span className="wf-field-note">{taken.includes(trimmed) ? t('saved.exists') : t('saved.what')}</span>
        </label>
      </form>
    </Dialog>
  )
}
