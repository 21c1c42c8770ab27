/** Widths of texts in the fonts of the screen, remembered. */
const known = new Map<string, number>()
let context: CanvasRenderingContext2D | null | undefined
/** By `mono`: they are the same in all themes and languages, and asking for them makes the page settle its styles. */
const fonts = new Map<boolean, string>()

/** Pixels at 12 px of size; `mono` for addresses and times. */
export function textWidth(text: string, mono: boolean): number {
  const key = `${mono ? 'm' : 'u'}${text}`
  const before = known.get(key)
  if (before !== undefined) return before
  context ??= document.createElement('canvas').getContext('2d')
  let width = text.length * (mono ? 7.2 : 6.6)
  if (context) {
    let font = fonts.get(mono)
    if (font === undefined) {
      const name = getComputedStyle(document.documentElement).getPropertyValue(mono ? '--font-mono' : '--font-ui')
      fonts.set(mono, (font = `500 12px ${name || 'sans-serif'}`))
    }
    if (context.font !== font) context.font = font
    width = context.measureText(text).width
  }
  // What is kept is bounded; texts come again within one picture.
  if (known.size > 5000) known.clear()
  known.set(key, width)
  return width
}

/** A text cut to so many pixels, with an ellipsis; '' where nothing would be left. */
export function fitted(text: string, room: number, mono = false): string {
  if (textWidth(text, mono) <= room) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (textWidth(`${text.slice(0, middle)}…`, mono) <= room) low = middle
    else high = middle - 1
  }
  return low < 2 ? '' : `${text.slice(0, low)}…`
}
