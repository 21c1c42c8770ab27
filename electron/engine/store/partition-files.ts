/** Names of the store's files, and what becomes of a damaged one. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const DAY_MS = 86_400_000

/** The partitions there are. */
export interface Shelf {
  /** Oldest first. */
  readonly days: readonly number[]
  /** How many were set aside so far: tells whether a report of damage is about the partition of a day that is there now. */
  readonly setAside: number
}

/** Days since 1970 of a time in milliseconds. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS)
/** `2026-11-20` */
export const dayName = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

export const deskPath = (dataDir: string): string => join(dataDir, 'desk.db')
export const deskBackupPath = (dataDir: string): string => join(dataDir, 'desk.backup.db')
export const eventsDir = (dataDir: string): string => join(dataDir, 'events')
export const partitionPath = (dataDir: string, day: number): string => join(eventsDir(dataDir), `${dayName(day)}.db`)

/** Days that have a partition, oldest first. */
export function partitionDays(dataDir: string): number[] {
  const days: number[] = []
  for (const name of readdirSync(eventsDir(dataDir))) {
    const match = /^(\d{4}-\d\d-\d\d)\.db$/.exec(name)
    const ms = match ? Date.parse(`${match[1]}T00:00:00Z`) : NaN
    if (!Number.isNaN(ms)) days.push(dayOf(ms))
  }
  return days.sort((a, b) => a - b)
}

/** How often the partition of this day was set aside. */
export const timesSetAside = (dataDir: string, day: number): number =>
  readdirSync(eventsDir(dataDir)).filter((name) => name.startsWith(`${dayName(day)}.db.damaged-`) && !/-(wal|shm)$/.test(name))
    .length

/** Renames a database and what SQLite keeps beside it; nobody may have it open. Gives the new name. */
export function setAside(path: string, now: number): string {
  const stamp = new Date(now)
    .toISOString()
    .replaceAll(':', '')
    .replace(/\.\d+Z$/, 'Z')
  let target = `${path}.damaged-${stamp}`
  for (let n = 2; existsSync(target); n++) target = `${path}.damaged-${stamp}-${n}`
  for (const suffix of ['-wal', '-shm']) {
    if (!existsSync(path + suffix)) continue
    // The shared memory of a log is made anew from the log; kept beside a renamed log it would only mislead.
    if (suffix === '-shm') rmSync(path + suffix, { force: true })
    else renameSync(path + suffix, target + suffix)
  }
  renameSync(path, target)
  return target
}
