/** A filter over single packets of an opened capture: what the index cannot decide is read, and what that cannot is asked. */
import { decodeHeaders } from '../decode/decode.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch } from '../decode/registry.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { CHUNK } from '../index/columns.ts'
import type { CheckedFilter } from './checked.ts'
import { compileFilter, MAYBE, NO, YES, type Predicate, type Verdict } from './evaluate.ts'
import { FieldsOfPacket } from './fields-of-packet.ts'
import { withFragments } from './fragments-before.ts'
import { IndexValues } from './index-values.ts'
import { questionsOf, type Question } from './questions.ts'

/** What the dissectors say: of each question that was asked, by its index, the packets (from 0) that it lets through. */
export type Answers = ReadonlyMap<number, { has(packet: number): boolean }>

const NONE: Answers = new Map()

export class PacketVerdict {
  readonly #index: CaptureIndex
  readonly #bytes: (packet: number) => Uint8Array
  readonly #predicate: Predicate
  readonly #values: IndexValues
  readonly #questions: readonly Question[]
  readonly #packet = new Packet(dispatch)
  readonly #fields = new FieldsOfPacket()
  /** Something of the filter is for the dissectors whatever the packet. */
  readonly #dissects: boolean
  #data: Uint8Array = new Uint8Array(0)
  #number = 0
  #answers = NONE
  /** The bytes are read: nothing more is found out here. */
  #last = false
  /** Questions on which the packet's verdict hangs. */
  readonly #open: number[] = []
  readonly #asked = new Set<number>()
  /** Packets whose bytes were read. */
  read = 0

  /** `bytes` gives the captured bytes of a packet (index from 0), good until the next call. */
  constructor(filter: CheckedFilter, index: CaptureIndex, bytes: (packet: number) => Uint8Array) {
    this.#index = index
    this.#bytes = bytes
    this.#values = new IndexValues(index)
    this.#dissects = filter.how === 'dissect'
    const { list, of } = questionsOf(filter)
    this.#questions = list
    this.#predicate = compileFilter(filter.test, (part, predicate) => {
      const question = of.get(part)
      if (question === undefined) return predicate
      const { always } = list[question]!
      return (values) => {
        const verdict = predicate(values)
        if (verdict !== MAYBE) return verdict
        const answer = always || this.#last ? this.#answers.get(question) : undefined
        if (answer !== undefined) return answer.has(this.#number) ? YES : NO
        this.#open.push(question)
        return MAYBE
      }
    })
  }

  /** Questions on which the verdict of a packet hung until now. */
  get asked(): readonly { readonly id: number; readonly question: Question }[] {
    return [...this.#asked].sort((a, b) => a - b).map((id) => ({ id, question: this.#questions[id]! }))
  }

  /** `MAYBE` where it hangs on questions that are not among the answers. */
  of(packet: number, answers: Answers = NONE): Verdict {
    this.#number = packet
    this.#answers = answers
    const verdict = this.#found(packet)
    if (verdict === MAYBE) for (const question of this.#open) this.#asked.add(question)
    return verdict
  }

  #found(packet: number): Verdict {
    if (this.#dissects) {
      this.#last = false
      this.#open.length = 0
      const verdict = this.#predicate(this.#values.at(packet))
      // Reading it tells nothing about what is for the dissectors anyway.
      if (verdict !== MAYBE || this.#open.every((question) => this.#questions[question]!.always)) return verdict
    }
    this.read++
    this.#last = true
    this.#begin(this.#packet, packet)
    decodeHeaders(this.#packet)
    const verdict = this.#byHeaders(this.#packet, packet)
    if (verdict !== MAYBE || !this.#values.at(packet).reassembled) return verdict
    return this.#byHeaders(
      withFragments(this.#index.columns, packet, (p, at) => this.#begin(p, at)),
      packet,
    )
  }
  #byHeaders(p: Packet, packet: number): Verdict {
    this.#open.length = 0
    return this.#predicate(this.#fields.take(p, this.#data, 0, this.#values.at(packet)))
  }
  #begin(p: Packet, packet: number): void {
    const { columns, known } = this.#index
    const chunk = columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const bytes = (this.#data = this.#bytes(packet))
    p.number = packet + 1
    p.seconds = chunk.seconds[row]!
    p.nanos = chunk.nanos[row]!
    const linkType = known.interfaces[chunk.iface[row]!]?.linkType ?? 0xffff
    p.begin(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, chunk.wire[row]!, linkType)
  }
}
