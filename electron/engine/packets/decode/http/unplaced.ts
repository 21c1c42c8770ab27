/** Facts of bytes that were kept: they stand in no packet any more, so their places are not told. */
import type { Facts, FieldValue, FoundObject } from '../define.ts'

export class Unplaced implements Facts {
  readonly #out: Facts

  constructor(out: Facts) {
    this.#out = out
  }

  get wantsObjects(): boolean {
    return this.#out.wantsObjects
  }
  layer(name: string): void {
    this.#out.layer(name)
  }
  fact(field: string, value: FieldValue): void {
    this.#out.fact(field, value)
  }
  line(text: string): void {
    this.#out.line(text)
  }
  protocol(title: string): void {
    this.#out.protocol(title)
  }
  become(decoder: string, inside?: boolean): void {
    this.#out.become(decoder, inside)
  }
  inner(decoder: string, data: Uint8Array, from: number, to: number): void {
    this.#out.inner(decoder, data, from, to)
  }
  expect(decoder: string, transport: 'tcp' | 'udp', address: string, port: number, note?: unknown): void {
    this.#out.expect(decoder, transport, address, port, note)
  }
  malformed(): void {
    this.#out.malformed()
  }
  object(object: FoundObject): void {
    this.#out.object(object)
  }
}
