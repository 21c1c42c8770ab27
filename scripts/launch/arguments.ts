/** The command line of `npm start` and `npm run dev`. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultDataDir } from '../../electron/engine/data-dir.ts'

export interface LaunchArguments {
  readonly dataDir: string
  /** The data folder was named, or belongs to the demonstration: it is not the user's usual desk. */
  readonly ownDataDir: boolean
  readonly demo: boolean
  /** 0: a free one. */
  readonly port: number
  /** Not Electron, even where it is present. */
  readonly browser: boolean
  readonly open: boolean
  /** Full paths of files to show, as one capture. */
  readonly captures: readonly string[]
}

export const START_HELP = `usage: npm start -- [options] [capture ...]

  capture      files to open in the packets view, as one capture
  --demo       go straight to the demonstration, on a data folder of its own
  --data DIR   keep the desk in DIR instead of the usual data folder
  --port N     listen on this port of 127.0.0.1 (browser only; default: a free one)
  --browser    the machine's browser, also where Electron is present
  --no-open    open nothing, only print the link
  --help       this text`

/** What was asked for; a text is to be printed and the program to end: help, or what is wrong. */
export function launchArguments(
  argv: readonly string[],
): LaunchArguments | { readonly help: string } | { readonly wrong: string } {
  let values
  let positionals
  try {
    ;({ values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        demo: { type: 'boolean', default: false },
        data: { type: 'string' },
        port: { type: 'string' },
        browser: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }))
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
  if (values.help) return { help: START_HELP }
  const port = Number(values.port ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return { wrong: '--port takes a number from 1 to 65535' }
  const captures = positionals.map((path) => resolve(path))
  const missing = captures.findIndex((path) => !isFile(path))
  if (missing >= 0) return { wrong: `There is no file '${positionals[missing] ?? ''}'.` }
  // Invented alerts never mix with a desk somebody works at, unless that desk is named.
  const usual = defaultDataDir() + (values.demo ? '-demo' : '')
  return {
    dataDir: values.data === undefined ? usual : resolve(values.data),
    ownDataDir: values.data !== undefined || values.demo,
    demo: values.demo,
    port,
    browser: values.browser,
    open: !values['no-open'],
    captures,
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
