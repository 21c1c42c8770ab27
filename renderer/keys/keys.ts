/**
 * The keyboard. A key is spelt `j`, `J` (with Shift), `?`, `Enter`, `F6`, `Ctrl+K`, `Ctrl+Alt+C`, `Shift+ArrowDown`; a sequence `g a`. `Ctrl` is
 * also ⌘. Single characters act only outside text fields and can be turned off; so does a sequence. While a popover or a
 * dialog is open, only what was bound inside it acts.
 */

/** What of a `KeyboardEvent` is looked at. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly isComposing?: boolean
}

const MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Process', 'Dead', 'Unidentified'])

/**
 * The spelling of a key press, or `undefined` for a modifier alone and for text under composition. Where the layout gives no Latin
 * letter (Hangul, Cyrillic), the letter printed on the key counts, so `j` works in every input mode.
 */
export function keyName(press: KeyPress): string | undefined {
  if (press.isComposing || MODIFIERS.has(press.key)) return undefined
  const command = press.ctrlKey || press.metaKey
  let key = press.key
  // With Ctrl and Alt together some layouts give another character.
  const other = key.length === 1 && (key > '\u007e' || (command && press.altKey))
  if (other && /^Key[A-Z]$/.test(press.code)) {
    const letter = press.code.slice(3)
    key = press.shiftKey ? letter : letter.toLowerCase()
  }
  if (key === ' ') key = 'Space'
  if (key.length === 1) {
    if (command)
      return `Ctrl+${press.altKey ? 'Alt+' : ''}${press.shiftKey && /[a-z]/i.test(key) ? 'Shift+' : ''}${key.toUpperCase()}`
    return press.altKey ? `Alt+${key.toUpperCase()}` : key
  }
  return `${command ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${press.shiftKey ? 'Shift+' : ''}${key}`
}

/** Whether a key types text when a text field has the focus. */
const types = (name: string): boolean => name.length === 1 || name === 'Space'
/** Keys a text field needs for itself, besides characters. */
const EDITING =
  /^(?:Ctrl\+|Shift\+)*(?:Enter|Backspace|Delete|Tab|Home|End|Arrow(?:Up|Down|Left|Right)|PageUp|PageDown)$|^Ctrl\+(?:Shift\+)?[ACVXZY]$/

export interface Binding {
  /** Alternatives, each a key or a sequence of two with a space. */
  readonly keys: readonly string[]
  /** Gives `false` where it does not apply now: the key goes on to the next binding, or to the browser. */
  run(): unknown
  /** Acts also while a text field has the focus (only for keys that type nothing). */
  readonly inText?: boolean
}

/** How long the second key of a sequence may take, in milliseconds. */
export const SEQUENCE_MS = 1500

interface Layer {
  readonly id: symbol
  readonly bindings: Set<readonly Binding[]>
}

/** Dispatches keys to bindings: the topmost layer first, within it the newest first. One per window. */
export class Keyboard {
  /** Turned off in the settings: single characters and sequences do nothing. */
  singleKeys = true
  #layers: Layer[] = [{ id: Symbol('ground'), bindings: new Set() }]
  #first: string | undefined
  #firstAt = 0

  /** Binds keys in the topmost layer there is now, or in the named one; gives the function that takes them away. */
  bind(bindings: readonly Binding[], layer?: symbol): () => void {
    const target = this.#layers.find(({ id }) => id === layer) ?? this.#layers[0]
    target?.bindings.add(bindings)
    return () => void target?.bindings.delete(bindings)
  }

  /** Puts a layer on top: what lies below is silent until it is taken away with the function given. */
  push(id: symbol): () => void {
    const layer: Layer = { id, bindings: new Set() }
    this.#layers.push(layer)
    return () => void (this.#layers = this.#layers.filter((one) => one !== layer))
  }

  /** The first key of a sequence that waits for its second, for showing it. */
  get waiting(): string | undefined {
    return this.#first
  }

  /** Handles a key press; true where a binding took it and the browser must not. `inText`: a text field has the focus. */
  press(press: KeyPress, inText: boolean, now: number): boolean {
    const name = keyName(press)
    if (name === undefined) return false
    const first = this.#first !== undefined && now - this.#firstAt <= SEQUENCE_MS ? this.#first : undefined
    this.#first = undefined
    if (types(name) && (inText || !this.singleKeys)) return false
    if (inText && EDITING.test(name)) return this.#run(name, true)
    if (first !== undefined && this.#run(`${first} ${name}`, inText)) return true
    if (this.#run(name, inText)) return true
    if (!inText && this.#starts(name)) {
      this.#first = name
      this.#firstAt = now
      return true
    }
    return false
  }

  #top(): Binding[] {
    return [...(this.#layers.at(-1)?.bindings ?? [])].reverse().flat()
  }
  #run(name: string, inText: boolean): boolean {
    for (const binding of this.#top()) {
      if (!binding.keys.includes(name)) continue
      if (inText && binding.inText !== true) continue
      if (binding.run() !== false) return true
    }
    return false
  }
  #starts(name: string): boolean {
    return this.#top().some(({ keys }) => keys.some((key) => key.startsWith(`${name} `)))
  }
}

/** Whether an element takes text. */
export function takesText(element: Element | null): boolean {
  if (!element) return false
  if (element.tagName === 'TEXTAREA' || element.tagName === 'SELECT') return true
  if (element.tagName === 'INPUT') {
    const type = (element.getAttribute('type') ?? 'text').toLowerCase()
    return !['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file'].includes(type)
  }
  return 'isContentEditable' in element && element.isContentEditable === true
}
