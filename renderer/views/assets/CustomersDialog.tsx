import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OutputOf } from '../../client/types.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { EmptyState, ErrorState } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'

type Listed = OutputOf<'customers.list'>['customers'][number]
type Contact = Listed['contacts'][number]

/** Customers with their contacts: added, changed, removed. */
export function CustomersDialog({ customers, onClose }: { readonly customers: readonly Listed[]; onClose(): void }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  /** Null shows the list; `new` a form without a customer. */
  const [open, setOpen] = useState<Listed | 'new' | null>(null)
  const remove = useCommand('customers.remove')
  return (
    <Dialog
      title={t('customer.title')}
      wide
      onClose={onClose}
      footer={
        open === null ? (
          <>
            <Button onClick={onClose}>{t('common:close')}</Button>
            <Button kind="primary" data-autofocus="" onClick={() => setOpen('new')}>
              {t('customer.add')}
            </Button>
          </>
        ) : null
      }
    >
      {open === null ? (
        <>
          {remove.error ? <ErrorState error={remove.error} what={t('customer.notRemoved')} /> : null}
          {customers.length === 0 ? (
            <EmptyState>{t('customer.none')}</EmptyState>
          ) : (
            <ul className="as-customers">
              {customers.map((customer) => (
                <li key={customer.id}>
                  <b>{visibleText(customer.name)}</b>
                  <span className="dim">
                    {t('customer.assets', { count: customer.assets, figure: format.number(customer.assets) })}
                  </span>
                  <span className="ellipsis">
                    {customer.contacts.map(({ name, email }) => visibleText(`${name} <${email}>`)).join(', ')}
                  </span>
                  <Button
                    small
                    aria-label={t('customer.editNamed', { name: visibleText(customer.name) })}
                    onClick={() => setOpen(customer)}
                  >
                    {t('edit')}
                  </Button>
                  <Button
                    small
                    kind="quiet"
                    disabled={customer.assets > 0 || remove.running}
                    title={customer.assets > 0 ? t('customer.hasAssets') : undefined}
                    aria-label={t('customer.removeNamed', { name: visibleText(customer.name) })}
                    onClick={() => void remove.run({ id: customer.id })}
                  >
                    {t('remove')}
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </>
      ) : (
        <CustomerForm customer={open === 'new' ? null : open} onDone={() => setOpen(null)} />
      )}
    </Dialog>
  )
}

function CustomerForm({ customer, onDone }: { readonly customer: Listed | null; onDone(): void }): ReactNode {
  const { t } = useTranslation('assets')
  const save = useCommand('customers.save')
  const [name, setName] = useState(customer?.name ?? '')
  const [note, setNote] = useState(customer?.note ?? '')
  const [contacts, setContacts] = useState<readonly Contact[]>(customer?.contacts ?? [])
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '') return
    const kept = contacts.filter((contact) => contact.name.trim() !== '' || contact.email.trim() !== '')
    void save
      .run({ id: customer?.id ?? null, name: name.trim(), note, contacts: [...kept] })
      .then((result) => result.ok && onDone())
  }
  const change = (at: number, more: Partial<Contact>): void =>
    setContacts(contacts.map((contact, i) => (i === at ? { ...contact, ...more } : contact)))
  return (
    <form className="as-form" onSubmit={submit}>
      {save.error ? <ErrorState error={save.error} what={t('form.failed')} /> : null}
      <Field label={t('customer.name')} problem={tried && name.trim() === '' ? t('form.nameMissing') : null}>
        {(control) => (
          <input
            {...control}
            className="wf-input"
            data-autofocus=""
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {contacts.map((contact, at) => (
        <div key={at} className="as-contact">
          <Field label={t('customer.contactName')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                maxLength={200}
                value={contact.name}
                onChange={(event) => change(at, { name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('customer.email')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                type="email"
                maxLength={320}
                value={contact.email}
                onChange={(event) => change(at, { email: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('customer.language')}>
            {(control) => (
              <select
                {...control}
                className="wf-input"
                value={contact.language}
                onChange={(event) => change(at, { language: event.target.value === 'ko' ? 'ko' : 'en' })}
              >
                <option value="en">{t('customer.en')}</option>
                <option value="ko">{t('customer.ko')}</option>
              </select>
            )}
          </Field>
          <Button
            kind="quiet"
            iconOnly
            icon="close"
            aria-label={t('customer.dropContact', { name: visibleText(contact.name) })}
            onClick={() => setContacts(contacts.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      <div>
        <Button
          small
          icon="plus"
          disabled={contacts.length >= 50}
          onClick={() => setContacts([...contacts, { name: '', email: '', language: 'en' }])}
        >
          {t('customer.addContact')}
        </Button>
      </div>
      <Field label={t('form.note')}>
        {(control) => (
          <textarea
            {...control}
            className="wf-input as-area"
            rows={3}
            maxLength={4000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <div className="as-formfoot">
        <Button onClick={onDone}>{t('common:cancel')}</Button>
        <Button kind="primary" type="submit" disabled={save.running}>
          {t('form.save')}
        </Button>
      </div>
    </form>
  )
}
