/**
 * Templates of messages: one file for each kind and language in `resources/templates/notify`, with a subject, one short line, a text
 * and the same as HTML; and the words that values are put into.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { NOTIFY_KINDS, NOTIFY_LANGUAGES, type NotifyKind, type NotifyLanguage } from '../../../shared/model/notification.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { escapeHtml, plainLine } from './plain-text.ts'
import { fill, parseTemplate, type Piece, type Values } from './template.ts'

export const PARTS = ['subject', 'short', 'text', 'html'] as const
const TemplateFile = z.strictObject({ subject: z.string(), short: z.string(), text: z.string(), html: z.string() })
const Words = z.strictObject({
  severity: z.record(z.string(), z.string()),
  status: z.record(z.string(), z.string()),
  field: z.record(z.string(), z.string()),
  impact: z.record(z.string(), z.string()),
  /** On the operator's screen, where there is more than it may show. */
  more: z.string(),
})
/** What is known of the language: severities, states of an incident, what of it can change. Other states are shown as they are. */
export type NotifyWords = z.infer<typeof Words>

export type Template = Readonly<Record<(typeof PARTS)[number], readonly Piece[]>>

export interface Rendered {
  /** One line, at most 200 characters. */
  readonly subject: string
  /** One line. */
  readonly short: string
  readonly text: string
  readonly html: string
}

const LONGEST_SUBJECT = 200

export class Templates {
  readonly #templates: ReadonlyMap<string, Template>
  readonly #words: ReadonlyMap<NotifyLanguage, NotifyWords>

  private constructor(templates: ReadonlyMap<string, Template>, words: ReadonlyMap<NotifyLanguage, NotifyWords>) {
    this.#templates = templates
    this.#words = words
  }

  /** `invalid_input` names the file and what is wrong with it. */
  static async load(folder: string): Promise<Result<Templates>> {
    const templates = new Map<string, Template>()
    const words = new Map<NotifyLanguage, NotifyWords>()
    for (const language of NOTIFY_LANGUAGES) {
      const read = await readWhole(join(folder, `words.${language}.yml`), Words)
      if (!read.ok) return read
      words.set(language, read.value)
      for (const kind of NOTIFY_KINDS) {
        const path = join(folder, `${kind}.${language}.yml`)
        const file = await readWhole(path, TemplateFile)
        if (!file.ok) return file
        const parts: Partial<Record<(typeof PARTS)[number], readonly Piece[]>> = {}
        for (const part of PARTS) {
          const parsed = parseTemplate(file.value[part])
          if (!parsed.ok)
            return fail({
              code: 'invalid_input',
              message: `${path}: line ${parsed.error.line} of ${part}: ${parsed.error.why}`,
              path: part,
            })
          parts[part] = parsed.value
        }
        templates.set(`${kind}.${language}`, parts as Template)
      }
    }
    return ok(new Templates(templates, words))
  }

  template(kind: NotifyKind, language: NotifyLanguage): Template {
    return this.#templates.get(`${kind}.${language}`)!
  }

  words(language: NotifyLanguage): NotifyWords {
    return this.#words.get(language)!
  }

  /**
   * A message in a language. Values are shown as they are: on one line, with control and direction characters escaped, and in HTML
   * without any effect as markup. Errors: `invalid_input` where a value is missing.
   */
  render(kind: NotifyKind, language: NotifyLanguage, values: Values): Result<Rendered> {
    const template = this.template(kind, language)
    const parts: Record<string, string> = {}
    for (const part of PARTS) {
      const filled = fill(
        template[part],
        values,
        part === 'html' ? (text) => escapeHtml(plainLine(text)) : (text) => plainLine(text),
      )
      if (!filled.ok)
        return fail({ code: 'invalid_input', message: `${kind}.${language} ${part}: ${filled.error.why}`, path: part })
      parts[part] = filled.value
    }
    const { subject = '', short = '', text = '', html = '' } = parts
    return ok({ subject: plainLine(subject.trim(), LONGEST_SUBJECT), short: plainLine(short.trim(), 500), text, html })
  }
}

async function readWhole<T>(path: string, schema: z.ZodType<T>): Promise<Result<T>> {
  try {
    const parsed = schema.safeParse(parse(await readFile(path, 'utf8')))
    if (parsed.success) return ok(parsed.data)
    return fail({ code: 'invalid_input', message: `${path}: ${z.prettifyError(parsed.error)}` })
  } catch (error) {
    return fail({ code: 'invalid_input', message: `${path}: ${error instanceof Error ? error.message : String(error)}` })
  }
}
