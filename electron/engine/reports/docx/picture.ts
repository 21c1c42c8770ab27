/** The route as shapes of DrawingML in a group: lines, curves and words, no image, which would need a program that paints. */
import type { Block } from '../../../../shared/model/report.ts'
import { FAINT, IMPACT, INK, QUIET, ROUTE_COLOUR } from '../colours.ts'
import { DISC_RADIUS, NODE_RADIUS, routePicture, type Point } from '../route-picture.ts'
import { plainColour } from './styles.ts'
import { xml } from './xml.ts'

/** Points → English Metric Units. */
const emu = (points: number): number => Math.round(points * 12_700)
const WIDTH = 488

interface Look {
  readonly fill: string | null
  readonly line: { readonly colour: string; readonly weight: number; readonly dashed: boolean } | null
}

export function pictureXml(block: Extract<Block, { kind: 'route' }>, firstId: number): { xml: string; ids: number } {
  const picture = routePicture(block, WIDTH)
  let id = firstId
  const parts: string[] = []
  const shape = (geometry: string, at: Point, width: number, height: number, look: Look, text = ''): void => {
    id++
    const frame = `<a:xfrm><a:off x="${emu(at.x)}" y="${emu(at.y)}"/><a:ext cx="${emu(width)}" cy="${emu(height)}"/></a:xfrm>`
    const fill = look.fill === null ? '<a:noFill/>' : solid(look.fill)
    const line =
      look.line === null
        ? '<a:ln><a:noFill/></a:ln>'
        : `<a:ln w="${emu(look.line.weight)}">${solid(look.line.colour)}${look.line.dashed ? '<a:prstDash val="dash"/>' : ''}</a:ln>`
    parts.push(
      `<wps:wsp><wps:cNvPr id="${id}" name="${id}"/><wps:cNvSpPr/><wps:spPr>${frame}${geometry}${fill}${line}</wps:spPr>${text}<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/></wps:bodyPr></wps:wsp>`,
    )
  }
  const words = (text: string, at: Point, width: number, size: number, colour: string, align: string, style: string): void =>
    shape(
      preset('rect'),
      at,
      width,
      12,
      { fill: null, line: null },
      `<wps:txbx><w:txbxContent><w:p><w:pPr><w:pStyle w:val="Band"/><w:jc w:val="${align}"/></w:pPr><w:r><w:rPr>${style}<w:color w:val="${plainColour(colour)}"/><w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr><w:t xml:space="preserve">${xml(text)}</w:t></w:r></w:p></w:txbxContent></wps:txbx>`,
    )
  for (const zone of picture.zones) {
    shape(preset('rect'), zone, zone.width, zone.height, { fill: FAINT, line: null })
    words(zone.name, { x: zone.x + 6, y: 4 }, zone.width - 12, 15, QUIET, 'left', '')
  }
  for (const { state, curve, head } of picture.edges) {
    const colour = ROUTE_COLOUR[state]
    const weight = state === 'worked' ? 1.6 : state === 'tried' ? 1 : 0.7
    const open = path(curve, ([a, b, c, d]) => `${move(a)}<a:cubicBezTo>${point(b)}${point(c)}${point(d)}</a:cubicBezTo>`)
    shape(open.geometry, open.at, open.width, open.height, { fill: null, line: { colour, weight, dashed: state === 'tried' } })
    const arrow = path(head, ([a, b, c]) => `${move(a)}<a:lnTo>${point(b)}</a:lnTo><a:lnTo>${point(c)}</a:lnTo><a:close/>`)
    shape(arrow.geometry, arrow.at, arrow.width, arrow.height, { fill: colour, line: null })
  }
  for (const node of picture.nodes) {
    const square = node.kind === 'host' || node.kind === 'service' || node.kind === 'file'
    const corner = { x: node.x - NODE_RADIUS, y: node.y - NODE_RADIUS }
    const line = { colour: node.worked ? IMPACT : QUIET, weight: node.worked ? 1.6 : 1, dashed: false }
    shape(preset(square ? 'roundRect' : 'ellipse'), corner, NODE_RADIUS * 2, NODE_RADIUS * 2, { fill: '#ffffff', line })
    words(node.name, { x: node.x - 60, y: node.y + NODE_RADIUS + 1 }, 120, 14, INK, 'center', '<w:rStyle w:val="Code"/>')
  }
  for (const { state, step, disc } of picture.edges) {
    if (step === null) continue
    const r = DISC_RADIUS
    shape(preset('ellipse'), { x: disc.x - r, y: disc.y - r }, r * 2, r * 2, { fill: ROUTE_COLOUR[state], line: null })
    words(String(step), { x: disc.x - 12, y: disc.y - 6 }, 24, 14, '#ffffff', 'center', '<w:b/>')
  }
  const size = `cx="${emu(picture.width)}" cy="${emu(picture.height)}"`
  const group = `<wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext ${size}/><a:chOff x="0" y="0"/><a:chExt ${size}/></a:xfrm></wpg:grpSpPr>${parts.join('')}</wpg:wgp>`
  const inline = `<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent ${size}/><wp:docPr id="${firstId}" name="Route" descr="${xml(block.title)}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup">${group}</a:graphicData></a:graphic></wp:inline>`
  return {
    xml: `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing>${inline}</w:drawing></mc:Choice><mc:Fallback><w:t>${xml(block.title)}</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
    ids: id - firstId + 1,
  }
}

const solid = (colour: string): string => `<a:solidFill><a:srgbClr val="${plainColour(colour)}"/></a:solidFill>`
const preset = (name: string): string => `<a:prstGeom prst="${name}"><a:avLst/></a:prstGeom>`
const point = ({ x, y }: Point): string => `<a:pt x="${emu(x)}" y="${emu(y)}"/>`
const move = (to: Point): string => `<a:moveTo>${point(to)}</a:moveTo>`

/** Points are told from the corner of the shape. */
function path<T extends readonly Point[]>(points: T, draw: (moved: T) => string) {
  const at = { x: Math.min(...points.map(({ x }) => x)), y: Math.min(...points.map(({ y }) => y)) }
  const width = Math.max(0.1, Math.max(...points.map(({ x }) => x)) - at.x)
  const height = Math.max(0.1, Math.max(...points.map(({ y }) => y)) - at.y)
  const moved = points.map(({ x, y }) => ({ x: x - at.x, y: y - at.y })) as unknown as T
  const fill = points.length === 4 ? ' fill="none"' : ''
  const geometry = `<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="${emu(width)}" h="${emu(height)}"${fill}>${draw(moved)}</a:path></a:pathLst></a:custGeom>`
  return { at, width, height, geometry }
}
