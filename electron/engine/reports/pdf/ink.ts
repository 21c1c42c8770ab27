/** Marks → operators of one page (ISO 32000-1, 8 and 9). y grows downwards, as pdfkit has turned the page. */
import { FAINT, IMPACT, INK, LINE, QUIET, ROUTE_COLOUR } from '../colours.ts'
import { DISC_RADIUS, NODE_RADIUS, type Point, type RoutePicture } from '../route-picture.ts'
import type { FontName } from './fonts.ts'
import type { Mark } from './flow.ts'
import type { Piece, TypeCase } from './type-case.ts'

const n = (value: number): string => String(Math.round(value * 100) / 100)
/** Of a quarter of a circle, as a cubic curve. */
const ARC = 0.5523

export class Ink {
  readonly fonts = new Set<FontName>()
  readonly #types: TypeCase
  readonly #out: string[] = []
  #colour = ''

  constructor(types: TypeCase) {
    this.#types = types
  }

  get operators(): string {
    return this.#out.join('\n')
  }

  draw(marks: readonly Mark[]): void {
    for (const mark of marks) {
      if (mark.mark === 'box') this.#box(mark.x, mark.y, mark.width, mark.height, mark.radius, mark.colour)
      else if (mark.mark === 'picture') this.#picture(mark.x, mark.y, mark.picture)
      else if (mark.mark === 'line')
        for (const { x, pieces, size, colour, ground, width } of mark.line.stretches) {
          if (ground !== null) this.#box(mark.x + x - 2, mark.y - size * 0.95, width + 4, size * 1.3, 1.5, ground)
          this.#text(pieces, mark.x + x, mark.y, size, colour)
        }
    }
  }

  #text(pieces: readonly Piece[], x: number, y: number, size: number, colour: string): void {
    this.#fill(colour)
    let operators = `BT 1 0 0 -1 ${n(x)} ${n(y)} Tm`
    for (const { font, show } of pieces) {
      this.fonts.add(font)
      operators += ` /${this.#types.font(font).id} ${n(size)} Tf [${show}] TJ`
    }
    this.#out.push(`${operators} ET`)
  }

  #fill(colour: string): void {
    if (colour === this.#colour) return
    this.#colour = colour
    this.#out.push(`${rgb(colour)} rg`)
  }

  #box(x: number, y: number, width: number, height: number, radius: number, colour: string): void {
    this.#fill(colour)
    this.#out.push(radius === 0 ? `${n(x)} ${n(y)} ${n(width)} ${n(height)} re f` : `${rounded(x, y, width, height, radius)} f`)
  }

  #picture(left: number, top: number, { zones, edges, nodes, width, height }: RoutePicture): void {
    const at = ({ x, y }: Point): string => `${n(left + x)} ${n(top + y)}`
    for (const zone of zones) {
      this.#box(left + zone.x, top + zone.y, zone.width, zone.height, 0, FAINT)
      this.#text(this.#types.set(zone.name, 'text'), left + zone.x + 6, top + 13, 8, QUIET)
    }
    for (const { state, curve, head } of edges) {
      const [from, one, two, to] = curve
      const weight = state === 'worked' ? 1.6 : state === 'tried' ? 1 : 0.7
      const dash = state === 'tried' ? '[4 3] 0 d' : '[] 0 d'
      this.#out.push(`q ${rgb(ROUTE_COLOUR[state])} RG ${weight} w ${dash} ${at(from)} m ${at(one)} ${at(two)} ${at(to)} c S Q`)
      const [a, b, c] = head
      this.#fill(ROUTE_COLOUR[state])
      this.#out.push(`${at(a)} m ${at(b)} l ${at(c)} l h f`)
    }
    for (const node of nodes) {
      const r = NODE_RADIUS
      const radius = node.kind === 'host' || node.kind === 'service' || node.kind === 'file' ? 3 : r
      this.#fill('#ffffff')
      this.#out.push(
        `q ${rgb(node.worked ? IMPACT : QUIET)} RG ${node.worked ? 1.6 : 1} w ${rounded(left + node.x - r, top + node.y - r, r * 2, r * 2, radius)} B Q`,
      )
      this.#centred(node.name, left + node.x, top + node.y + r + 10, 'code', INK)
    }
    for (const { state, step, disc } of edges) {
      if (step === null) continue
      const r = DISC_RADIUS
      this.#box(left + disc.x - r, top + disc.y - r, r * 2, r * 2, r, ROUTE_COLOUR[state])
      this.#centred(String(step), left + disc.x, top + disc.y + 2.6, 'strong', '#ffffff')
    }
    this.#out.push(`q ${rgb(LINE)} RG 0.5 w ${n(left)} ${n(top)} ${n(width)} ${n(height)} re S Q`)
  }

  #centred(text: string, x: number, y: number, face: 'code' | 'strong', colour: string): void {
    const size = 7.4
    this.#text(this.#types.set(text, face), x - (this.#types.width(text, face) * size) / 2000, y, size, colour)
  }
}

const colours = new Map<string, string>()
function rgb(colour: string): string {
  let operands = colours.get(colour)
  if (operands === undefined) {
    operands = [1, 3, 5].map((at) => String(Math.round((parseInt(colour.slice(at, at + 2), 16) / 255) * 1000) / 1000)).join(' ')
    colours.set(colour, operands)
  }
  return operands
}

function rounded(x: number, y: number, width: number, height: number, radius: number): string {
  const [right, bottom, away] = [x + width, y + height, radius * (1 - ARC)]
  return [
    `${n(x + radius)} ${n(y)} m ${n(right - radius)} ${n(y)} l`,
    `${n(right - away)} ${n(y)} ${n(right)} ${n(y + away)} ${n(right)} ${n(y + radius)} c ${n(right)} ${n(bottom - radius)} l`,
    `${n(right)} ${n(bottom - away)} ${n(right - away)} ${n(bottom)} ${n(right - radius)} ${n(bottom)} c ${n(x + radius)} ${n(bottom)} l`,
    `${n(x + away)} ${n(bottom)} ${n(x)} ${n(bottom - away)} ${n(x)} ${n(bottom - radius)} c ${n(x)} ${n(y + radius)} l`,
    `${n(x)} ${n(y + away)} ${n(x + away)} ${n(y)} ${n(x + radius)} ${n(y)} c h`,
  ].join(' ')
}
