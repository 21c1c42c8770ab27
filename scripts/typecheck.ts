/**
 * `npm run typecheck`: what `tsc --noEmit` checks by `tsconfig.json`, in two processes at the same time. Each loads what its files
 * need and checks them; a file that only others import (a fixture) is checked wherever it is imported, so none is left out. What
 * was found is kept in `node_modules/.cache`, and only what a change touches is checked again.
 */
import { spawn } from 'node:child_process'
import { join, relative } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
/** Folders of the first part, about half of the work; everything else is the second. */
const FIRST = /^(?:electron|shared)\//
/** Collecting garbage less often saves a tenth. */
const MEMORY = '--max-semi-space-size=64'

function checked(part: number): boolean {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => show([diagnostic]),
  })
  if (!config) return false
  const own = (file: string): boolean => FIRST.test(relative(root, file).replaceAll('\\', '/')) === (part === 0)
  const program = ts.createIncrementalProgram({
    // Declarations hold for both.
    rootNames: config.fileNames.filter((file) => own(file) || file.endsWith('.d.ts')),
    options: { ...config.options, tsBuildInfoFile: join(root, `node_modules/.cache/types-${part}.tsbuildinfo`) },
    configFileParsingDiagnostics: config.errors,
  })
  const ofTheOther = new Set(config.fileNames.filter((file) => !own(file)))
  // What a change touches is checked; of the rest is known what was found.
  while (program.getSemanticDiagnosticsOfNextAffectedFile(undefined, ({ fileName }) => ofTheOther.has(fileName)));
  const files = program.getSourceFiles().filter(({ fileName }) => !ofTheOther.has(fileName))
  const found = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    ...program.getGlobalDiagnostics(),
  ]
  program.emit()
  show(ts.sortAndDeduplicateDiagnostics(found))
  return found.length === 0
}

function show(diagnostics: readonly ts.Diagnostic[]): void {
  const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name: string) => name, getNewLine: () => '\n' }
  process.stdout.write(ts.formatDiagnostics(diagnostics, host))
}

const ofPart = (part: number): Promise<boolean> =>
  new Promise((resolve) => {
    const args = [MEMORY, import.meta.filename, String(part)]
    spawn(process.execPath, args, { stdio: 'inherit' }).on('close', (code) => resolve(code === 0))
  })

const [, , part] = process.argv
const fine = part === undefined ? (await Promise.all([0, 1].map(ofPart))).every(Boolean) : checked(Number(part))
process.exitCode = fine ? 0 : 1
