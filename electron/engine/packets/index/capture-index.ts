/** The index of one capture, in its folder: columns, flows, notes, and what is said of the whole. */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FlowTable, flowBytes } from '../flows/flow-table.ts'
import { fields, protocolNames, protocolNumber } from '../decode/registry.ts'
import { Description, INDEX_VERSION, type StoredFile, type StoredInterface } from './capture-description.ts'
import { CHUNK, CHUNK_BYTES, Columns } from './columns.ts'
import type { Totals } from './header-pass.ts'
import { placesEnd, readPlaces, storePlaces } from './note-places.ts'
import { Notes } from './notes.ts'
import { Stacks } from './stacks.ts'

const META = 'meta.json'

/** What the index knows beside its columns; filled while the capture is read. */
export interface Known {
  files: StoredFile[]
  interfaces: StoredInterface[]
  comments: string[]
  /** By packet number. */
  packetComments: Map<number, string[]>
  /** By address. */
  names: Map<string, string>
  secrets: string[]
  totals: Totals
  /** Fields whose values are in the notes, by name. */
  fields: ReadonlySet<string>
  /** Packets by number of the outermost protocol. */
  outermost: Map<number, number>
}

const noTotals = (): Totals => ({
  captured: 0,
  wire: 0,
  firstSeconds: NaN,
  firstNanos: 0,
  lastSeconds: NaN,
  lastNanos: 0,
  earliest: Infinity,
  latest: -Infinity,
  finest: 6,
})

export class CaptureIndex {
  readonly folder: string
  readonly columns: Columns
  readonly flows: FlowTable
  readonly stacks: Stacks
  readonly notes: Notes
  readonly known: Known

  private constructor(folder: string, columns: Columns, flows: FlowTable, stacks: Stacks, notes: Notes, known: Known) {
    this.folder = folder
    this.columns = columns
    this.flows = flows
    this.stacks = stacks
    this.notes = notes
    this.known = known
  }

  /** An empty one, which takes the place of whatever is in the folder. */
  static create(folder: string): CaptureIndex {
    // Otherwise one that is half made would be taken for the whole one before it.
    rmSync(join(folder, META), { force: true })
    return new CaptureIndex(
      folder,
      new Columns(join(folder, 'columns.bin'), { write: true, length: 0 }),
      new FlowTable(join(folder, 'flows.bin'), { write: true }),
      new Stacks(),
      new Notes(join(folder, 'notes.bin'), { write: true }),
      {
        files: [],
        interfaces: [],
        comments: [],
        packetComments: new Map(),
        names: new Map(),
        secrets: [],
        totals: noTotals(),
        fields: new Set(fields.map(({ name }) => name)),
        outermost: new Map(),
      },
    )
  }

  /** One that is whole, or null: then it is made again. */
  static open(folder: string): CaptureIndex | null {
    const meta = join(folder, META)
    if (!existsSync(meta)) return null
    try {
      const parsed = Description.safeParse(JSON.parse(readFileSync(meta, 'utf8')))
      if (!parsed.success) return null
      const { data } = parsed
      const places = readPlaces(data.notes)
      if (places === null || !isWhole(folder, data, placesEnd(places))) return null
      return new CaptureIndex(
        folder,
        new Columns(join(folder, 'columns.bin'), { write: false, length: data.packets }),
        new FlowTable(join(folder, 'flows.bin'), {
          write: false,
          length: data.flows,
          tcp: data.tcpStreams,
          udp: data.udpStreams,
        }),
        Stacks.from(data.stacks),
        new Notes(join(folder, 'notes.bin'), { write: false, places }),
        {
          files: data.files,
          interfaces: data.interfaces,
          comments: data.comments,
          packetComments: groupComments(data.packetComments),
          names: new Map(data.names),
          secrets: data.secrets,
          totals: {
            captured: data.capturedBytes,
            wire: data.wireBytes,
            firstSeconds: data.firstSeconds ?? NaN,
            firstNanos: data.firstNanos,
            lastSeconds: data.lastSeconds ?? NaN,
            lastNanos: data.lastNanos,
            earliest: data.earliest ?? Infinity,
            latest: data.latest ?? -Infinity,
            finest: data.timeDigits,
          },
          fields: new Set(data.fields),
          outermost: new Map(data.linkCounts.map(([name, count]) => [protocolNumber(name), count])),
        },
      )
    } catch {
      // Damaged: it is a cache.
      return null
    }
  }

  /** Says that the index is whole. */
  save(): void {
    const { columns, flows, stacks, notes, known, folder } = this
    columns.flush()
    flows.flush()
    notes.flush()
    const { totals } = known
    const description: Description = {
      version: INDEX_VERSION,
      files: known.files,
      packets: columns.length,
      capturedBytes: totals.captured,
      wireBytes: totals.wire,
      firstSeconds: orNull(totals.firstSeconds),
      firstNanos: totals.firstNanos,
      lastSeconds: orNull(totals.lastSeconds),
      lastNanos: totals.lastNanos,
      earliest: orNull(totals.earliest),
      latest: orNull(totals.latest),
      timeDigits: totals.finest,
      linkCounts: [...this.linkCounts()],
      interfaces: known.interfaces,
      comments: known.comments,
      packetComments: [...known.packetComments].flatMap(([packet, texts]) =>
        texts.map((text): [number, string] => [packet, text]),
      ),
      names: [...known.names],
      secrets: known.secrets,
      flows: flows.length,
      tcpStreams: flows.tcpStreams,
      udpStreams: flows.udpStreams,
      stacks: stacks.toJSON(),
      notes: storePlaces(notes.places),
      fields: [...known.fields],
    }
    const part = join(folder, `${META}.part`)
    writeFileSync(part, JSON.stringify(description), { mode: 0o600 })
    renameSync(part, join(folder, META))
  }

  /** Packets by outermost protocol: Wireshark's name of the link layer. */
  linkCounts(): Map<string, number> {
    const named = new Map<string, number>()
    for (const [stack, count] of this.known.outermost) {
      const name = protocolNames[stack] ?? 'data'
      named.set(name, (named.get(name) ?? 0) + count)
    }
    return named
  }

  close(): void {
    this.columns.close()
    this.flows.close()
    this.notes.close()
  }
}

/** Where a file of the uncompressed bytes of a compressed one lies. */
export const expandedPath = (folder: string, file: number): string => join(folder, `content-${file}`)

/** Whether what the description speaks of is there. Throws where a file is not. */
function isWhole(folder: string, { packets, flows, files }: Description, notesEnd: number): boolean {
  const size = (name: string): number => statSync(join(folder, name)).size
  return (
    size('columns.bin') >= Math.ceil(packets / CHUNK) * CHUNK_BYTES &&
    size('flows.bin') >= flowBytes(flows) &&
    size('notes.bin') >= notesEnd &&
    files.every(({ compression }, file) => compression === null || existsSync(expandedPath(folder, file)))
  )
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

function groupComments(list: readonly (readonly [number, string])[]): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const [packet, text] of list) {
    const texts = found.get(packet)
    if (texts === undefined) found.set(packet, [text])
    else texts.push(text)
  }
  return found
}
