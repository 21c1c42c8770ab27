/** A data folder that evidence is imported into, and whose alerts are verified: the engine as it is, with nothing left out. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Alert } from '../../../shared/model/alert.ts'
import type { DecidingBytes, Verification } from '../../../shared/model/impact.ts'
import { quote } from '../../../shared/query/escape.ts'
import { Assets } from '../../../electron/engine/assets/assets.ts'
import { PacketBench } from '../../../electron/engine/packets/bench/bench.ts'
import { CaptureLibrary } from '../../../electron/engine/packets/library/capture-library.ts'
import { openStoreWith } from '../../../electron/engine/store/client.ts'
import type { Store } from '../../../electron/engine/store/types.ts'
import { CaptureStreams } from '../../../electron/engine/verify/gather/streams.ts'
import { deskKnows } from '../../../electron/engine/verify/desk-knows.ts'
import { Verifier } from '../../../electron/engine/verify/verifier.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'engine', 'cli.js')
const WHO = 'conformance'
const never = new AbortController().signal

export interface Asked {
  /** `1:9500001`, or the id of a rule. */
  readonly detection: string
  /** An address or host that the alert names, where several have the detection. */
  readonly about?: string
}

export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'watchfloor-impact-'))
  readonly #data = join(this.folder, 'data')
  #store: Store | null = null
  #bench: PacketBench | null = null
  #close: () => Promise<void> = () => Promise.resolve()
  #verifier: Verifier | null = null

  /** Writes files beside the data folder; their folder. */
  write(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
    const folder = join(this.folder, name)
    for (const [file, content] of Object.entries(files)) {
      const path = join(folder, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
    return folder
  }

  /** Imports files and folders, with the shipped rules. Throws where the import fails as a whole. */
  async import(...paths: readonly string[]): Promise<void> {
    await run(process.execPath, [cli, 'import', ...paths, '--data', this.#data], { maxBuffer: 1 << 24 }).catch(
      (error: unknown) => {
        // Ends with 1 where a file is none of records, as a manifest is.
        if (error instanceof Error && 'stdout' in error && /\d+ records/.test(String(error.stdout))) return
        throw error
      },
    )
  }

  async open(): Promise<void> {
    const opened = await openStoreWith(this.#data, {})
    if (!opened.ok) throw new Error(opened.error.message)
    const store = opened.value
    const bench = new PacketBench(this.#data)
    const library = new CaptureLibrary(this.#data)
    const assets = new Assets(store, this.#data)
    await assets.start()
    const verifier = new Verifier(store, deskKnows(new CaptureStreams(bench, library), assets))
    this.#store = store
    this.#bench = bench
    this.#verifier = verifier
    this.#close = async () => {
      await verifier.close()
      await assets.close()
      await library.close()
      await bench.close()
      await store.close()
    }
  }

  /** Alerts of a detection, the oldest first. */
  async alerts({ detection, about }: Asked): Promise<readonly Alert[]> {
    const where = `detection:${quote(detection)}`
    const found = await this.#opened.alerts.search(
      {
        where,
        states: ['open', 'snoozed', 'decided'],
        window: { from: null, to: null },
        order: 'oldest',
        limit: 500,
        after: null,
      },
      WHO,
      never,
    )
    if (!found.ok) throw new Error(found.error.message)
    return found.value.alerts.filter(
      ({ source, destination, asset }) =>
        about === undefined || [source.ip, source.name, destination.ip, destination.name, asset].includes(about),
    )
  }

  async verify(alert: string): Promise<Verification> {
    const verified = await this.#verifier!.verify([alert], WHO, never)
    if (!verified.ok) throw new Error(verified.error.message)
    const [one] = verified.value
    if (one === undefined) throw new Error(`the alert ${alert} was not verified`)
    return one
  }

  /** Null where the bytes stand where they are said to; else what is wrong. Read anew from the packet or the event. */
  async misplaced(bytes: DecidingBytes): Promise<string | null> {
    const said = Buffer.from(bytes.base64, 'base64').subarray(bytes.start, bytes.end)
    const { cite } = bytes
    if (said.length === 0) return 'no bytes decided'
    if (cite.kind === 'packet') {
      const packet = await this.#packet(cite.capture, cite.packet)
      if (packet === null) return `packet ${cite.packet} of ${cite.capture} cannot be read`
      if (cite.offset + cite.length > packet.length) return `packet ${cite.packet} has ${packet.length} bytes only`
      if (bytes.decoded) return null
      const there = packet.subarray(cite.offset, cite.offset + Math.min(cite.length, said.length))
      return said.subarray(0, there.length).equals(there) && there.length > 0 ? null : `packet ${cite.packet} says otherwise`
    }
    if (cite.kind !== 'event' || bytes.field === null) return 'bytes without a place'
    const got = await this.#opened.events.get({ id: cite.event }, never)
    if (!got.ok) return got.error.message
    const value = got.value.fields[bytes.field]
    const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : []
    const from = bytes.offset + bytes.start
    const stands = texts.some((text) =>
      [Buffer.from(text, 'utf8'), Buffer.from(text, 'base64')].some((all) => all.subarray(from, from + said.length).equals(said)),
    )
    return stands ? null : `the field ${bytes.field} says otherwise`
  }

  async #packet(capture: string, packet: number): Promise<Buffer | null> {
    const opened = await this.#bench!.openFiles([capture])
    if (!opened.ok) return null
    const thread = this.#bench!.thread(opened.value.id)
    if (!thread.ok) return null
    const got = await thread.value.call('bytes', { packet }, never)
    return got.ok ? Buffer.from(got.value.bytes, 'base64') : null
  }
  get #opened(): Store {
    if (this.#store === null) throw new Error('the desk is not open')
    return this.#store
  }

  async close(): Promise<void> {
    await this.#close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
