/** What is done with evidence of incidents: added, viewed, exported, checked. Every deed is in the incident's ledger. */
import { randomUUID } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm, unlink, link } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { Capture } from '../../../shared/model/capture.ts'
import type { Evidence } from '../../../shared/model/incident.ts'
import { MOST_UPLOAD, type PictureType } from '../../../shared/incident-evidence-contract.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { PacketBench } from '../packets/bench/bench.ts'
import type { Checked, NewItem } from '../store/incidents/evidence-edits.ts'
import type { Store } from '../store/types.ts'
import { failedBy } from './failed-by.ts'
import { pictureTypeOf } from './picture-type.ts'
import type { CopyState, EvidenceVault } from './vault.ts'

interface Opening {
  readonly caller: string
  readonly number: string
  readonly sha256: string
  used: number
}
const MOST_OPENINGS = 500
/** Milliseconds. */
const FORGOTTEN = 3_600_000
const ENDINGS: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}

/** What a person says of what they add. */
export type Said = Pick<NewItem, 'note' | 'internal'>

export class EvidenceRoom {
  readonly #store: Pick<Store, 'incidents' | 'events'>
  readonly #bench: PacketBench
  readonly #vault: EvidenceVault
  readonly #openings = new Map<string, Opening>()

  constructor(store: Pick<Store, 'incidents' | 'events'>, bench: PacketBench, vault: EvidenceVault) {
    this.#store = store
    this.#bench = bench
    this.#vault = vault
  }

  /** As they were stored, byte for byte. `not_found` where one is not there: then none is added. */
  async addRecords(
    number: string,
    events: readonly string[],
    said: Said,
    by: string,
    signal: AbortSignal,
  ): Promise<Result<{ ids: string[] }>> {
    const known = await this.#store.incidents.get({ number }, signal)
    if (!known.ok) return known
    const items: NewItem[] = []
    try {
      for (const id of new Set(events)) {
        const found = await this.#store.events.get({ id }, signal)
        if (!found.ok) return found
        const { rawBase64, place, format, time, source } = found.value
        const sealed = await this.#vault.put(number, Buffer.from(rawBase64, 'base64'))
        const where = [place.record === null ? '' : `record ${place.record}`, place.offset === null ? '' : `byte ${place.offset}`]
        items.push({
          ...sealed,
          kind: 'record',
          name: `event-${id}.raw`,
          origin: [source, place.origin, format, time, ...where]
            .filter((one) => one !== '')
            .join(', ')
            .slice(0, 2000),
          cites: [{ kind: 'event', event: id }],
          ...said,
        })
      }
    } catch (error) {
      return failedBy(error)
    }
    return this.#add(number, items, by)
  }

  /** Of a capture that is open, and whose objects were listed. */
  async addObject(
    number: string,
    capture: string,
    id: string,
    said: Said,
    by: string,
    signal: AbortSignal,
  ): Promise<Result<{ ids: string[] }>> {
    const known = await this.#store.incidents.get({ number }, signal)
    if (!known.ok) return known
    const thread = this.#bench.thread(capture)
    if (!thread.ok) return thread
    const found = await thread.value.call('object', { id }, signal)
    if (!found.ok) return found
    const object = found.value
    const folder = await this.#vault.draftPath(number)
    try {
      const saved = await thread.value.call('saveObjects', { ids: [id], folder }, signal)
      if (!saved.ok) return saved
      const [file] = saved.value
      if (!file) return fail({ code: 'not_found', message: 'There is no such object: list them again.' })
      const sealed = await this.#vault.copyFile(number, file.path, MOST_UPLOAD, signal)
      if (!sealed.ok) return sealed
      if (sealed.value.sha256 !== object.sha256)
        return fail({ code: 'conflict', message: 'The object is not what was listed any more: list the objects again.' })
      const path = thread.value.capture?.files[0]?.path ?? ''
      const whole = object.complete ? '' : ' (incomplete: bytes are missing in the capture)'
      const item: NewItem = {
        ...sealed.value,
        kind: 'object',
        name: (object.name === '' ? `packet-${object.packet}-${object.kind}` : object.name).slice(0, 300),
        origin: `${path.slice(path.lastIndexOf('/') + 1)}: ${object.kind} ${object.host}, packet ${object.packet}${object.type === '' ? '' : `, ${object.type}`}${whole}`.slice(0, 2000),
        cites: [{ kind: 'packet', capture: path.slice(0, 4096), packet: object.packet, offset: 0, length: 0 }],
        ...said,
      } // prettier-ignore
      return await this.#add(number, [item], by)
    } catch (error) {
      return failedBy(error)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** One entry of the ledger, however much of it is read. Errors: `not_found`. */
  async open(
    number: string,
    id: string,
    caller: string,
    signal: AbortSignal,
  ): Promise<Result<{ opening: string; bytes: number; picture: PictureType | null }>> {
    const found = await this.#item(number, id, signal)
    if (!found.ok) return found
    const { sha256 } = found.value
    const head = await this.#vault.read(number, sha256, 0, 64)
    if (!head.ok) return head
    const told = await this.#tell(number, 'evidence.viewed', found.value, {}, caller)
    if (!told.ok) return told
    for (const [key, { used }] of this.#openings)
      if (this.#openings.size >= MOST_OPENINGS || Date.now() - used > FORGOTTEN) this.#openings.delete(key)
    const opening = randomUUID()
    this.#openings.set(opening, { caller, number, sha256, used: Date.now() })
    return ok({ opening, bytes: head.value.of, picture: pictureTypeOf(head.value.bytes) })
  }

  async read(opening: string, from: number, count: number, caller: string): Promise<Result<{ base64: string; bytes: number }>> {
    const open = this.#openings.get(opening)
    if (open?.caller !== caller) return fail({ code: 'not_found', message: 'The item is not open any more: open it again.' })
    open.used = Date.now()
    const read = await this.#vault.read(open.number, open.sha256, from, count)
    return read.ok ? ok({ base64: Buffer.from(read.value.bytes).toString('base64'), bytes: read.value.of }) : read
  }

  async openPackets(number: string, id: string, by: string, signal: AbortSignal): Promise<Result<Capture>> {
    const found = await this.#item(number, id, signal)
    if (!found.ok) return found
    if (found.value.kind !== 'packets') return fail({ code: 'conflict', message: `${id} holds no packets.` })
    const capture = await this.#bench.openFiles([this.#vault.place(number, found.value.sha256)])
    if (!capture.ok) return capture
    const told = await this.#tell(number, 'evidence.viewed', found.value, { as: 'packets' }, by)
    return told.ok ? capture : told
  }

  /** Errors: `conflict` where the target is there, or the copy was altered; `not_found`. */
  async export(
    number: string,
    id: string,
    path: string | null,
    by: string,
    signal: AbortSignal,
  ): Promise<Result<{ path: string; bytes: number; sha256: string }>> {
    const found = await this.#item(number, id, signal)
    if (!found.ok) return found
    const { sha256, bytes, kind } = found.value
    if (path !== null && (!isAbsolute(path) || path.includes('\0')))
      return fail({ code: 'invalid_input', message: 'The path must be absolute.', path: 'path' })
    if (path !== null && !existsSync(dirname(path)))
      return fail({ code: 'invalid_input', message: `There is no folder ${dirname(path)}.`, path: 'path' })
    const head = await this.#vault.read(number, sha256, 0, 64)
    if (!head.ok) return head
    const picture = pictureTypeOf(head.value.bytes)
    const ending = kind === 'packets' ? 'pcapng' : picture === null ? 'bin' : ENDINGS[picture]
    const target =
      path ?? join(this.#vault.exports, `${number}-${id}-${sha256.slice(0, 12)}-${randomUUID().slice(0, 8)}.${ending}`)
    const part = `${target}.${randomUUID()}.part`
    try {
      if (path === null) await mkdir(dirname(target), { recursive: true })
      await copyFile(this.#vault.place(number, sha256), part, constants.COPYFILE_EXCL)
      const file = await open(part, 'r')
      try {
        await file.chmod(0o600)
        await file.sync()
      } finally {
        await file.close()
      }
      // What is given out is looked at, not what lay there before it was copied.
      if ((await this.#vault.stateOf(part, sha256, signal)) !== 'sealed')
        return fail({ code: 'conflict', message: `The copy of ${id} was altered: check the evidence.` })
      // A link does not take the place of what is there, as a rename would.
      try {
        await link(part, target)
        await unlink(part)
      } catch (error) {
        if (existsSync(target)) return fail({ code: 'conflict', message: `${target} is there already.` })
        // Some file systems have no links.
        if (!isNoLink(error)) throw error
        await rename(part, target)
      }
      const told = await this.#tell(number, 'evidence.exported', found.value, { path: target }, by)
      return told.ok ? ok({ path: target, bytes, sha256 }) : told
    } catch (error) {
      return failedBy(error)
    } finally {
      await rm(part, { force: true })
    }
  }

  /** Errors: `not_found`, `conflict` where the incident was merged into another, `cancelled`: then nothing is marked. */
  async check(
    number: string,
    by: string,
    progress: (value: { done: number; of: number }) => void,
    signal: AbortSignal,
  ): Promise<Result<Checked>> {
    const parts = await this.#store.incidents.parts({ number }, signal)
    if (!parts.ok) return parts
    const hashes = [...new Set(parts.value.evidence.map(({ sha256 }) => sha256))]
    const copies: (readonly [string, CopyState])[] = []
    for (const sha256 of hashes) {
      progress({ done: copies.length, of: hashes.length })
      try {
        copies.push([sha256, await this.#vault.state(number, sha256, signal)])
      } catch (error) {
        if (signal.aborted) return fail({ code: 'cancelled', message: 'The check was cancelled.' })
        return failedBy(error)
      }
    }
    return this.#store.incidents.markChecked({ number, copies }, by)
  }

  /** Before another incident is merged into one its copies are there too, and what was added to it meanwhile, afterwards. */
  async takeCopies(number: string, from: string, signal: AbortSignal): Promise<Result<null>> {
    const parts = await this.#store.incidents.parts({ number: from }, signal)
    if (!parts.ok) return parts
    try {
      await this.#vault.take(
        number,
        from,
        parts.value.evidence.map(({ sha256 }) => sha256),
      )
      return ok(null)
    } catch (error) {
      return failedBy(error)
    }
  }

  async #add(number: string, items: readonly NewItem[], by: string): Promise<Result<{ ids: string[] }>> {
    return this.#store.incidents.addEvidence({ number, items, carved: null }, by)
  }
  #tell(
    number: string,
    action: 'evidence.viewed' | 'evidence.exported',
    item: Evidence,
    body: Record<string, string>,
    by: string,
  ) {
    return this.#store.incidents.tellEvidence({ number, action, id: item.id, body: { sha256: item.sha256, ...body } }, by)
  }
  async #item(number: string, id: string, signal: AbortSignal): Promise<Result<Evidence>> {
    const parts = await this.#store.incidents.parts({ number }, signal)
    if (!parts.ok) return parts
    const item = parts.value.evidence.find((one) => one.id === id)
    return item ? ok(item) : fail({ code: 'not_found', message: `There is no evidence ${id}.` })
  }
}

const isNoLink = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(String(error.code))
