/** What can be wrong with a display filter: `query_syntax` errors whose key is below `packets.filterErrors` in i18n. */
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import type { Span } from './tree.ts'

/** Texts for the terminal and logs; those of the screen are in `renderer/i18n/<language>/packet-filter.json`. */
const TEXTS = {
  too_long: 'The filter is longer than {max} characters.',
  too_deep: 'The filter is nested deeper than {max} levels.',
  unexpected: '“{found}” cannot stand here.',
  bad_character: '“{found}” is no part of the filter language.',
  missing_operand: 'Something is missing after “{after}”.',
  missing_before: 'Something is missing before “{found}”.',
  missing_operator: '“and” or “or” is missing before “{found}”.',
  ends_early: 'The filter ends too early.',
  group_open: 'The parenthesis is never closed.',
  group_empty: 'There is nothing between the parentheses.',
  close_extra: 'Nothing was opened that “{found}” closes.',
  brace_open: 'The brace is never closed.',
  slice_open: 'The slice is never closed with “]”.',
  slice_bad: '“{found}” is no slice: write [4], [0:2], [0-1], [:2] or [2:].',
  layer_bad: '“#” needs the number of a layer: ip.addr#2 or ip.addr#[1-2].',
  set_empty: 'There is nothing in the set.',
  set_comma: 'Values of a set have commas between them.',
  set_missing: '“in” needs a set: {80, 443, 8000..8099}.',
  quote_open: 'The quotation mark is never closed.',
  bad_escape: '“{found}” is no escape; write two backslashes for one.',
  bad_char: 'Single quotes hold one character.',
  unknown_field: '“{found}” is neither a field nor a protocol.',
  unknown_function: 'There is no function “{found}”.',
  function_arguments: '“{name}” takes {number} arguments.',
  function_field: '“{name}” needs a field, and “{found}” is none.',
  function_type: '“{name}” cannot be used with {field} ({type}).',
  function_alone: 'A function must be compared with something.',
  needs_field: 'One side of “{operator}” must be a field or a function.',
  not_a_number: '{field} is a number, and “{found}” is none.',
  too_large: '“{found}” is larger than a number can be here.',
  not_a_bool: '{field} is true or false; “{found}” is neither.',
  not_ipv4: '{field} is an IPv4 address, and “{found}” is none.',
  not_ipv6: '{field} is an IPv6 address, and “{found}” is none.',
  bad_prefix: 'The number after “/” is too large.',
  not_ether: '{field} is a hardware address, and “{found}” is none: 02:00:00:00:00:01.',
  not_bytes: '{field} is bytes, and “{found}” are none: 0a:0b:ff.',
  not_a_time: '{field} is a time, and “{found}” is none: "2026-11-20 18:41:00".',
  not_a_duration: '{field} is in seconds, and “{found}” is no number of seconds.',
  string_type: '{field} ({type}) cannot be compared with text in quotes.',
  types_differ: '{left} ({leftType}) and {right} ({rightType}) cannot be compared.',
  operator_type: '“{operator}” cannot be used with {field} ({type}).',
  slice_type: '{field} ({type}) has no slices.',
  matches_string: '“matches” needs a pattern in double quotes.',
  bad_regex: 'The pattern cannot be read: {reason}.',
  value_none: '{field} has no value; it is there or it is not.',
  macro: 'Macros and references to the selected packet cannot be used here.',
} as const
export type FilterErrorKey = keyof typeof TEXTS
export const FILTER_ERROR_KEYS = Object.keys(TEXTS) as readonly FilterErrorKey[]

/** `at` is the wrong word; an empty span points at a place. */
export function filterError(
  key: FilterErrorKey,
  at: Span,
  values: Readonly<Record<string, string>> = {},
  suggestions: readonly string[] = [],
): WatchfloorError {
  return {
    code: 'query_syntax',
    message: TEXTS[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => shortened(values[name] ?? whole)),
    offset: at.start,
    length: Math.max(0, at.end - at.start),
    key,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shortened(value)])),
    suggestions: [...suggestions],
  }
}
const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
