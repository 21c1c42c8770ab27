/**
 * Which files the application was asked to show: on its command line, or by the system (a double click, a file dropped on the icon).
 * Main looks only whether they are there; reading them is the engine's work.
 */
import { statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** As in `fileAssociations` of electron-builder.yml. */
const ENDINGS: ReadonlySet<string> = new Set(['.pcap', '.pcapng', '.cap'])

/** What a second start hands to the first. Its arguments would do less: Chromium puts them in another order. */
export const Handed = z.object({ captures: z.array(z.string()) })
export type Handed = z.infer<typeof Handed>

export interface CommandLine {
  /** What is no option: among it Electron's own, such as the application's folder. */
  readonly positionals: readonly string[]
  /** Values of `--capture`: whatever their ending. An option without its value is `true`. */
  readonly explicit: readonly (string | boolean)[]
  readonly folder: string
}

/** Full paths of captures on a command line. */
export function namedCaptures({ positionals, explicit, folder }: CommandLine): string[] {
  const asked = explicit.filter((value) => typeof value === 'string')
  const seen = positionals.map(pathOf).filter((path) => ENDINGS.has(extname(path).toLowerCase()))
  return existing([...asked.filter((path) => path !== ''), ...seen].map((path) => resolve(folder, path)))
}

/** Those that are files. */
export const existing = (paths: readonly string[]): string[] => paths.filter(isFile)

/** Desktops of Linux hand over an address (`%U` in the desktop entry), others a path. */
function pathOf(argument: string): string {
  if (!argument.startsWith('file:')) return argument
  try {
    return fileURLToPath(argument)
  } catch {
    // Of another machine, or with escapes that are no path.
    return ''
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    // A name that no system takes, or a folder that may not be looked into.
    return false
  }
}
