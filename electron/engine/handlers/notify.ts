/** Being told (contract area `notify`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { DesktopNote } from '../../../shared/model/notification.ts'
import { ok } from '../../../shared/model/result.ts'
import type { notifyContract } from '../../../shared/notify-contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Notify } from '../notify/notify.ts'
import { Changes } from './changes.ts'

const GAP_MS = 250
/** Notes that wait for a screen that is slow; older ones are let go. */
const MOST_NOTES = 20

export function notifyHandlers(notify: Notify): Pick<HandlersOf<WatchfloorContract>, keyof typeof notifyContract> {
  return {
    async 'notify.channels'() {
      const channels = await notify.channels()
      return channels.ok ? ok({ channels: channels.value }) : channels
    },
    'notify.saveChannel': (input, { caller }) => notify.saveChannel(input, caller.name),
    'notify.removeChannel': ({ id }, { caller }) => notify.removeChannel(id, caller.name),
    'notify.test': (input, { caller, signal }) => notify.test(input, caller.name, signal),
    async 'notify.subscriptions'(_input, { caller }) {
      const subscriptions = await notify.subscriptions(caller.name)
      return subscriptions.ok ? ok({ subscriptions: subscriptions.value }) : subscriptions
    },
    'notify.saveSubscription': (input, { caller }) => notify.saveSubscription(input, caller.name),
    'notify.removeSubscription': ({ id }, { caller }) => notify.removeSubscription(id, caller.name),
    async 'notify.people'() {
      const people = await notify.people()
      return people.ok ? ok({ people: people.value }) : people
    },
    'notify.savePerson': ({ name, address }, { caller }) => notify.savePerson(name, address, caller.name),
    'notify.messages': (input) => notify.messages(input),
    'notify.message': ({ id }) => notify.message(id),
    'notify.retry': ({ ids }) => notify.retry(ids),
    'notify.cancel': ({ ids }) => notify.cancel(ids),
    async 'notify.watch'(_input, emit, { signal }) {
      const changes = new Changes(GAP_MS)
      const remove = notify.onChange(() => changes.mark())
      changes.mark()
      try {
        while (await changes.next(signal)) await emit(notify.state)
      } finally {
        remove()
      }
      return ok(undefined)
    },
    async 'notify.desktop'(_input, emit, { caller, signal }) {
      const changes = new Changes(0)
      let waiting: readonly DesktopNote[] = []
      const remove = notify.onDesktop(caller.name, (notes) => {
        waiting = [...waiting, ...notes].slice(-MOST_NOTES)
        changes.mark()
      })
      try {
        while (await changes.next(signal)) {
          const notes = [...waiting]
          waiting = []
          await emit({ notes })
        }
      } finally {
        remove()
      }
      return ok(undefined)
    },
  }
}
