/** Runs → lines of at most a width. Lines break at blanks, in Korean too; a word that is wider than a line breaks where it must. */
import type { Anchor, Runs } from '../../../../shared/model/report.ts'
import { BODY, CHIP, FAINT, INK, LINK, QUIET } from '../colours.ts'
import { visibleText } from '../visible-text.ts'
import type { Face, Piece, TypeCase } from './type-case.ts'

export interface Style {
  readonly size: number
  readonly leading: number
  readonly colour: string
  readonly face: Face
}

/** Something of one look that stands on one line. `x` is from the line's beginning. */
export interface Stretch {
  readonly x: number
  readonly width: number
  readonly pieces: readonly Piece[]
  readonly face: Face
  readonly size: number
  readonly colour: string
  /** Drawn behind it. */
  readonly ground: string | null
  readonly target: Anchor | null
}
export interface Line {
  readonly stretches: readonly Stretch[]
  readonly width: number
}

interface Look {
  readonly face: Face
  readonly size: number
  readonly colour: string
  readonly ground: string | null
  readonly target: Anchor | null
}
interface Atom {
  readonly text: string
  readonly look: Look
}

/** Distance of a chip's ground from its text. */
const PAD = 2.5
const SMALLER = 0.92

const lookOf = (run: Runs[number], style: Style): Look => {
  const plain = { face: style.face, size: style.size, colour: style.colour, ground: null, target: null }
  if (run.kind === 'text') return plain
  if (run.kind === 'strong') return { ...plain, face: 'strong', colour: style.colour === BODY ? INK : style.colour }
  const fixed = {
    ...plain,
    face: style.face === 'strong' ? ('codeStrong' as const) : ('code' as const),
    size: style.size * SMALLER,
  }
  if (run.kind === 'code') return fixed
  return run.target === null
    ? { ...fixed, colour: QUIET, ground: FAINT }
    : { ...fixed, colour: LINK, ground: CHIP, target: run.target }
}

export function linesOf(runs: Runs, width: number, style: Style, types: TypeCase): Line[] {
  const setter = new LineSetter(width, types)
  // What no blank parts stays together, whatever its looks.
  let word: Atom[] = []
  const end = (): void => {
    if (word.length > 0) setter.word(word)
    word = []
  }
  for (const run of runs) {
    const look = lookOf(run, style)
    const text = visibleText(run.text)
    if (run.kind === 'cite') {
      // A chip is one word.
      word.push({ text: text.replaceAll('\n', ' '), look })
      continue
    }
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) {
        end()
        setter.newLine()
      }
      for (const [at, piece] of part.split(' ').entries()) {
        if (at > 0) {
          end()
          setter.blank(look)
        }
        if (piece !== '') word.push({ text: piece, look })
      }
    }
  }
  end()
  return setter.lines()
}

class LineSetter {
  readonly #width: number
  readonly #types: TypeCase
  readonly #lines: Line[] = []
  #stretches: Stretch[] = []
  #x = 0
  /** Width of blanks that are drawn only where something follows them on the line. */
  #blank = 0

  constructor(width: number, types: TypeCase) {
    this.#width = width
    this.#types = types
  }

  blank({ face, size }: Look): void {
    this.#blank += (this.#types.width(' ', face) * size) / 1000
  }

  newLine(): void {
    this.#lines.push({ stretches: joined(this.#stretches, this.#types), width: this.#x })
    this.#stretches = []
    this.#x = 0
    this.#blank = 0
  }

  word(atoms: readonly Atom[]): void {
    const width = atoms.reduce((sum, { text, look }) => sum + this.#widthOf(text, look), 0)
    if (this.#x > 0 && this.#x + this.#blank + width > this.#width) this.newLine()
    this.#x += this.#x > 0 ? this.#blank : 0
    this.#blank = 0
    for (const { text, look } of atoms) {
      if (this.#x + this.#widthOf(text, look) <= this.#width + 0.01) this.#put(text, look)
      else this.#broken(text, look)
    }
  }

  lines(): Line[] {
    if (this.#stretches.length > 0 || this.#lines.length === 0) this.newLine()
    return this.#lines
  }

  #widthOf(text: string, look: Look): number {
    return (this.#types.width(text, look.face) * look.size) / 1000 + (look.ground === null ? 0 : PAD * 2)
  }

  #put(text: string, look: Look): void {
    const pad = look.ground === null ? 0 : PAD
    const pieces = this.#types.set(text, look.face)
    const width = this.#widthOf(text, look) - pad * 2
    const { face, size, colour, ground, target } = look
    this.#stretches.push({ x: this.#x + pad, width, pieces, face, size, colour, ground, target })
    this.#x += width + pad * 2
  }

  /** As much as there is room for, and at least one character, on each line. */
  #broken(text: string, look: Look): void {
    let part = ''
    let width = look.ground === null ? 0 : PAD * 2
    for (const character of text) {
      const own = (this.#types.width(character, look.face) * look.size) / 1000
      if (this.#x + width + own > this.#width && (part !== '' || this.#x > 0)) {
        if (part !== '') this.#put(part, look)
        this.newLine()
        part = ''
        width = look.ground === null ? 0 : PAD * 2
      }
      part += character
      width += own
    }
    if (part !== '') this.#put(part, look)
  }
}

/** Neighbours of one look, with the blank between them, as one: fewer pieces to draw, and whole sentences to copy. */
function joined(stretches: readonly Stretch[], types: TypeCase): Stretch[] {
  const out: Stretch[] = []
  for (const stretch of stretches) {
    const last = out.at(-1)
    const gap = last === undefined ? 0 : stretch.x - (last.x + last.width)
    const blank = (types.width(' ', stretch.face) * stretch.size) / 1000
    const alike = last !== undefined && last.face === stretch.face && last.size === stretch.size && last.colour === stretch.colour
    if (!alike || last.ground !== null || stretch.ground !== null || (gap > 0.01 && Math.abs(gap - blank) > 0.01)) {
      out.push(stretch)
      continue
    }
    const pieces = types.joined(last.pieces, stretch.pieces, gap > 0.01)
    out[out.length - 1] = { ...last, width: stretch.x + stretch.width - last.x, pieces }
  }
  return out
}
