import type { RefObject } from 'react'
import type { Binding } from '../../../../keys/keys.ts'
import { useBindings } from '../../../../keys/use-keys.tsx'

/** Keys that act only while the focus is inside an element: several panes of one screen have arrows of their own. */
export function useInsideKeys(inside: RefObject<HTMLElement | null>, bindings: readonly Binding[]): void {
  useBindings(
    bindings.map((binding) => ({
      ...binding,
      run: () => (inside.current?.contains(document.activeElement) === true ? binding.run() : false),
    })),
  )
}
