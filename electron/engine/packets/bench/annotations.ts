/** Marks and comments that somebody made in a capture: kept beside the index, never in the capture. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const FILE = 'annotations.json'
const MOST = 100_000
const Stored = z.object({
  marks: z.array(z.number().int()).max(MOST),
  comments: z.array(z.tuple([z.number().int(), z.string()])).max(MOST),
})

export class Annotations {
  readonly #folder: string
  #marks: Set<number>
  #sorted: number[] | null = null
  readonly #comments: Map<number, string>

  constructor(folder: string) {
    this.#folder = folder
    let stored: z.infer<typeof Stored> = { marks: [], comments: [] }
    try {
      stored = Stored.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')))
    } catch {
      // None yet.
    }
    this.#marks = new Set(stored.marks)
    this.#comments = new Map(stored.comments)
  }

  get marks(): ReadonlySet<number> {
    return this.#marks
  }
  commentOf(packet: number): string | undefined {
    return this.#comments.get(packet)
  }

  /** By packet number. False where there are too many. */
  mark(packets: readonly number[], marked: boolean): boolean {
    if (marked && this.#marks.size + packets.length > MOST) return false
    for (const packet of packets) {
      if (marked) this.#marks.add(packet)
      else this.#marks.delete(packet)
    }
    this.#sorted = null
    this.#save()
    return true
  }

  /** The next marked packet behind `after`, or the one before it. */
  next(after: number, backwards: boolean): number | null {
    const sorted = (this.#sorted ??= [...this.#marks].sort((a, b) => a - b))
    return (backwards ? sorted.findLast((one) => one < after) : sorted.find((one) => one > after)) ?? null
  }

  comment(packet: number, text: string): void {
    if (text === '') this.#comments.delete(packet)
    else if (this.#comments.size < MOST) this.#comments.set(packet, text)
    this.#save()
  }

  #save(): void {
    const part = join(this.#folder, `${FILE}.part`)
    writeFileSync(part, JSON.stringify({ marks: [...this.#marks], comments: [...this.#comments] }), { mode: 0o600 })
    renameSync(part, join(this.#folder, FILE))
  }
}
