/** A large event log of the corpus' records: its own files have a few each, in chunks that are nearly empty. */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ChunkXml, type Content, type Instance, type Node } from '../../electron/engine/evtx/binxml.ts'
import {
  madeChunks,
  madeEvtx,
  utf16,
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

/** All records of the corpus' event logs, in the order of the files' names. */
export function corpusRecords(corpus: string): MadeRecord[] {
  const templates = new Templates()
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.evtx'))
    .sort()
    .flatMap((name) => recordsOf(readFileSync(join(corpus, name)), templates))
}

/** Writes records until there are none or so many bytes. Gives how many there are, and records. */
export function writeEvtx(
  records: Iterable<MadeRecord>,
  target: string,
  bytes: number,
): { readonly bytes: number; readonly records: number } {
  const fd = openSync(target, 'w')
  let written = writeSync(fd, madeEvtx([]))
  let chunks = 0
  let count = 0
  function* numbered(): Generator<MadeRecord> {
    for (const record of records) yield { ...record, id: ++count }
  }
  for (const chunk of madeChunks(numbered())) {
    written += writeSync(fd, chunk)
    chunks++
    if (written >= bytes) break
  }
  writeSync(fd, madeEvtx([], chunks), 0, undefined, 0)
  closeSync(fd)
  return { bytes: written, records: count }
}

const STRING = 1
/** The record with a word of its own at the end of what people and programs write: texts with blanks in them. */
export function varied(record: MadeRecord, word: string): MadeRecord {
  return { ...record, values: record.values.map((value) => variedValue(value, word)) }
}
function variedValue(value: MadeValue, word: string): MadeValue {
  if ('values' in value) return { ...value, values: value.values.map((inner) => variedValue(inner, word)) }
  if (!('type' in value) || value.type !== STRING) return value
  const text = Buffer.from(value.bytes).toString('utf16le').replace(/\0+$/, '')
  return text.includes(' ') ? { type: STRING, bytes: utf16(`${text} ${word}`) } : value
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
