/** What stands in the forms of channels and subscriptions, and what can be made of it. */
import { z } from 'zod'
import {
  ChannelSettings,
  DESKTOP,
  MailAddress,
  MOST_ADDRESSES,
  SubscriptionSettings,
  type Channel,
} from '../../../../shared/model/notification.ts'
import type { Severity } from '../../../../shared/model/severity.ts'

export interface ChannelDraft {
  readonly kind: 'smtp' | 'webhook'
  readonly name: string
  readonly enabled: boolean
  readonly host: string
  readonly port: string
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string
  readonly sender: string
  readonly senderName: string
  readonly url: string
  readonly ca: string
  readonly acceptAnyCertificate: boolean
  /** What was typed; empty keeps what there is. */
  readonly secret: string
}
export type ChannelField = 'name' | 'host' | 'port' | 'user' | 'sender' | 'senderName' | 'url' | 'ca'

/** Ports that mail servers have for each (RFC 8314, RFC 6409). */
export const USUAL_PORT = { tls: '465', starttls: '587', none: '25' } as const

export const emptyChannel = (kind: 'smtp' | 'webhook'): ChannelDraft => ({
  kind,
  name: '',
  enabled: true,
  host: '',
  port: USUAL_PORT.starttls,
  security: 'starttls',
  user: '',
  sender: '',
  senderName: 'Watchfloor',
  url: '',
  ca: '',
  acceptAnyCertificate: false,
  secret: '',
})

export function channelDraft({ enabled, settings }: Pick<Channel, 'enabled' | 'settings'>): ChannelDraft {
  const { name, ca, acceptAnyCertificate } = settings
  const common = { ...emptyChannel(settings.kind), name, enabled, ca: ca ?? '', acceptAnyCertificate }
  if (settings.kind === 'webhook') return { ...common, url: settings.url }
  const { host, port, security, user, sender, senderName } = settings
  return { ...common, host, port: String(port), security, user: user ?? '', sender, senderName }
}

export type Settled<T, F> =
  { readonly ok: true; readonly settings: T } | { readonly ok: false; readonly problems: ReadonlySet<F> }

const problemsOf = <F extends string>(error: z.ZodError): ReadonlySet<F> =>
  new Set(error.issues.map(({ path }) => String(path[0]) as F))

export function settleChannel(draft: ChannelDraft): Settled<ChannelSettings, ChannelField> {
  const common = {
    name: draft.name.trim(),
    ca: draft.ca.trim() === '' ? null : draft.ca.trim(),
    acceptAnyCertificate: draft.acceptAnyCertificate,
  }
  const parsed = ChannelSettings.safeParse(
    draft.kind === 'webhook'
      ? { kind: 'webhook', ...common, url: draft.url.trim() }
      : {
          kind: 'smtp',
          ...common,
          host: draft.host.trim().replace(/^\[(.*)\]$/, '$1'),
          port: /^\d{1,5}$/.test(draft.port.trim()) ? Number(draft.port) : -1,
          security: draft.security,
          user: draft.user.trim() === '' ? null : draft.user.trim(),
          sender: draft.sender.trim(),
          senderName: draft.senderName.trim(),
        },
  )
  return parsed.success ? { ok: true, settings: parsed.data } : { ok: false, problems: problemsOf(parsed.error) }
}

export interface SubscriptionDraft extends Omit<
  SubscriptionSettings,
  'addresses' | 'customers' | 'quiet' | 'mostPerMinute' | 'digestMinutes'
> {
  /** One a line, or with commas between them. */
  readonly addresses: string
  readonly customers: string
  readonly mostPerMinute: string
  readonly digestMinutes: string
  readonly quiet: boolean
  readonly quietFrom: string
  readonly quietTo: string
  readonly quietZone: string
  readonly exceptCritical: boolean
}
export type SubscriptionField =
  'name' | 'channel' | 'addresses' | 'customers' | 'mostPerMinute' | 'digestMinutes' | 'quiet' | 'nothing'

export const emptySubscription = (channel: string, language: 'en' | 'ko', zone: string): SubscriptionDraft => ({
  name: '',
  enabled: true,
  channel,
  addresses: '',
  people: false,
  language,
  incidentOpened: true,
  incidentProgress: true,
  incidentClosed: true,
  alerts: ['critical'],
  digestMinutes: '0',
  mostPerMinute: '5',
  quiet: false,
  quietFrom: '22:00',
  quietTo: '07:00',
  quietZone: zone,
  exceptCritical: true,
  customers: '',
})

export const subscriptionDraft = (settings: SubscriptionSettings, zone: string): SubscriptionDraft => ({
  ...settings,
  addresses: settings.addresses.join('\n'),
  customers: settings.customers.join('\n'),
  mostPerMinute: String(settings.mostPerMinute),
  digestMinutes: String(settings.digestMinutes),
  quiet: settings.quiet !== null,
  quietFrom: settings.quiet?.from ?? '22:00',
  quietTo: settings.quiet?.to ?? '07:00',
  quietZone: settings.quiet?.zone ?? zone,
  exceptCritical: settings.quiet?.exceptCritical ?? true,
})

const linesOf = (text: string, between: RegExp): string[] => [
  ...new Set(
    text
      .split(between)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
]
const numberOf = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : -1)

/** `mails`: whether the channel sends mails, and so needs addresses or people. */
export function settleSubscription(draft: SubscriptionDraft, mails: boolean): Settled<SubscriptionSettings, SubscriptionField> {
  const addresses = mails ? linesOf(draft.addresses, /[\n,;]/) : []
  const parsed = SubscriptionSettings.safeParse({
    name: draft.name.trim(),
    enabled: draft.enabled,
    channel: draft.channel,
    addresses,
    people: mails && draft.people,
    language: draft.language,
    incidentOpened: draft.incidentOpened,
    incidentProgress: draft.incidentProgress,
    incidentClosed: draft.incidentClosed,
    alerts: draft.alerts,
    digestMinutes: draft.channel === DESKTOP ? 0 : numberOf(draft.digestMinutes),
    mostPerMinute: numberOf(draft.mostPerMinute),
    quiet: draft.quiet
      ? { from: draft.quietFrom, to: draft.quietTo, zone: draft.quietZone, exceptCritical: draft.exceptCritical }
      : null,
    customers: linesOf(draft.customers, /\n/),
  })
  const problems = new Set<SubscriptionField>(parsed.success ? [] : problemsOf<SubscriptionField>(parsed.error))
  if (mails && ((addresses.length === 0 && !draft.people) || addresses.length > MOST_ADDRESSES)) problems.add('addresses')
  if (mails && addresses.some((address) => !MailAddress.safeParse(address).success)) problems.add('addresses')
  if (!draft.incidentOpened && !draft.incidentProgress && !draft.incidentClosed && draft.alerts.length === 0)
    problems.add('nothing')
  return parsed.success && problems.size === 0 ? { ok: true, settings: parsed.data } : { ok: false, problems }
}

export const withSeverity = (alerts: readonly Severity[], severity: Severity, on: boolean): Severity[] =>
  on ? [...alerts.filter((one) => one !== severity), severity] : alerts.filter((one) => one !== severity)
