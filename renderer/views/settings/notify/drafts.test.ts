import { describe, expect, it } from 'vitest'
import {
  channelDraft,
  emptyChannel,
  emptySubscription,
  settleChannel,
  settleSubscription,
  subscriptionDraft,
  withSeverity,
  type ChannelDraft,
  type SubscriptionDraft,
} from './drafts.ts'

const mail: ChannelDraft = { ...emptyChannel('smtp'), name: 'Mail', host: ' mail.acme.example ', sender: 'soc@acme.example' }
const told: SubscriptionDraft = {
  ...emptySubscription('00000000-0000-4000-8000-000000000001', 'ko', 'Asia/Seoul'),
  name: 'Contact',
  addresses: 'a@acme.example, b@acme.example\n\na@acme.example',
}
const problems = (settled: ReturnType<typeof settleChannel> | ReturnType<typeof settleSubscription>): string[] =>
  settled.ok ? [] : [...settled.problems].sort()

describe('a channel', () => {
  it('is what the form says, and comes back into it', () => {
    const settled = settleChannel(mail)
    expect(settled).toMatchObject({
      ok: true,
      settings: { kind: 'smtp', host: 'mail.acme.example', port: 587, user: null, ca: null },
    })
    if (settled.ok) expect(settleChannel(channelDraft({ enabled: true, settings: settled.settings }))).toEqual(settled)
    expect(settleChannel({ ...mail, host: '[::1]' })).toMatchObject({ settings: { host: '::1' } })
  })
  it('names the fields that are wrong', () => {
    expect(problems(settleChannel(emptyChannel('smtp')))).toEqual(['host', 'name', 'sender'])
    expect(problems(settleChannel(emptyChannel('webhook')))).toEqual(['name', 'url'])
    expect(problems(settleChannel({ ...mail, port: '70000', host: 'a b', sender: 'x', senderName: 'a\u202Eb' }))).toEqual([
      'host',
      'port',
      'sender',
      'senderName',
    ])
    expect(problems(settleChannel({ ...emptyChannel('webhook'), name: 'x', url: 'file:///etc/passwd' }))).toEqual(['url'])
  })
})

describe('a subscription', () => {
  it('takes addresses as they are written, each once', () => {
    const settled = settleSubscription(told, true)
    expect(settled).toMatchObject({ ok: true, settings: { addresses: ['a@acme.example', 'b@acme.example'], quiet: null } })
    if (settled.ok) expect(settleSubscription(subscriptionDraft(settled.settings, 'UTC'), true)).toEqual(settled)
    expect(settleSubscription(told, false)).toMatchObject({ settings: { addresses: [] } })
  })
  it('names what is wrong', () => {
    expect(problems(settleSubscription({ ...told, addresses: '' }, true))).toEqual(['addresses'])
    expect(problems(settleSubscription({ ...told, addresses: 'a@b.example\nnobody' }, true))).toEqual(['addresses'])
    expect(problems(settleSubscription({ ...told, name: ' ', mostPerMinute: '0', digestMinutes: 'x' }, true))).toEqual([
      'digestMinutes',
      'mostPerMinute',
      'name',
    ])
    const nothing = { incidentOpened: false, incidentProgress: false, incidentClosed: false, alerts: [] }
    expect(problems(settleSubscription({ ...told, ...nothing }, true))).toEqual(['nothing'])
    expect(problems(settleSubscription({ ...told, quiet: true, quietFrom: '25:00' }, true))).toEqual(['quiet'])
    expect(settleSubscription({ ...told, channel: 'desktop', digestMinutes: 'x' }, false)).toMatchObject({ ok: true })
  })
  it('has each severity once', () => {
    expect(withSeverity(['high'], 'critical', true)).toEqual(['high', 'critical'])
    expect(withSeverity(['high', 'critical'], 'high', true)).toEqual(['critical', 'high'])
    expect(withSeverity(['high', 'critical'], 'high', false)).toEqual(['critical'])
  })
})
