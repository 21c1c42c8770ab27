/** A large event log of the corpus' records: its own files have a few each, in chunks that are nearly empty. */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ChunkXml, type Content, type Instance, type Node } from '../../electron/engine/evtx/binxml.ts'
import {
  madeChunks,
  madeEvtx,
  type MadeNode,
  type MadePart,
  type MadeRecord,
  type MadeValue,
} from '../../electron/engine/evtx/made-evtx.ts'
import { BINXML_TYPE } from '../../electron/engine/evtx/values.ts'

const HEADER = 4096
const FIRST_RECORD = 512

/** Templates that say the same are one, as in a log of one machine. */
class Templates {
  readonly #known = new Map<string, readonly MadeNode[]>()
  of({ nodes }: Content): readonly MadeNode[] {
    const template = nodes.map(madeNode)
    const key = JSON.stringify(template)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, template)
    return template
  }
}

/** Writes at least so many bytes. Gives how many there are, and records. */
export function largeEvtx(corpus: string, target: string, bytes: number): { readonly bytes: number; readonly records: number } {
  const templates = new Templates()
  const known = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.evtx'))
    .sort()
    .flatMap((name) => recordsOf(readFileSync(join(corpus, name)), templates))
  const fd = openSync(target, 'w')
  let written = writeSync(fd, madeEvtx([]))
  let chunks = 0
  let records = 0
  function* endless(): Generator<MadeRecord> {
    for (;;) for (const record of known) yield { ...record, id: ++records }
  }
  for (const chunk of madeChunks(endless())) {
    written += writeSync(fd, chunk)
    chunks++
    if (written >= bytes) break
  }
  writeSync(fd, madeEvtx([], chunks), 0, undefined, 0)
  closeSync(fd)
  return { bytes: written, records }
}

function recordsOf(file: Buffer, templates: Templates): MadeRecord[] {
  const found: MadeRecord[] = []
  for (let chunk = HEADER; chunk + FIRST_RECORD < file.length; chunk += 65_536) {
    const data = Uint8Array.from(file.subarray(chunk, chunk + 65_536))
    const xml = new ChunkXml(data)
    const free = xml.view.getUint32(48, true)
    for (let at = FIRST_RECORD; at < free && xml.view.getUint32(at, true) === 0x2a2a;) {
      const size = xml.view.getUint32(at + 4, true)
      const [instance] = xml.fragment(at + 24, at + size - 4, false).nodes
      if (instance?.kind === 'instance') found.push({ id: 0, ...madeInstance(xml, instance, templates) })
      at += size
    }
  }
  return found
}

function madeInstance(
  xml: ChunkXml,
  { template, values }: Instance,
  templates: Templates,
): Pick<MadeRecord, 'template' | 'values'> {
  return {
    template: templates.of(template),
    values: Array.from({ length: values.length / 3 }, (_, i): MadeValue => {
      const [type, at, size] = [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!]
      if (type === BINXML_TYPE) {
        const [inner] = xml.fragment(at, at + size, true).nodes
        if (inner?.kind === 'instance') return madeInstance(xml, inner, templates)
      }
      return { type, bytes: Uint8Array.from(xml.data.subarray(at, at + size)) }
    }),
  }
}

function madeNode(node: Node): MadeNode {
  if (node.kind === 'element')
    return {
      name: node.name,
      attributes: Object.fromEntries(node.attributes.map(({ name, parts }) => [name, parts.map(madePart)])),
      children: node.content.nodes.map(madeNode),
    }
  return madePart(node)
}
function madePart(part: Node): MadePart {
  if (part.kind === 'text') return part.value
  if (part.kind === 'value') return { value: part.index, optional: part.optional }
  throw new Error(`a ${part.kind} where a part is wanted`)
}
