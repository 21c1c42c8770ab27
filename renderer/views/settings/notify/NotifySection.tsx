import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery, useStream } from '../../../client/hooks.ts'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { allowNotes, notesAllowed } from '../../../state/desktop-notes.ts'
import { useNotice } from '../../../state/notice.ts'
import { changeSettings, useSettings } from '../../../state/settings.ts'
import { Check, Row } from '../Row.tsx'
import { Channels } from './Channels.tsx'
import { Messages } from './Messages.tsx'
import { People } from './People.tsx'
import { Subscriptions } from './Subscriptions.tsx'
import './notify.css'

/** Who is told of what happens, on which way, and what became of it. */
export function NotifySection(): ReactNode {
  const { t } = useTranslation('notify')
  const watched = useStream('notify.watch', {})
  const channels = useQuery('notify.channels', {})
  const subscriptions = useQuery('notify.subscriptions', {})
  const people = useQuery('notify.people', {})
  const revision = watched.value?.revision
  const { refresh: readChannels } = channels
  const { refresh: readSubscriptions } = subscriptions
  const { refresh: readPeople } = people
  useEffect(() => {
    if (revision === undefined) return
    readChannels()
    readSubscriptions()
    readPeople()
  }, [revision, readChannels, readSubscriptions, readPeople])
  const known = channels.value?.channels ?? null
  return (
    <>
      <Row title={t('channels.title')} note={t('channels.note')} wide>
        {channels.error ? <ErrorState error={channels.error} what={t('channels.failed')} onRetry={channels.refresh} /> : null}
        {known === null ? <Loading waiting={channels.loading} /> : <Channels channels={known} onChanged={channels.refresh} />}
      </Row>
      <Row title={t('subscriptions.title')} note={t('subscriptions.note')} wide>
        {subscriptions.error ? (
          <ErrorState error={subscriptions.error} what={t('subscriptions.failed')} onRetry={subscriptions.refresh} />
        ) : null}
        {known === null || subscriptions.value === null ? (
          <Loading waiting={subscriptions.loading} />
        ) : (
          <Subscriptions channels={known} subscriptions={subscriptions.value.subscriptions} onChanged={subscriptions.refresh} />
        )}
      </Row>
      <Row title={t('people.title')} note={t('people.note')} wide>
        {people.error ? <ErrorState error={people.error} what={t('people.failed')} onRetry={people.refresh} /> : null}
        {people.value === null ? (
          <Loading waiting={people.loading} />
        ) : (
          <People people={people.value.people} onChanged={people.refresh} />
        )}
      </Row>
      <Desktop />
      <Row title={t('messages.title')} note={t('messages.note')} wide>
        <Messages channels={known ?? []} revision={revision ?? 0} />
      </Row>
    </>
  )
}

function Desktop(): ReactNode {
  const { t } = useTranslation('notify')
  const client = useClient()
  const on = useSettings((settings) => settings.desktopNotes)
  const say = useNotice((state) => state.say)
  const [refused, setRefused] = useState(false)
  const change = async (wanted: boolean): Promise<void> => {
    const allowed = !wanted || (await allowNotes())
    setRefused(!allowed)
    if (!allowed) return
    if (!(await changeSettings(client, { desktopNotes: wanted }))) say(t('settings:notSaved'), 'fault')
  }
  return (
    <Row title={t('desktop.title')} note={t('desktop.note')}>
      <Check label={t('desktop.on')} checked={on} onChange={(wanted) => void change(wanted)} />
      {refused || (on && !notesAllowed()) ? (
        <p className="no-problem" role="status">
          {t('desktop.refused')}
        </p>
      ) : null}
    </Row>
  )
}
