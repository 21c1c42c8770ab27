/** What stands in a playbook's file: keys, their values and bounds. `docs/playbooks.md` is for people. */
import { z } from 'zod'
import { IMPACTS } from '../../../../shared/model/impact.ts'
import { COMMAND_PLACES, PLAYBOOK_PHASES, PLAYBOOK_ROLES, PlaybookId } from '../../../../shared/model/playbook.ts'
import { SEVERITIES } from '../../../../shared/model/severity.ts'
import { ATTACK_CLASSES } from '../../verify/attack-class.ts'
import { durationMs, isClock } from './duration.ts'

/** Both languages, and not one twice: a text that was not translated is a text that is missing. */
const bilingual = (most: number) =>
  z
    .strictObject({ en: z.string().trim().min(1).max(most), ko: z.string().trim().min(1).max(most) })
    .refine(({ en, ko }) => en !== ko, { error: 'the Korean text is the English one', path: ['ko'] })
    .refine(({ ko }) => /[가-힣]/.test(ko), { error: 'the Korean text has no Korean in it', path: ['ko'] })
const Title = bilingual(160)
const Text = bilingual(4000)

const duration = z.string().transform((text, context): number => {
  const read = durationMs(text)
  if (read.ok) return read.value
  context.addIssue({ code: 'custom', message: read.error })
  return z.NEVER
})

/** One id or a list of them. */
const Ids = z.union([PlaybookId.transform((id) => [id]), z.array(PlaybookId).max(20)], {
  error: 'is the id of a step, or a list of ids',
})
const Needs = z.array(PlaybookId).max(20).default([])

const common = {
  id: PlaybookId,
  title: Title,
  text: Text,
  role: z.enum(PLAYBOOK_ROLES).optional(),
  due: z
    .union(
      [duration.transform((within) => ({ within, after: undefined })), z.strictObject({ within: duration, after: PlaybookId })],
      {
        error: 'is a duration such as PT30M, or { within: PT30M, after: <step> }',
      },
    )
    .optional(),
  needs: Needs,
  optional: z.boolean().default(false),
  evidence: z.array(bilingual(400)).max(20).default([]),
  phase: z.enum(PLAYBOOK_PHASES).optional(),
  look: z.array(z.string().trim().min(1).max(1000)).max(20).default([]),
  commands: z
    .array(z.strictObject({ on: z.enum(COMMAND_PLACES), run: z.string().trim().min(1).max(2000) }))
    .max(20)
    .default([]),
}
const leading = { next: Ids.optional(), on_success: Ids.optional(), on_failure: Ids.optional() }
const Condition = z.string().trim().min(1).max(900)

const action = <K extends 'contain' | 'eradicate' | 'recover'>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), ...common, ...leading })

const Wait = z.strictObject({
  kind: z.literal('wait'),
  ...common,
  ...leading,
  for: duration.optional(),
  until: z.string().refine(isClock, { error: 'is a time of day with its zone, such as 08:00+09:00 or 23:00Z' }).optional(),
  when: Condition.optional(),
  at_most: duration.optional(),
})

export const FileStep = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('check'),
    ...common,
    ...leading,
    auto: z
      .union([Condition, z.strictObject({ yes: Condition.optional(), no: Condition.optional() })], {
        error: 'is a condition, or { yes: <condition>, no: <condition> }',
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('decide'),
    ...common,
    choices: z
      .array(z.strictObject({ id: PlaybookId, title: Title, next: Ids.default([]) }))
      .min(2)
      .max(12),
  }),
  action('contain'),
  action('eradicate'),
  action('recover'),
  z.strictObject({
    kind: z.literal('notify'),
    ...common,
    ...leading,
    to: z.array(z.enum(PLAYBOOK_ROLES)).min(1).max(4),
    template: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'is the name of a template')
      .optional(),
    message: Text.optional(),
  }),
  Wait,
])
export type FileStep = z.output<typeof FileStep>

const words = (form: RegExp, message: string) => z.array(z.string().regex(form, message)).max(100).default([])

export const PlaybookFile = z.strictObject({
  id: PlaybookId,
  version: z.number().int().min(1).max(1_000_000),
  title: Title,
  description: Text,
  propose: z
    .strictObject({
      classes: z.array(z.enum(ATTACK_CLASSES)).max(100).default([]),
      techniques: words(/^T\d{4}(?:\.\d{3})?$/, 'is an ATT&CK technique such as T1190 or T1059.001'),
      tags: words(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u, 'is a tag: letters, digits, _ . -'),
      impacts: z.array(z.enum(IMPACTS)).default([]),
      severity: z.enum(SEVERITIES).default('info'),
    })
    .refine(({ classes, techniques, tags }) => classes.length + techniques.length + tags.length > 0, {
      error: 'names neither classes, techniques nor tags: it would never be proposed',
    }),
  start: Ids.optional(),
  steps: z.array(FileStep).min(1).max(200),
})
export type PlaybookFile = z.output<typeof PlaybookFile>
