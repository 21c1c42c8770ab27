/**
 * Words as glyphs: every character in the first font of its face that has it; what no font has is shown as its number. pdfkit would
 * shape every word anew, which takes most of the time of a long report; the letters of our two languages need their glyph, its width
 * and what a pair moves together, and each of them is looked up once.
 */
import type { PDFDocument, PdfFont } from 'pdfkit'
import { escapeCharacter } from '../visible-text.ts'
import { FONT_NAMES, readFont, type FontName } from './fonts.ts'

export type Face = 'text' | 'strong' | 'code' | 'codeStrong'
const CHAINS: Readonly<Record<Face, readonly [FontName, FontName]>> = {
  text: ['sans-400', 'noto-400'],
  strong: ['sans-600', 'noto-600'],
  code: ['mono-400', 'noto-400'],
  codeStrong: ['mono-600', 'noto-600'],
}

/** Characters of one font. */
export interface Piece {
  readonly font: FontName
  /** Operand of PDF's TJ, without its brackets: glyphs in hexadecimal, and thousandths of the size between them. */
  readonly show: string
  /** In thousandths of the size. */
  readonly width: number
}
interface Glyph {
  readonly hex: string
  readonly width: number
}
/** Words come again soon or not at all. */
const MOST_KEPT = 4000
/** Blanks of other widths, as between thousands, are in few fonts. */
const BLANK = /[^\P{Zs} ]/u

export class TypeCase {
  readonly #fonts = new Map<FontName, CutFont>()
  readonly #chosen = new Map<Face, Map<string, FontName | null>>()
  readonly #words = new Map<Face, Map<string, readonly Piece[]>>()

  constructor(pdf: PDFDocument) {
    for (const name of FONT_NAMES)
      this.#fonts.set(name, new CutFont(pdf.registerFont(name, readFont(name)).font(name)._font, name.startsWith('sans')))
    for (const face of ['text', 'strong', 'code', 'codeStrong'] as const) {
      this.#chosen.set(face, new Map())
      this.#words.set(face, new Map())
    }
  }

  font(name: FontName): PdfFont {
    return this.#fonts.get(name)!.font
  }

  set(word: string, face: Face): readonly Piece[] {
    const words = this.#words.get(face)!
    let pieces = words.get(word)
    if (pieces === undefined) {
      pieces = this.#cut(word, face)
      if (words.size >= MOST_KEPT) words.clear()
      words.set(word, pieces)
    }
    return pieces
  }

  /** In thousandths of the size. */
  width(word: string, face: Face): number {
    const pieces = this.set(word, face)
    if (pieces.length === 1) return pieces[0]!.width
    return pieces.reduce((sum, { width }) => sum + width, 0)
  }

  /** Both with a blank between them where there is one; pieces of one font become one. */
  joined(before: readonly Piece[], after: readonly Piece[], blank: boolean): Piece[] {
    const [last, first] = [before.at(-1), after[0]]
    if (last === undefined || first === undefined) return [...before, ...after]
    const gap = blank ? this.#fonts.get(last.font)!.glyph(' ') : null
    const [show, width] = gap === null ? [last.show, last.width] : [`${last.show}<${gap.hex}>`, last.width + gap.width]
    if (last.font !== first.font) return [...before.slice(0, -1), { font: last.font, show, width }, ...after]
    const one = { font: last.font, show: show + first.show, width: width + first.width }
    return [...before.slice(0, -1), one, ...after.slice(1)]
  }

  #cut(word: string, face: Face): Piece[] {
    const parts: { font: FontName; text: string }[] = []
    // Korean that was written as single jamo (names of files on some systems) has its syllables in the font.
    for (const written of word.normalize('NFC')) {
      const character = BLANK.test(written) ? '\u00a0' : written
      const chosen = this.#fontOf(character, face)
      const [font, text] = chosen === null ? [CHAINS[face][0], escapeCharacter(character)] : [chosen, character]
      const last = parts.at(-1)
      if (last?.font === font) last.text += text
      else parts.push({ font, text })
    }
    return parts.map(({ font, text }) => ({ font, ...this.#fonts.get(font)!.show(text) }))
  }

  #fontOf(character: string, face: Face): FontName | null {
    const chosen = this.#chosen.get(face)!
    let font = chosen.get(character)
    if (font === undefined) {
      const code = character.codePointAt(0) ?? 0
      font = CHAINS[face].find((name) => this.font(name).font.hasGlyphForCodePoint(code)) ?? null
      chosen.set(character, font)
    }
    return font
  }
}

class CutFont {
  readonly font: PdfFont
  readonly #kerned: boolean
  readonly #glyphs = new Map<string, Glyph>()
  readonly #pairs = new Map<string, number>()

  constructor(font: PdfFont, kerned: boolean) {
    this.font = font
    this.#kerned = kerned
  }

  glyph(character: string): Glyph {
    let glyph = this.#glyphs.get(character)
    if (glyph === undefined) {
      const [glyphs, positions] = this.font.encode(character)
      glyph = { hex: glyphs.join(''), width: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) }
      this.#glyphs.set(character, glyph)
    }
    return glyph
  }

  show(text: string): { show: string; width: number } {
    let show = '<'
    let width = 0
    let before = ''
    for (const character of text) {
      const move = this.#kerned && before !== '' ? this.#pair(before + character) : 0
      if (move !== 0) {
        show += `>${-move}<`
        width += move
      }
      const glyph = this.glyph(character)
      show += glyph.hex
      width += glyph.width
      before = character
    }
    return { show: `${show}>`, width }
  }

  /** What the second of two moves towards the first, in thousandths; negative is nearer. */
  #pair(pair: string): number {
    let move = this.#pairs.get(pair)
    if (move === undefined) {
      const { positions } = this.font.layout(pair)
      const [first] = positions
      // One glyph for two letters is not used, so that letters stay letters.
      move = positions.length === 2 && first !== undefined ? Math.round(first.xAdvance - first.advanceWidth) : 0
      this.#pairs.set(pair, move)
    }
    return move
  }
}
