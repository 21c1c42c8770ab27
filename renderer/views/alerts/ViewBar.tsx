import { useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { Menu } from '../../components/Menu.tsx'
import { Popover } from '../../components/Popover.tsx'
import { Tabs } from '../../components/Tabs.tsx'
import { TimeRangePicker } from '../../components/TimeRangePicker.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { GROUPINGS } from './groups.ts'
import { hasOtherStates, ORDERS, type QueueTab, type QueueView } from './queue-view.ts'

/** Tabs, what filters the queue, its order and its range: 40 px above the rows. */
export function ViewBar({
  tabs,
  tab,
  view,
  counts,
  controls,
  orderOpen,
  changed,
  onTab,
  onView,
  onFilter,
  onOrderOpen,
  onSave,
  onRemove,
}: {
  readonly tabs: readonly QueueTab[]
  readonly tab: QueueTab
  readonly view: QueueView
  readonly counts: readonly number[] | null
  /** Id of the pane that the tabs switch. */
  readonly controls: string
  readonly orderOpen: boolean
  /** The view differs from its tab and can be saved. */
  readonly changed: boolean
  onTab(id: string): void
  onView(change: Partial<QueueView>): void
  onFilter(): void
  onOrderOpen(open: boolean): void
  onSave(name: string): void
  onRemove(): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const orderButton = useRef<HTMLButtonElement>(null)
  const groupButton = useRef<HTMLButtonElement>(null)
  const saveButton = useRef<HTMLButtonElement>(null)
  const [grouping, setGrouping] = useState(false)
  const [saving, setSaving] = useState(false)
  return (
    <div className="wf-viewbar">
      <Tabs
        label={t('tabs.label')}
        controls={controls}
        selected={hasOtherStates(tab, view) ? null : tab.id}
        onSelect={onTab}
        tabs={tabs.map(({ id, name }, index) => {
          const count = counts?.[index]
          return {
            id,
            label: name === null ? t(`tabs.${id}`) : visibleText(name),
            count: count === undefined ? undefined : format.number(count),
          }
        })}
      />
      <Button
        ref={saveButton}
        small
        kind="quiet"
        iconOnly
        icon="plus"
        aria-label={t('save.open')}
        title={t('save.open')}
        aria-haspopup="dialog"
        aria-expanded={saving}
        onClick={() => setSaving(true)}
      />
      <span className="wf-vsep" />
      {hasOtherStates(tab, view) ? (
        <span className="wf-chip al-chip">
          <span className="ellipsis">
            {t('filter.states', { states: format.list(view.states.map((state) => t(`state.${state}`))) })}
          </span>
          <button type="button" aria-label={t('filter.clearStates')} onClick={() => onView({ states: tab.view.states })}>
            <Icon name="close" size={12} />
          </button>
        </span>
      ) : null}
      {view.where.trim() === '' ? null : (
        <span className="wf-chip al-chip">
          <code className="ellipsis" title={view.where}>
            {visibleText(view.where)}
          </code>
          <button type="button" aria-label={t('filter.clear')} onClick={() => onView({ where: '' })}>
            <Icon name="close" size={12} />
          </button>
        </span>
      )}
      <Button small kind="quiet" keys="/" onClick={onFilter}>
        {t('filter.open')}
      </Button>
      <span className="grow" />
      <Button
        ref={groupButton}
        small
        kind="quiet"
        opens
        aria-haspopup="menu"
        aria-expanded={grouping}
        onClick={() => setGrouping(!grouping)}
      >
        {t('group.label')} <span className="al-chosen">{t(`group.${view.group}`)}</span>
      </Button>
      <Button
        ref={orderButton}
        small
        kind="quiet"
        opens
        aria-haspopup="menu"
        aria-expanded={orderOpen}
        onClick={() => onOrderOpen(!orderOpen)}
      >
        {t('order.label')} <span className="al-chosen">{t(`order.${view.order}`)}</span>
      </Button>
      <TimeRangePicker value={view.range} onChange={(range) => onView({ range })} />
      {orderOpen ? (
        <Menu
          anchor={orderButton}
          align="end"
          label={t('order.menu')}
          onClose={() => onOrderOpen(false)}
          items={ORDERS.map((order, index) => ({
            id: order,
            label: t(`order.${order}`),
            keys: String(index + 1),
            checked: order === view.order,
            run: () => onView({ order }),
          }))}
        />
      ) : null}
      {grouping ? (
        <Menu
          anchor={groupButton}
          align="end"
          label={t('group.title')}
          onClose={() => setGrouping(false)}
          items={GROUPINGS.map((group, index) => ({
            id: group,
            label: t(`group.${group}`),
            keys: String(index + 1),
            checked: group === view.group,
            run: () => onView({ group }),
          }))}
        />
      ) : null}
      {saving ? (
        <Popover anchor={saveButton} label={t('save.title')} onClose={() => setSaving(false)}>
          <SaveForm
            removable={tab.name !== null}
            name={tab.name !== null && changed ? tab.name : ''}
            onSave={(name) => {
              setSaving(false)
              onSave(name)
            }}
            onRemove={() => {
              setSaving(false)
              onRemove()
            }}
          />
        </Popover>
      ) : null}
    </div>
  )
}

function SaveForm({
  name: given,
  removable,
  onSave,
  onRemove,
}: {
  readonly name: string
  readonly removable: boolean
  onSave(name: string): void
  onRemove(): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const [name, setName] = useState(given)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim()) onSave(name.trim())
  }
  return (
    <form className="al-save" onSubmit={submit}>
      <label className="wf-field">
        <span>{t('save.name')}</span>
        <input
          className="wf-input"
          data-autofocus=""
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <span className="wf-field-note">{t('save.note')}</span>
      </label>
      <div className="al-save-buttons">
        {removable ? (
          <Button small kind="quiet" onClick={onRemove}>
            {t('save.remove')}
          </Button>
        ) : null}
        <span className="grow" />
        <Button small kind="primary" type="submit" disabled={name.trim() === ''}>
          {t('save.do')}
        </Button>
      </div>
    </form>
  )
}
