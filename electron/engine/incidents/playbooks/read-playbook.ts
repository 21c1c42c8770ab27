/** The text of a playbook's file → a playbook, or everything that is wrong with it, with its place. Never throws. */
import type { z } from 'zod'
import type { Playbook, PlaybookStep, PlaybookWait } from '../../../../shared/model/playbook.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { parseYaml, splitDocuments, type Position, type YamlSource } from '../../sigma/yaml-source.ts'
import { parseCondition } from './expression.ts'
import { PlaybookFile, type FileStep } from './file-format.ts'
import { graphProblems } from './graph.ts'
import { checkQuery } from './query-placeholders.ts'
import { positionOf, type SourcePath } from './source-position.ts'

export interface PlaybookProblem extends Position {
  readonly message: string
}

/** Four times the longest that is shipped. */
export const MAX_PLAYBOOK = 64 * 1024
const MAX_PROBLEMS = 50
const MAX_ALIASES = 64

/** Reads one file. What is wrong comes in the order of lines, at most fifty of it. */
export function readPlaybook(text: string): Result<Playbook, readonly PlaybookProblem[]> {
  const begin = { line: 1, column: 1 }
  if (text.length > MAX_PLAYBOOK) return fail([{ ...begin, message: `a playbook has at most ${MAX_PLAYBOOK} characters` }])
  const [document, second] = splitDocuments(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))
  if (document === undefined) return fail([{ ...begin, message: 'the file is empty' }])
  if (second !== undefined) return fail([{ line: second.line + 1, column: 1, message: 'a file has one playbook' }])
  const source = parseYaml(document)
  if (source.errors.length > 0) return fail(source.errors)

  let raw: unknown
  try {
    raw = source.document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return fail([{ ...begin, message: `aliases cannot be followed: ${error instanceof Error ? error.message : String(error)}` }])
  }
  const found: PlaybookProblem[] = []
  const report = (path: SourcePath, message: string, place: { key?: boolean; within?: number } = {}): void => {
    if (found.length >= MAX_PROBLEMS) return
    const problem = { ...positionOf(source, path, place), message }
    // One word of the file may lead on success and on failure.
    if (!found.some((other) => other.line === problem.line && other.column === problem.column && other.message === message))
      found.push(problem)
  }
  const read = PlaybookFile.safeParse(raw)
  if (!read.success) {
    for (const issue of read.error.issues) reportIssue(issue, source, report)
    return fail(inOrder(found))
  }
  const playbook = toPlaybook(read.data, report)
  for (const { path, message } of graphProblems(playbook)) report(asWritten(path, read.data), message)
  return found.length > 0 ? fail(inOrder(found)) : ok(playbook)
}

const inOrder = (problems: readonly PlaybookProblem[]): PlaybookProblem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column)

type Report = (path: SourcePath, message: string, place?: { key?: boolean; within?: number }) => void

function reportIssue(issue: z.core.$ZodIssue, source: YamlSource, report: Report): void {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('').replace(/^\./, '') // prettier-ignore
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) report([...path, key], `unknown key ${key}`, { key: true })
    return
  }
  const missing = source.document.getIn(path) === undefined && path.length > 0
  if (missing) report(path, `${name} is missing`)
  else if (issue.code === 'invalid_union' && path.at(-1) === 'kind')
    report(path, `${name} is one of check, decide, contain, eradicate, recover, notify, wait`)
  else if (issue.code === 'invalid_union' && issue.errors.some((branch) => branch.length > 0)) {
    // What is wrong inside says more than that none of the forms fits.
    const inner = issue.errors.flat().find(({ code, path: deeper }) => code === 'custom' || deeper.length > 0)
    if (inner === undefined) report(path, `${name}: ${issue.message}`)
    else reportIssue({ ...inner, path: [...issue.path, ...inner.path] }, source, report)
  } else
    report(
      path,
      path.length === 0
        ? 'a playbook is a map of id, version, title, description, propose and steps'
        : `${name}: ${issue.message}`,
    )
}

/** `next` is where both outcomes lead, unless the file says otherwise for one: the problem is where that stands. */
function asWritten(path: readonly (string | number)[], file: PlaybookFile): readonly (string | number)[] {
  const [, at, key] = path
  const step = typeof at === 'number' ? file.steps[at] : undefined
  if (step === undefined || step.kind === 'decide' || (key !== 'on_success' && key !== 'on_failure')) return path
  return step[key] === undefined ? ['steps', at!, 'next', ...path.slice(3)] : path
}

function toPlaybook(file: PlaybookFile, report: Report): Playbook {
  const { id, version, title, description, propose } = file
  return {
    id,
    version,
    title,
    description,
    propose,
    start: file.start ?? [file.steps[0]!.id],
    steps: file.steps.map((step, at) => toStep(step, ['steps', at], report)),
  }
}

function toStep(step: FileStep, path: SourcePath, report: Report): PlaybookStep {
  const { id, title, text, needs, optional, evidence, look, commands } = step
  const condition = (written: string, at: SourcePath): string => {
    const read = parseCondition(written)
    if (!read.ok) report([...path, ...at], read.error.message, { within: read.error.offset })
    return written
  }
  look.forEach((query, at) => {
    const checked = checkQuery(query)
    if (!checked.ok) report([...path, 'look', at], checked.error.message, { within: checked.error.offset })
  })
  const wait = step.kind === 'wait' ? waitOf(step, path, report, condition) : null
  const due = step.due === undefined ? null : { within: step.due.within, after: step.due.after ?? null }
  if (due !== null && due.after === null && wait?.kind === 'for' && due.within < wait.time)
    report([...path, 'due'], `${id} is due before its wait can be over`)
  const base = {
    id,
    title,
    text,
    role: step.role ?? null,
    due,
    needs,
    optional,
    evidence,
    phase: step.phase ?? null,
    look,
    commands,
    ...(step.kind === 'decide' ? { onSuccess: [], onFailure: [] } : edges(step, path, report)),
  }
  switch (step.kind) {
    case 'check': {
      const auto = step.auto
      const yes = typeof auto === 'string' ? condition(auto, ['auto']) : auto?.yes === undefined ? null : condition(auto.yes, ['auto', 'yes']) // prettier-ignore
      const no = typeof auto === 'string' ? `not (${auto})` : auto?.no === undefined ? null : condition(auto.no, ['auto', 'no'])
      if (typeof auto === 'object' && yes === null && no === null) report([...path, 'auto'], 'auto says neither yes nor no')
      return { ...base, kind: 'check', yes, no }
    }
    case 'decide':
      return { ...base, kind: 'decide', choices: step.choices }
    case 'notify':
      return { ...base, kind: 'notify', to: step.to, template: step.template ?? null, message: step.message ?? null }
    case 'wait':
      return { ...base, kind: 'wait', wait: wait ?? { kind: 'for', time: 1000 } }
    default:
      return { ...base, kind: step.kind }
  }
}

function edges(
  step: Exclude<FileStep, { kind: 'decide' }>,
  path: SourcePath,
  report: Report,
): { onSuccess: string[]; onFailure: string[] } {
  const { next, on_success: success, on_failure: failure } = step
  if (next !== undefined && success !== undefined && failure !== undefined)
    report([...path, 'next'], `${step.id}: next says nothing where on_success and on_failure are both there`, { key: true })
  if (step.kind === 'check' && next === undefined && (success === undefined) !== (failure === undefined))
    report([...path, 'id'], `${step.id}: a question has two answers: give on_success (yes) and on_failure (no), or next`)
  return { onSuccess: success ?? next ?? [], onFailure: failure ?? next ?? [] }
}

function waitOf(
  step: Extract<FileStep, { kind: 'wait' }>,
  path: SourcePath,
  report: Report,
  condition: (written: string, at: SourcePath) => string,
): PlaybookWait | null {
  const { for: time, until, when, at_most: atMost } = step
  const given = [time, until, when].filter((value) => value !== undefined).length
  if (given !== 1) {
    report([...path, 'id'], `${step.id}: a wait says one of for, until and when`)
    return null
  }
  if (atMost !== undefined && when === undefined) report([...path, 'at_most'], 'at_most is for a wait with when', { key: true })
  if (time !== undefined) return { kind: 'for', time }
  if (until !== undefined) return { kind: 'until', clock: until }
  return { kind: 'when', condition: condition(when ?? '', ['when']), atMost: atMost ?? null }
}
