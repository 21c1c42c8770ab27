/** The banners of the store: each once while it is up. */
import { basename } from 'node:path'
import type { Banner } from '../../../shared/contract.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { dayName } from './partition-files.ts'
import { noRoom } from './store-errors.ts'

export class StoreBanners {
  readonly #dir: string
  readonly #now: () => number
  readonly #told: (banners: readonly Banner[]) => void
  readonly #up = new Map<string, Banner>()

  /** `now`: microseconds. `told` hears of every change. */
  constructor(dir: string, now: () => number, told: (banners: readonly Banner[]) => void) {
    this.#dir = dir
    this.#now = now
    this.#told = told
  }

  get all(): readonly Banner[] {
    return [...this.#up.values()]
  }

  raise(banner: Banner): void {
    if (this.#up.has(banner.id)) return
    this.#up.set(banner.id, banner)
    this.#told(this.all)
  }

  /** The partition of a day that a newer version wrote. */
  newer(day: number): void {
    this.raise(this.#of('partition_newer', dayName(day), { partition: dayName(day) }))
  }
  /** The partition of a day that was set aside. */
  damaged(day: number, file: string): void {
    this.raise(this.#of('partition_damaged', dayName(day), { partition: dayName(day), file: basename(file) }))
  }
  /** The file of scenarios that was set aside. */
  scenariosLost(file: string): void {
    this.raise(this.#of('scenarios_lost', '', { file: basename(file) }))
  }
  /** True, with the banner up, where an error means that the disk is full. */
  outOfRoom(error: unknown): boolean {
    if (!noRoom(error, this.#dir)) return false
    this.raise(this.#of('disk_full', '', { folder: this.#dir }))
    return true
  }
  /** There is room again. */
  room(): void {
    if (this.#up.delete('disk_full')) this.#told(this.all)
  }

  #of(key: Banner['key'], about: string, values: Record<string, string>): Banner {
    return {
      id: about === '' ? key : `${key}:${about}`,
      tone: key === 'partition_newer' ? 'info' : 'fault',
      key,
      values,
      since: isoFromMicros(this.#now()),
    }
  }
}
