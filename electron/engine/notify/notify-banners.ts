/** Channels that do not get through, as the whole desk must know them. */
import type { Banner } from '../../../shared/contract.ts'
import type { ChannelTraffic } from '../../../shared/model/notification.ts'
import { say } from '../../../shared/model/sentence.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { MOST_WAITING, type Traffic } from '../store/desk-messages.ts'

export const NO_TRAFFIC: Traffic = {
  channel: '',
  waiting: 0,
  failed: 0,
  lastSent: null,
  lastError: null,
  lastTried: null,
  attempts: 0,
  since: null,
}

/** One failure may be a hiccup; two in a row, or a message that was given up, are not. */
export const isFailing = ({ failed, attempts }: Traffic): boolean => failed > 0 || attempts >= 2

const iso = (ms: number | null): string | null => (ms === null ? null : isoFromMicros(ms * 1000))

/** As the screen shows it. */
export function trafficOf({ waiting, failed, lastSent, lastError, lastTried, since }: Traffic): ChannelTraffic {
  const stands = lastTried !== null && (failed > 0 || lastSent === null || lastTried >= lastSent)
  return {
    waiting,
    failed,
    lastSent: iso(lastSent),
    problem: stands ? lastError : null,
    since: stands ? iso(since) : null,
  }
}

/** `now` in milliseconds. */
export function notifyBanners(
  channels: readonly { readonly id: string; readonly name: string; readonly traffic: Traffic }[],
  full: boolean,
  now: number,
): Banner[] {
  const failing: Banner[] = channels
    .filter(({ traffic }) => isFailing(traffic))
    .map(({ id, name, traffic }) => ({
      id: `notify_failing:${id}`,
      tone: 'late',
      key: 'notify_failing',
      values: { name, problem: traffic.lastError ?? '' },
      since: iso(traffic.since) ?? isoFromMicros(now * 1000),
    }))
  if (full)
    failing.push({
      id: 'notify_failing:queue',
      tone: 'fault',
      key: 'notify_failing',
      values: { name: '', problem: say('notify_queue_full', { most: MOST_WAITING }) },
      since: isoFromMicros(now * 1000),
    })
  return failing
}
