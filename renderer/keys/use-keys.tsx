/** The window's keyboard for components: bind actions to a view's shortcuts, open layers, list what is bound. */
import { createContext, useContext, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { create } from 'zustand'
import { Keyboard, takesText, type Binding } from './keys.ts'
import type { ShortcutInfo } from './shortcut.ts'

export const keyboard = new Keyboard()

const CONTROLS =
  'button, a[href], summary, input[type=checkbox], input[type=radio], [role=button], [role=tab], [role=menuitem], [role=option]'

/** Listens to the window. Call once; gives the function that stops it. */
export function listenToKeys(target: Window): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return
    // Enter and Space belong to the control that has the focus.
    if ((event.key === 'Enter' || event.key === ' ') && document.activeElement?.matches(CONTROLS) === true) return
    if (keyboard.press(event, takesText(document.activeElement), event.timeStamp)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  // In the capture phase: the grid must not take `j` or the arrows of a popover first.
  target.addEventListener('keydown', pressed, true)
  return () => target.removeEventListener('keydown', pressed, true)
}

const LayerContext = createContext<symbol | undefined>(undefined)

/** Binds keys while the component is there. `actions` may be new on every render. */
export function useBindings(bindings: readonly Binding[]): void {
  const layer = useContext(LayerContext)
  const latest = useRef(bindings)
  useLayoutEffect(() => {
    latest.current = bindings
  })
  const shape = bindings.map(({ keys, inText }) => `${keys.join('\u0000')}\u0001${inText === true}`).join('\u0002')
  useEffect(() => {
    const fixed = latest.current.map((binding, index) => ({
      ...binding,
      run: () => {
        // A key may come after others were offered and before they are bound: it still does what it stood for.
        const same = ({ keys }: Binding): boolean => keys.join(' ') === binding.keys.join(' ')
        const now = latest.current[index]
        const found = now && same(now) ? now : latest.current.find(same)
        return found ? found.run() : false
      },
    }))
    return keyboard.bind(fixed, layer)
    // `shape` is all that is read at binding time; the actions are read when a key comes.
  }, [shape, layer])
}

/** Shortcuts that act now, by view: what the status bar and the sheet offer. */
export const useOffered = create<{ readonly offered: Readonly<Record<string, readonly ShortcutInfo[]>> }>(() => ({ offered: {} }))

/** Actions for the shortcuts of a view, by id. A shortcut without an action is offered nowhere. */
export function useKeys(
  view: string,
  shortcuts: readonly ShortcutInfo[],
  actions: Readonly<Record<string, (() => unknown) | undefined>>,
): void {
  const offered = shortcuts.filter(({ id }) => actions[id] !== undefined)
  useBindings(offered.map(({ id, keys }) => ({ keys, run: () => actions[id]?.() })))
  const ids = offered.map(({ id }) => id).join(' ')
  const latest = useRef(offered)
  useLayoutEffect(() => {
    latest.current = offered
  })
  useEffect(() => {
    useOffered.setState(({ offered: before }) => ({ offered: { ...before, [view]: latest.current } }))
    return () => useOffered.setState(({ offered: before }) => ({ offered: { ...before, [view]: [] } }))
    // `ids` says which shortcuts are offered.
  }, [view, ids])
}

/** A layer of its own for what is inside, while it is there: popovers, menus, dialogs. */
export function KeyLayer({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  const [layer] = useState(() => Symbol(name))
  // Before the effects of what is inside, which bind into it.
  useLayoutEffect(() => keyboard.push(layer), [layer])
  return <LayerContext value={layer}>{children}</LayerContext>
}
