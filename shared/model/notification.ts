/**
 * Being told of what happens: channels on which messages leave the desk, subscriptions that say who is told of what, and the messages
 * themselves with what became of them.
 */
import { z } from 'zod'
import { AlertId } from './alert.ts'
import { Impact } from './impact-result.ts'
import { Sentence } from './sentence.ts'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

export const NOTIFY_LANGUAGES = ['en', 'ko'] as const
export const NotifyLanguage = z.enum(NOTIFY_LANGUAGES)
export type NotifyLanguage = z.infer<typeof NotifyLanguage>

/** What messages are made of; each has a template in every language. */
export const NOTIFY_KINDS = ['incident_opened', 'incident_progress', 'incident_closed', 'alert', 'digest', 'test'] as const
export const NotifyKind = z.enum(NOTIFY_KINDS)
export type NotifyKind = z.infer<typeof NotifyKind>

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
/** One line without hidden characters: it may stand in a header of a mail. */
const oneLine = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine((text) => !HIDDEN.test(text), { error: 'holds a line break or a hidden character' })

/**
 * An addr-spec of RFC 5321 without quoted local parts, comments and address literals, at most 254 characters. What it lets through can
 * stand in an envelope and in a header as it is.
 */
export const MailAddress = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u,
  )
export type MailAddress = z.infer<typeof MailAddress>

/** A host name or an address, without port and brackets. */
const Host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^(?:[\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?|[0-9A-Fa-f:.]+)$/u)

/** `none`: readable on the way, and STARTTLS is not used even where it is offered. */
export const MAIL_SECURITIES = ['tls', 'starttls', 'none'] as const

const Trust = {
  /** Path of a PEM file; only certificates of these authorities are then accepted. Null: those that the system's Node knows. */
  ca: z.string().min(1).max(4096).nullable(),
  /** Said on screen wherever the channel is shown. */
  acceptAnyCertificate: z.boolean(),
}

export const SmtpSettings = z.object({
  kind: z.literal('smtp'),
  name: oneLine(1, 80),
  host: Host,
  port: z.number().int().min(1).max(65_535),
  security: z.enum(MAIL_SECURITIES),
  /** Null: no authentication. The password is kept apart. */
  user: oneLine(1, 320).nullable(),
  sender: MailAddress,
  senderName: oneLine(0, 80),
  ...Trust,
})
export type SmtpSettings = z.infer<typeof SmtpSettings>

const WebhookUrl = z
  .string()
  .max(2048)
  .refine(
    (text) => {
      const url = URL.parse(text)
      return (
        url !== null &&
        (url.protocol === 'https:' || url.protocol === 'http:') &&
        url.username === '' &&
        url.password === '' &&
        !HIDDEN.test(text) &&
        !/\s/.test(text)
      )
    },
    { error: 'is no http or https address, or has a password in it' },
  )

export const WebhookSettings = z.object({
  kind: z.literal('webhook'),
  name: oneLine(1, 80),
  url: WebhookUrl,
  ...Trust,
})
export type WebhookSettings = z.infer<typeof WebhookSettings>

export const ChannelSettings = z.discriminatedUnion('kind', [SmtpSettings, WebhookSettings])
export type ChannelSettings = z.infer<typeof ChannelSettings>

export const ChannelId = z.string().regex(/^[0-9a-f-]{36}$/)
export type ChannelId = z.infer<typeof ChannelId>

/** Of the messages of a channel. */
export const ChannelTraffic = z.object({
  waiting: z.number().int(),
  /** Given up, and nobody has retried or cancelled them. */
  failed: z.number().int(),
  lastSent: IsoTime.nullable(),
  /** Why the last attempt failed, where none has got through since. */
  problem: Sentence.nullable(),
  /** When that began. */
  since: IsoTime.nullable(),
})
export type ChannelTraffic = z.infer<typeof ChannelTraffic>

export const Channel = z.object({
  id: ChannelId,
  enabled: z.boolean(),
  settings: ChannelSettings,
  /** Whether a password (mail) or a shared secret (webhook) is kept; itself it is never given. */
  secretSet: z.boolean(),
  traffic: ChannelTraffic,
})
export type Channel = z.infer<typeof Channel>

/** Local time of day, `22:00`. */
export const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
const Zone = z
  .string()
  .max(64)
  .refine(
    (zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
      } catch {
        return false
      }
    },
    { error: 'is no time zone' },
  )

/** What comes in these hours is told together when they end. `from` after `to` goes over midnight. */
export const QuietHours = z.object({
  from: TimeOfDay,
  to: TimeOfDay,
  zone: Zone,
  /** What is critical is told all the same. */
  exceptCritical: z.boolean(),
})
export type QuietHours = z.infer<typeof QuietHours>

/** The screen of whoever the subscription belongs to, beside the channels. */
export const DESKTOP = 'desktop'
export const MOST_ADDRESSES = 20

export const SubscriptionSettings = z.object({
  name: oneLine(1, 80),
  enabled: z.boolean(),
  channel: z.union([ChannelId, z.literal(DESKTOP)]),
  /** Who is told; for a channel of mails only. Each gets a mail of their own. */
  addresses: z.array(MailAddress).max(MOST_ADDRESSES),
  /** Of an incident also its owner and those who watch it, where their addresses are known; for a channel of mails only. */
  people: z.boolean().default(false),
  language: NotifyLanguage,
  incidentOpened: z.boolean(),
  incidentProgress: z.boolean(),
  incidentClosed: z.boolean(),
  /** New alerts of these severities. */
  alerts: z.array(Severity).max(5),
  /** Minutes that are told together; 0: each at once. */
  digestMinutes: z.number().int().min(0).max(1440),
  /** So many are told at once within a minute; what is more comes together when the minute is over. */
  mostPerMinute: z.number().int().min(1).max(60),
  quiet: QuietHours.nullable(),
  /** Only what concerns these customers; none: everything. */
  customers: z.array(oneLine(1, 200)).max(100),
})
export type SubscriptionSettings = z.infer<typeof SubscriptionSettings>

/** Where mails for somebody go. `name`: as it stands in owners and watchers of incidents. */
export const Person = z.object({ name: oneLine(1, 200), address: MailAddress })
export type Person = z.infer<typeof Person>
export const MOST_PEOPLE = 500

export const SubscriptionId = ChannelId
export const Subscription = z.object({
  id: SubscriptionId,
  /** Who made it; a subscription for the desktop is shown to nobody else. */
  owner: z.string(),
  settings: SubscriptionSettings,
  /** What waits to be told together. */
  gathered: z.number().int(),
})
export type Subscription = z.infer<typeof Subscription>

export const MESSAGE_STATES = ['waiting', 'sent', 'failed', 'cancelled'] as const
export const MessageState = z.enum(MESSAGE_STATES)
export type MessageState = z.infer<typeof MessageState>

export const MessageId = z.string().regex(/^\d{1,15}$/)

/** What a message is about; both null for a digest and a test. */
export const About = z.object({
  /** Number of an incident, `INC-2026-0117`. */
  incident: z.string().max(32).nullable(),
  alert: AlertId.nullable(),
})
export type About = z.infer<typeof About>

export const Message = z.object({
  id: MessageId,
  channel: ChannelId,
  /** Empty for a webhook. */
  to: z.array(MailAddress),
  kind: NotifyKind,
  language: NotifyLanguage,
  subject: z.string(),
  about: About,
  created: IsoTime,
  attempts: z.number().int(),
  /** Null unless it waits. */
  nextAttempt: IsoTime.nullable(),
  state: MessageState,
  /** When it was sent, given up or cancelled. */
  ended: IsoTime.nullable(),
  lastError: Sentence.nullable(),
})
export type Message = z.infer<typeof Message>

/* ---------------------------------------------------------------- what happens */

/** Values come from wherever they may: each is cut to a length and shown escaped. */
const Foreign = z.string().max(4000)

export const IncidentBrief = z.object({
  number: z.string().regex(/^INC-\d{4}-\d{4,6}$/),
  title: Foreign,
  severity: Severity,
  /** TLP 2.0 label without its prefix: `AMBER`, `AMBER+STRICT`. */
  tlp: z.enum(['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR']),
  /** As the incident says it; known ones are put into the reader's language. */
  status: z.string().max(64),
  owner: Foreign.nullable(),
  watchers: z.array(Foreign).max(100).default([]),
  customer: Foreign.nullable(),
  /** When it was detected. */
  detected: IsoTime.nullable(),
  /** Lines. */
  summary: z.array(Foreign).max(50),
})
export type IncidentBrief = z.infer<typeof IncidentBrief>

/** What of an incident changed. `other` says nothing more than its text. */
export const CHANGED_FIELDS = [
  'title',
  'severity',
  'status',
  'impact',
  'owner',
  'customer',
  'tlp',
  'alerts',
  'evidence',
  'task',
  'note',
  'route',
  'weakness',
  'other',
] as const
export const IncidentChange = z.object({
  field: z.enum(CHANGED_FIELDS),
  from: Foreign.nullable(),
  to: Foreign.nullable(),
})
export type IncidentChange = z.infer<typeof IncidentChange>

const incidentOccasion = { incident: IncidentBrief, at: IsoTime, by: Foreign }
export const Occasion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('incident_opened'), ...incidentOccasion }),
  z.object({ kind: z.literal('incident_progress'), ...incidentOccasion, changes: z.array(IncidentChange).min(1).max(200) }),
  z.object({
    kind: z.literal('incident_closed'),
    ...incidentOccasion,
    /** What came of it: an impact, `unknown`, or what it says itself. */
    outcome: Foreign,
  }),
  z.object({
    kind: z.literal('alert'),
    at: IsoTime,
    alert: z.object({
      id: AlertId,
      title: Foreign,
      severity: Severity,
      detection: Foreign,
      asset: Foreign,
      source: Foreign,
      destination: Foreign,
      user: Foreign.nullable(),
      attack: z.array(z.string().max(64)).max(50),
      count: z.number().int(),
      /** What came of it, where that is known already. */
      impact: Impact.nullable().default(null),
      customer: Foreign.nullable(),
    }),
  }),
])
export type Occasion = z.infer<typeof Occasion>

/** On its way to the operator's own screen. */
export const DesktopNote = z.object({
  id: z.string(),
  kind: NotifyKind,
  title: z.string(),
  body: z.string(),
  severity: Severity.nullable(),
  about: About,
})
export type DesktopNote = z.infer<typeof DesktopNote>
