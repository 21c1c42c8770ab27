import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Menu, type MenuItem } from '../../../components/Menu.tsx'
import { Popover } from '../../../components/Popover.tsx'
import { visibleText } from '../../../format/text.ts'
import { useSavedFilters } from '../settings.ts'

/** Filters kept by name: choose, keep this one, take one away. */
export function SavedFilters({
  current,
  valid,
  onApply,
}: {
  readonly current: string
  readonly valid: boolean
  onApply(filter: string): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<'no' | 'menu' | 'name' | 'remove'>('no')
  const [name, setName] = useState('')
  const [saved, change] = useSavedFilters()
  const close = (): void => setOpen('no')
  const keep = (): void => {
    const trimmed = name.trim()
    if (trimmed === '') return
    change([...saved.filter((one) => one.name !== trimmed), { name: trimmed, filter: current }].slice(-200))
    close()
  }
  const items: MenuItem[] =
    open === 'remove'
      ? saved.map((one) => ({
          id: one.name,
          label: t('filter.removeOne', { name: visibleText(one.name) }),
          run: () => change(saved.filter(({ name: other }) => other !== one.name)),
        }))
      : [
          ...saved.map((one) => ({
            id: `s:${one.name}`,
            label: visibleText(one.name),
            note: <code>{visibleText(one.filter.length > 60 ? `${one.filter.slice(0, 60)}…` : one.filter)}</code>,
            run: () => onApply(one.filter),
          })),
          {
            id: 'keep',
            label: t('filter.keep'),
            disabled: !valid,
            rule: saved.length > 0,
            run: () => {
              setName('')
              setOpen('name')
            },
          },
          ...(saved.length > 0 ? [{ id: 'remove', label: t('filter.remove'), run: () => setOpen('remove') }] : []),
        ]
  return (
    <>
      <Button
        ref={anchor}
        small
        kind="quiet"
        opens
        aria-haspopup="menu"
        aria-expanded={open !== 'no'}
        onClick={() => setOpen(open === 'no' ? 'menu' : 'no')}
      >
        {t('filter.saved')}
      </Button>
      {open === 'menu' || open === 'remove' ? (
        // `close` comes before an item's own action, which may open the next.
        <Menu key={open} anchor={anchor} label={t('filter.saved')} align="end" items={items} onClose={close} />
      ) : null}
      {open === 'name' ? (
        <Popover anchor={anchor} label={t('filter.keep')} align="end" onClose={close}>
          <form
            className="pk-name"
            onSubmit={(event) => {
              event.preventDefault()
              keep()
            }}
          >
            <Field label={t('filter.name')} note={visibleText(current)}>
              {(control) => (
                <input
                  {...control}
                  className="wf-input"
                  data-autofocus=""
                  maxLength={80}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Button kind="primary" type="submit" disabled={name.trim() === ''}>
              {t('common:save')}
            </Button>
          </form>
        </Popover>
      ) : null}
    </>
  )
}
