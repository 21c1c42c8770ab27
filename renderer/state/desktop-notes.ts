/** Notes of the system on what happens: only while the operator has turned them on, and the system allows them. */
import type { WatchfloorContract } from '../../shared/contract.ts'
import type { DesktopNote } from '../../shared/model/notification.ts'
import type { ClientOf } from '../../shared/rpc/kinds.ts'
import { visibleText } from '../format/text.ts'
import { useSettings } from './settings.ts'

/** Whether the system shows notes of this page; asks the operator where that is open. Call it on a click. */
export async function allowNotes(): Promise<boolean> {
  if (typeof Notification === 'undefined') return false
  return (await Notification.requestPermission()) === 'granted'
}

/** Whether the system shows notes of this page, without asking anybody. */
export const notesAllowed = (): boolean => typeof Notification !== 'undefined' && Notification.permission === 'granted'

const placeOf = ({ about }: DesktopNote): string =>
  about.alert !== null
    ? `#/alerts?id=${encodeURIComponent(about.alert)}`
    : about.incident !== null
      ? `#/incidents/${encodeURIComponent(about.incident)}`
      : '#/alerts'

function show(note: DesktopNote): void {
  const shown = new Notification(visibleText(note.title), { body: visibleText(note.body), tag: note.id })
  shown.addEventListener('click', () => {
    window.focus()
    window.location.hash = placeOf(note)
    shown.close()
  })
}

/** Shows what the engine says from now on. Gives the function that ends it. */
export function followDesktopNotes(client: ClientOf<WatchfloorContract>): () => void {
  let following: { cancel(): void } | null = null
  const look = (on: boolean): void => {
    if (on && following === null)
      following = client.stream(
        'notify.desktop',
        {},
        {
          next: ({ notes }) => {
            if (notesAllowed()) for (const note of notes) show(note)
          },
        },
      )
    if (!on) {
      following?.cancel()
      following = null
    }
  }
  look(useSettings.getState().desktopNotes)
  const stop = useSettings.subscribe(({ desktopNotes }) => look(desktopNotes))
  return () => {
    stop()
    following?.cancel()
  }
}
