import { useState, type DragEvent } from 'react'
import { eventIdsOf } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'
import { DRAGGED_EVENT } from '../ways.ts'

/** Events that are dragged in from a search are pinned to the timeline. */
export function useEventDrop(): {
  readonly over: boolean
  readonly handlers: {
    onDragOver(event: DragEvent): void
    onDragLeave(event: DragEvent): void
    onDrop(event: DragEvent): void
  }
} {
  const { pin } = useEditor()
  const [over, setOver] = useState(false)
  return {
    over,
    handlers: {
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes(DRAGGED_EVENT)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      },
      onDrop: (event) => {
        setOver(false)
        if (!event.dataTransfer.types.includes(DRAGGED_EVENT)) return
        event.preventDefault()
        void pin(eventIdsOf(event.dataTransfer.getData(DRAGGED_EVENT)), '')
      },
    },
  }
}
