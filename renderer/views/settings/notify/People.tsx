import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Person } from '../../../../shared/model/notification.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { TextField } from './TextField.tsx'

/** Addresses of those who own and watch incidents. */
export function People({ people, onChanged }: { readonly people: readonly Person[]; onChanged(): void }): ReactNode {
  const { t } = useTranslation('notify')
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [tried, setTried] = useState(false)
  const save = useCommand('notify.savePerson')
  const parsed = Person.safeParse({ name: name.trim(), address: address.trim() })
  const said = (field: keyof Person): string | null =>
    tried && !parsed.success && parsed.error.issues.some(({ path }) => path[0] === field) ? t(`people.problem.${field}`) : null
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (!parsed.success) return
    const done = await save.run(parsed.data)
    if (!done.ok) return
    setName('')
    setAddress('')
    setTried(false)
    onChanged()
  }
  return (
    <>
      {people.length === 0 ? <p className="dim">{t('people.none')}</p> : null}
      {save.error ? <ErrorState error={save.error} what={t('people.notSaved')} /> : null}
      <ul className="no-list" aria-label={t('people.title')}>
        {people.map((person) => (
          <li key={person.name} className="no-item">
            <div className="no-what">
              <b>{visibleText(person.name)}</b>
              <code>{visibleText(person.address)}</code>
            </div>
            <div className="no-buttons">
              <Button
                small
                kind="quiet"
                aria-label={t('removeOf', { name: visibleText(person.name) })}
                onClick={() => void save.run({ name: person.name, address: null }).then((done) => done.ok && onChanged())}
              >
                {t('remove')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <form className="no-form" onSubmit={(event) => void submit(event)} noValidate>
        <div className="no-pair">
          <TextField label={t('people.name')} value={name} problem={said('name')} onChange={setName} />
          <TextField label={t('people.address')} value={address} mono problem={said('address')} onChange={setAddress} />
        </div>
        <div className="no-buttons">
          <Button small icon="plus" type="submit" disabled={save.running}>
            {t('people.save')}
          </Button>
        </div>
      </form>
    </>
  )
}
