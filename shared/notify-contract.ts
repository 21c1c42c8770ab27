/** The contract's area of being told: channels, subscriptions, the queue of messages, and what the operator's own screen shows. */
import { z } from 'zod'
import {
  Channel,
  ChannelId,
  ChannelSettings,
  DesktopNote,
  MailAddress,
  Message,
  MessageId,
  MessageState,
  NotifyLanguage,
  Person,
  Subscription,
  SubscriptionId,
  SubscriptionSettings,
} from './model/notification.ts'
import { Sentence } from './model/sentence.ts'
import { command, query, stream } from './rpc/kinds.ts'

const Nothing = z.object({})
/** A password or a shared secret: without line breaks, at most 1,024 characters. */
export const NotifySecret = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[^\r\n\0]*$/)
/** A shared secret signs: short ones can be guessed. */
export const LEAST_WEBHOOK_SECRET = 16
const MessageIds = z.object({ ids: z.array(MessageId).min(1).max(1000) })
const Counts = z.object({
  waiting: z.number().int(),
  sent: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
})

export const notifyContract = {
  'notify.channels': query('notify.manage', Nothing, z.object({ channels: z.array(Channel) })),
  /**
   * `id` null makes a new one. `secret` absent keeps what there is, null forgets it. Where a mail channel would log in elsewhere or less
   * guarded than before, its password must be given again: `invalid_input` at `secret`. `not_found` where the channel is gone.
   */
  'notify.saveChannel': command(
    'notify.manage',
    z.object({
      id: ChannelId.nullable(),
      enabled: z.boolean(),
      settings: ChannelSettings,
      secret: NotifySecret.nullable().optional(),
    }),
    Channel,
  ),
  /** Its waiting messages are cancelled. `conflict` while a subscription uses it. */
  'notify.removeChannel': command('notify.manage', z.object({ id: ChannelId }), Nothing),
  /** Sends a test message at once, past the queue, and says what came of it. `to` for a channel of mails. */
  'notify.test': command(
    'notify.manage',
    z.object({ channel: ChannelId, to: MailAddress.nullable(), language: NotifyLanguage }),
    z.object({
      problem: Sentence.nullable(),
      /** What the other side answered last, at most 500 characters. */
      answer: z.string(),
      /** Milliseconds. */
      took: z.number(),
    }),
  ),

  'notify.subscriptions': query('notify.manage', Nothing, z.object({ subscriptions: z.array(Subscription) })),
  /** `id` null makes a new one, which belongs to who asks. `invalid_input` where channel and addresses do not fit. */
  'notify.saveSubscription': command(
    'notify.manage',
    z.object({ id: SubscriptionId.nullable(), settings: SubscriptionSettings }),
    Subscription,
  ),
  /** What was gathered for it is not told. */
  'notify.removeSubscription': command('notify.manage', z.object({ id: SubscriptionId }), Nothing),

  /** Whose addresses are known, by name. */
  'notify.people': query('notify.manage', Nothing, z.object({ people: z.array(Person) })),
  /** Null forgets the address. `conflict` where there are too many. */
  'notify.savePerson': command(
    'notify.manage',
    z.object({ name: Person.shape.name, address: Person.shape.address.nullable() }),
    Nothing,
  ),

  /** Newest first. */
  'notify.messages': query(
    'notify.manage',
    z.object({
      states: z.array(MessageState).max(4).default([]),
      limit: z.number().int().min(1).max(500).default(100),
      /** From the page before. */
      after: MessageId.nullable().default(null),
    }),
    z.object({ messages: z.array(Message), counts: Counts, after: MessageId.nullable() }),
  ),
  /** With its text. */
  'notify.message': query('notify.manage', z.object({ id: MessageId }), Message.extend({ text: z.string() })),
  /** Messages that failed, were cancelled or wait are tried again now, for another day. */
  'notify.retry': command('notify.manage', MessageIds, z.object({ changed: z.number().int() })),
  /** Messages that wait are not sent; those that failed no longer count as failing. */
  'notify.cancel': command('notify.manage', MessageIds, z.object({ changed: z.number().int() })),
  /** At once and after each change of channels, subscriptions or messages. */
  'notify.watch': stream(
    'desk.read',
    Nothing,
    z.object({ revision: z.number().int(), waiting: z.number().int(), failing: z.number().int() }),
  ),
  /** What subscriptions of the caller for the desktop say, as it happens; nothing of before. */
  'notify.desktop': stream('desk.read', Nothing, z.object({ notes: z.array(DesktopNote) })),
} as const
