/**
 * What a rule says of itself that decides nothing about matching: who wrote it and when, which rules it is related to, its
 * taxonomy and scope. Specification: Sigma rules 2.1, "Related", "Status", "Taxonomy", "Scope", "Tags". Only what pySigma refuses too is
 * an error; everything else is a note, and the rule loads.
 */
import type { RelatedRule, RuleAbout } from '../../../shared/model/rule.ts'
import { RELATED_TYPES } from '../../../shared/model/rule.ts'

/** Keys of a rule that are read here. */
export const ABOUT_KEYS = ['status', 'author', 'date', 'modified', 'license', 'taxonomy', 'scope', 'related', 'tags'] as const
type AboutKey = (typeof ABOUT_KEYS)[number]

/** `fatal`: the rule does not load. */
export type SayAbout = (key: AboutKey, message: string, fatal: boolean) => void

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported']
/** Taxonomies of which field names are known here: Sigma's own, and ECS. */
const TAXONOMIES = ['sigma', 'ecs']
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/
const TAGS: Readonly<Record<string, RegExp>> = {
  attack: /^(?:[cgmst]\d{4}|ds\d{4}|t\d{4}\.\d{3}|ta\d{4}|[a-z]+(?:[-_][a-z]+)*)$/,
  car: /^\d{4}-\d{2}-\d{3}$/,
  cve: /^\d{4}[.-]\d{4,}$/,
  d3fend: /^d3[a-z-]*/,
  detection: /^(?:dfir|emerging[-_]threats|threat[-_]hunting)$/,
  stp: /^\d[a-z]?$/,
  tlp: /^(?:red|amber|amber-strict|green|clear|white)$/,
}
const MOST_RELATED = 200
const LONGEST = 4096

/** `raw`: the values of those keys as YAML has them. Says what is wrong; what it gives can be used in any case. */
export function readAbout(raw: Readonly<Record<string, unknown>>, say: SayAbout): RuleAbout {
  const text = (key: AboutKey): string | null => {
    const value = raw[key]
    if (value === undefined || value === null) return null
    // A list of authors is common, though the specification knows one text.
    const all = Array.isArray(value) ? value : [value]
    if (all.every((one) => typeof one === 'string' || typeof one === 'number'))
      return all.join(', ').trim().slice(0, LONGEST) || null
    say(key, `${key} is text`, false)
    return null
  }
  const status = text('status')
  if (status !== null && !STATUSES.includes(status)) say('status', `status is one of ${STATUSES.join(', ')}`, false)
  const taxonomy = text('taxonomy') ?? 'sigma'
  if (!TAXONOMIES.includes(taxonomy.toLowerCase()))
    say('taxonomy', `the taxonomy ${taxonomy.slice(0, 80)} is not known here: fields are taken as they are named`, false)
  readTags(raw['tags'], say)
  return {
    author: text('author'),
    date: readDate('date', text('date'), say),
    modified: readDate('modified', text('modified'), say),
    license: text('license'),
    taxonomy,
    scope: readScope(raw['scope'], say),
    related: readRelated(raw['related'], say),
  }
}

/** `2026-01-31`, also where it is written with slashes, as older rules do. Kept as written where it is no date. */
function readDate(key: 'date' | 'modified', value: string | null, say: SayAbout): string | null {
  if (value === null) return null
  const date = value.replaceAll('/', '-')
  if (/^\d{4}-\d{2}-\d{2}$/.test(date) && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true) return date
  say(key, `${key} is a date like 2026-01-31`, false)
  return value
}

function readScope(value: unknown, say: SayAbout): string[] {
  if (value === undefined || value === null) return []
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!all.every((one) => typeof one === 'string')) say('scope', 'scope is a list of texts', false)
  return all.filter((one) => typeof one === 'string').map((one) => one.slice(0, LONGEST))
}

function readRelated(value: unknown, say: SayAbout): RelatedRule[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    say('related', 'related is a list of rules, each with id and type', true)
    return []
  }
  if (value.length > MOST_RELATED) say('related', `more than ${MOST_RELATED} related rules`, true)
  return value.slice(0, MOST_RELATED).flatMap((one: unknown): RelatedRule[] => {
    const { id, type } = (typeof one === 'object' && one !== null ? one : {}) as Readonly<Record<string, unknown>>
    if ((typeof id !== 'string' && typeof id !== 'number') || typeof type !== 'string') {
      say('related', 'a related rule has an id and a type', true)
      return []
    }
    const known = RELATED_TYPES.find((name) => name === type)
    if (known === undefined) {
      say('related', `the type of a related rule is one of ${RELATED_TYPES.join(', ')}, not ${type.slice(0, 80)}`, true)
      return []
    }
    if (!UUID.test(String(id))) say('related', `the related rule ${String(id).slice(0, 80)} is not named by a UUID`, false)
    return [{ id: String(id).slice(0, 128), type: known }]
  })
}

function readTags(value: unknown, say: SayAbout): void {
  for (const tag of Array.isArray(value) ? value : []) {
    if (typeof tag !== 'string') continue
    const [space = '', ...rest] = tag.split('.')
    const wanted = Object.hasOwn(TAGS, space) ? TAGS[space] : undefined
    const shown = tag.slice(0, 80)
    if (!TAG.test(tag)) say('tags', `the tag ${shown} is not of the form namespace.name in small letters`, false)
    else if (wanted?.test(rest.join('.')) === false) say('tags', `the tag ${shown} is none of the namespace ${space}`, false)
  }
}
