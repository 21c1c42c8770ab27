/** Files that come in pieces from a screen, straight into their copies. */
import { randomUUID } from 'node:crypto'
import { MOST_UPLOAD } from '../../../shared/incident-evidence-contract.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Store } from '../store/types.ts'
import { failedBy } from './failed-by.ts'
import { pictureTypeOf } from './picture-type.ts'
import type { DraftCopy, EvidenceVault } from './vault.ts'

/** At once, of everybody. */
const MOST_OPEN = 16
/** Milliseconds without a piece after which an upload is forgotten. */
const IDLE = 600_000

interface Upload {
  readonly caller: string
  readonly number: string
  readonly kind: 'file' | 'screenshot'
  readonly name: string
  readonly bytes: number
  readonly copy: DraftCopy
  used: number
  /** Pieces are written one after the other. */
  writing: boolean
}
const gone: Result<never> = fail({ code: 'not_found', message: 'There is no such upload.' })

export class Uploads {
  readonly #store: Pick<Store, 'incidents'>
  readonly #vault: EvidenceVault
  readonly #open = new Map<string, Upload>()

  constructor(store: Pick<Store, 'incidents'>, vault: EvidenceVault) {
    this.#store = store
    this.#vault = vault
  }

  async begin(
    { number, kind, name, bytes }: { number: string; kind: 'file' | 'screenshot'; name: string; bytes: number },
    caller: string,
    signal: AbortSignal,
  ): Promise<Result<{ upload: string }>> {
    const incident = await this.#store.incidents.get({ number }, signal)
    if (!incident.ok) return incident
    if (incident.value.mergedInto !== null)
      return fail({ code: 'conflict', message: `${number} was merged into ${incident.value.mergedInto}, and is only read.` })
    for (const [id, one] of this.#open) if (!one.writing && Date.now() - one.used > IDLE) await this.#drop(id)
    if (this.#open.size >= MOST_OPEN) return fail({ code: 'conflict', message: `At most ${MOST_OPEN} files come in at once.` })
    try {
      const copy = await this.#vault.draft(number)
      const upload = randomUUID()
      this.#open.set(upload, { caller, number, kind, name, bytes, copy, used: Date.now(), writing: false })
      return ok({ upload })
    } catch (error) {
      return failedBy(error)
    }
  }

  async piece(upload: string, from: number, base64: string, caller: string): Promise<Result<{ received: number }>> {
    const one = this.#of(upload, caller)
    if (!one) return gone
    if (one.writing || from !== one.copy.bytes)
      return fail({ code: 'conflict', message: `The next byte is number ${one.copy.bytes}.` })
    const piece = Buffer.from(base64, 'base64')
    if (from + piece.length > Math.min(one.bytes, MOST_UPLOAD))
      return fail({ code: 'invalid_input', message: `The file was said to have ${one.bytes} bytes.`, path: 'base64' })
    one.writing = true
    try {
      await one.copy.write(piece)
    } catch (error) {
      await this.#drop(upload)
      return failedBy(error)
    } finally {
      one.writing = false
      one.used = Date.now()
    }
    return ok({ received: one.copy.bytes })
  }

  async seal(upload: string, note: string, internal: boolean, caller: string): Promise<Result<{ id: string }>> {
    const one = this.#of(upload, caller)
    if (!one) return gone
    const { copy, kind, name, bytes, number } = one
    if (one.writing || copy.bytes !== bytes)
      return fail({ code: 'conflict', message: `${bytes - copy.bytes} bytes of the file are missing.` })
    if (kind === 'screenshot' && pictureTypeOf(copy.head) === null) {
      await this.#drop(upload)
      return fail({ code: 'unsupported_format', message: 'A screenshot is a PNG, JPEG, GIF or WebP picture.' })
    }
    this.#open.delete(upload)
    try {
      const sealed = await copy.seal()
      const item = { ...sealed, kind, name, origin: caller.slice(0, 256), cites: [], note, internal }
      const added = await this.#store.incidents.addEvidence({ number, items: [item], carved: null }, caller)
      const id = added.ok ? added.value.ids[0] : undefined
      return added.ok ? (id === undefined ? gone : ok({ id })) : added
    } catch (error) {
      await copy.drop()
      return failedBy(error)
    }
  }

  async drop(upload: string, caller: string): Promise<Result<Record<string, never>>> {
    if (!this.#of(upload, caller)) return gone
    await this.#drop(upload)
    return ok({})
  }
  async close(): Promise<void> {
    for (const upload of [...this.#open.keys()]) await this.#drop(upload)
  }

  #of(upload: string, caller: string): Upload | undefined {
    const one = this.#open.get(upload)
    return one?.caller === caller ? one : undefined
  }
  async #drop(upload: string): Promise<void> {
    const one = this.#open.get(upload)
    this.#open.delete(upload)
    await one?.copy.drop()
  }
}
