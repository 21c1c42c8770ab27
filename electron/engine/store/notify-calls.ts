/** The part of the desk that tells people, as the main thread calls it: each method of `DeskNotify`, `DeskMessages` and `DeskToldIncidents` by its name. */
import type { Result } from '../../../shared/model/result.ts'
import type { DeskMessages } from './desk-messages.ts'
import type { DeskNotify } from './desk-notify.ts'
import type { DeskToldIncidents } from './desk-told-incidents.ts'

type Desk = DeskNotify & DeskMessages & DeskToldIncidents
/** A call crosses a thread, so its arguments and its answer are plain data. */
export type NotifyStore = {
  readonly [K in keyof Desk]: (...args: Parameters<Desk[K]>) => Promise<ReturnType<Desk[K]>>
}
export type NotifyCall = keyof Desk

const ON_NOTIFY = [
  'channels',
  'saveChannel',
  'removeChannel',
  'subscriptions',
  'people',
  'savePerson',
  'gatheredCounts',
  'saveSubscription',
  'removeSubscription',
  'digestsDue',
  'gathered',
  'postpone',
  'alertMark',
  'setAlertMark',
  'newestAlert',
  'alertsAfter',
] as const satisfies readonly (keyof DeskNotify)[]
const ON_MESSAGES = [
  'tell',
  'digest',
  'next',
  'sent',
  'refused',
  'channelFailed',
  'traffic',
  'messages',
  'message',
  'retry',
  'cancel',
  'prune',
] as const satisfies readonly (keyof DeskMessages)[]
const ON_INCIDENTS = ['beginIncidents', 'untoldIncidents'] as const satisfies readonly (keyof DeskToldIncidents)[]

/** On the writer thread. */
export function answerNotify(
  desk: { readonly notify: DeskNotify; readonly messages: DeskMessages; readonly incidents: DeskToldIncidents },
  call: NotifyCall,
  args: readonly unknown[],
): Result<unknown> {
  const on = (ON_NOTIFY as readonly string[]).includes(call)
    ? desk.notify
    : (ON_INCIDENTS as readonly string[]).includes(call)
      ? desk.incidents
      : desk.messages
  const method = (on as unknown as Readonly<Record<string, (...values: readonly unknown[]) => Result<unknown>>>)[call]
  if (method === undefined) throw new Error(`there is no ${call}`)
  return method.apply(on, [...args])
}

/** On the main thread. */
export function notifyStore(ask: (call: NotifyCall, args: readonly unknown[]) => Promise<Result<unknown>>): NotifyStore {
  const entries = [...ON_NOTIFY, ...ON_MESSAGES, ...ON_INCIDENTS].map((call) => [call, (...args: unknown[]) => ask(call, args)])
  return Object.fromEntries(entries) as unknown as NotifyStore
}
