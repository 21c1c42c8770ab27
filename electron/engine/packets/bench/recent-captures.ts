/** Captures that were opened, newest first; and the bound on the indexes that are kept of them. */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CaptureId } from '../../../../shared/model/capture.ts'
import { IsoTime } from '../../../../shared/model/time.ts'

/** Indexes of captures that were opened longest ago go first. */
const MOST_KEPT = 200
const Recent = z.object({
  id: CaptureId,
  paths: z.array(z.string()),
  opened: IsoTime,
  packets: z.number().int(),
  bytes: z.number(),
})
export type RecentCapture = z.infer<typeof Recent>

export class RecentCaptures {
  readonly folder: string
  #list: RecentCapture[] = []

  /** `folder` holds one folder for each capture, by id. */
  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      this.#list = z.array(Recent).parse(JSON.parse(readFileSync(join(folder, 'recent.json'), 'utf8')))
    } catch {
      // None yet, or damaged: it is a convenience.
    }
  }

  get list(): readonly RecentCapture[] {
    return this.#list
  }

  note(recent: RecentCapture): void {
    this.#list = [recent, ...this.#list.filter(({ id }) => id !== recent.id)]
    for (const { id } of this.#list.slice(MOST_KEPT)) this.#drop(id)
    this.#list = this.#list.slice(0, MOST_KEPT)
    const part = join(this.folder, 'recent.json.part')
    try {
      writeFileSync(part, JSON.stringify(this.#list), { mode: 0o600 })
      renameSync(part, join(this.folder, 'recent.json'))
    } catch {
      // A full disk: the list is a convenience, and must not end the engine.
    }
  }

  /** The index goes; what somebody wrote about the capture stays. */
  #drop(id: string): void {
    const folder = join(this.folder, id)
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder))
      if (name !== 'annotations.json') rmSync(join(folder, name), { recursive: true, force: true })
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true })
  }
}
