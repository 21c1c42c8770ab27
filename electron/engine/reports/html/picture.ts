/** The route as SVG. Nothing in it is a link, a script or a style of its own. */
import type { Block } from '../../../../shared/model/report.ts'
import { DISC_RADIUS, NODE_RADIUS, routePicture, type Point } from '../route-picture.ts'
import { html } from './escape.ts'

const WIDTH = 600
const n = (value: number): string => String(Math.round(value * 10) / 10)
const at = ({ x, y }: Point): string => `${n(x)} ${n(y)}`

export function pictureHtml(block: Extract<Block, { kind: 'route' }>): string {
  const { width, height, zones, edges, nodes } = routePicture(block, WIDTH)
  const out = [`<figure><svg viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-label="${html(block.title)}">`]
  for (const zone of zones) {
    out.push(`<rect class="zone" x="${n(zone.x)}" y="0" width="${n(zone.width)}" height="${n(zone.height)}"/>`)
    out.push(`<text class="zone-name" x="${n(zone.x + 6)}" y="13">${html(zone.name)}</text>`)
  }
  for (const { state, curve, head } of edges) {
    const [from, one, two, to] = curve
    out.push(`<path class="edge ${state}" d="M${at(from)}C${at(one)} ${at(two)} ${at(to)}"/>`)
    out.push(`<path class="head ${state}" d="M${head.map(at).join('L')}Z"/>`)
  }
  for (const node of nodes) {
    const mark = node.worked ? 'node worked' : 'node'
    if (node.kind === 'host' || node.kind === 'service' || node.kind === 'file')
      out.push(
        `<rect class="${mark}" x="${n(node.x - NODE_RADIUS)}" y="${n(node.y - NODE_RADIUS)}" width="${NODE_RADIUS * 2}" height="${NODE_RADIUS * 2}" rx="3"/>`,
      )
    else out.push(`<circle class="${mark}" cx="${n(node.x)}" cy="${n(node.y)}" r="${NODE_RADIUS}"/>`)
    out.push(`<text class="name" x="${n(node.x)}" y="${n(node.y + NODE_RADIUS + 10)}">${html(node.name)}</text>`)
  }
  for (const { state, step, disc } of edges)
    if (step !== null)
      out.push(
        `<circle class="disc ${state}" cx="${n(disc.x)}" cy="${n(disc.y)}" r="${DISC_RADIUS}"/><text class="number" x="${n(disc.x)}" y="${n(disc.y + 2.8)}">${step}</text>`,
      )
  out.push('</svg></figure>')
  return out.join('')
}
