/** Facts of messages go in, events come out: what logs remember of each flow is kept here, for as many flows as there is room. */
import type { PacketFacts } from '../facts/packet-facts.ts'
import type { FoundObject } from '../decode/define.ts'
import type { Emit, FlowName, Said } from './define.ts'
import { logs, logsOf } from './logs.ts'
import { formFiles, mailFiles } from './mail-files.ts'
import { transferredFile, type TransferredFile } from './transferred-file.ts'

/** Flows that are kept: at least so many, at most twice as many. */
const GENERATION = 16_384
/** Characters of facts that flows may have been told before some are forgotten: what they remember of them is no more. */
const MOST_TOLD = 96_000_000

interface Kept {
  readonly name: FlowName
  /** By log; undefined where it was not asked yet. */
  readonly states: unknown[]
  told: number
}

export class FlowEvents {
  readonly #emit: Emit
  /** Names the capture in the names of files. */
  readonly #id: string
  readonly #nameOf: (flow: number) => FlowName
  #young = new Map<number, Kept>()
  #old = new Map<number, Kept>()
  readonly #shared: unknown[] = []
  #told = 0

  constructor(id: string, nameOf: (flow: number) => FlowName, emit: Emit) {
    this.#id = id
    this.#nameOf = nameOf
    this.#emit = emit
  }

  /** `facts.flow` must be a flow. */
  take(facts: PacketFacts, at: Said['at'], direction: 0 | 1): void {
    const wanted = logsOf(facts.layers)
    if (wanted.length === 0) return
    const kept = this.#of(facts.flow)
    const said: Said = {
      at,
      direction,
      flow: kept.name,
      layers: facts.layers,
      facts: facts.facts,
      files: this.#files(facts.objects, at.packet),
    }
    for (const log of wanted) {
      const definition = logs[log]!
      const states = definition.shared === true ? this.#shared : kept.states
      definition.take(said, (states[log] ??= definition.begin()), this.#emit)
    }
    let told = 0
    for (const { value } of facts.facts) told += typeof value === 'string' ? 64 + value.length : 64
    kept.told += told
    this.#told += told
    if (this.#told > MOST_TOLD) this.#end(this.#old)
    if (this.#told > MOST_TOLD) this.#end(this.#young)
  }

  #files(objects: readonly FoundObject[], packet: number): TransferredFile[] {
    const files: TransferredFile[] = []
    const add = (file: Content): void => {
      files.push(transferredFile(`F${this.#id.slice(1)}-${packet + 1}-${files.length}`, file))
    }
    for (const object of objects) for (const file of filesIn(object)) if (file.bytes.length > 0) add(file)
    return files
  }

  #of(flow: number): Kept {
    let kept = this.#young.get(flow)
    if (kept !== undefined) return kept
    kept = this.#old.get(flow)
    if (kept !== undefined) this.#old.delete(flow)
    else kept = { name: this.#nameOf(flow), states: [], told: 0 }
    if (this.#young.size >= GENERATION) {
      this.#end(this.#old)
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(flow, kept)
    return kept
  }

  #end(kept: Map<number, Kept>): void {
    for (const { states, told } of kept.values()) {
      this.#endStates(states)
      this.#told -= told
    }
    kept.clear()
  }
  #endStates(states: readonly unknown[]): void {
    for (const [log, state] of states.entries()) if (state !== undefined) logs[log]!.end?.(state, this.#emit)
  }

  /** Nothing more comes of any flow. */
  end(): void {
    this.#end(this.#old)
    this.#end(this.#young)
    this.#endStates(this.#shared)
    this.#shared.length = 0
  }
}

type Content = Parameters<typeof transferredFile>[1]

/** A mail and a form are what they carry. */
function filesIn({ kind, name, type, bytes, complete }: FoundObject): Content[] {
  if (kind === 'imf') return mailFiles(bytes).map((file) => ({ ...file, kind: 'mail part', complete }))
  const form = kind === 'http' && type === 'multipart/form-data' ? formFiles(bytes) : []
  if (form.length > 0) return form.map((file) => ({ ...file, kind, complete }))
  return [{ kind, type, bytes, complete, name: name.slice(Math.max(name.lastIndexOf('\\'), name.lastIndexOf('/')) + 1) }]
}
