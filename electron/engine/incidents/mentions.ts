/** Names after `@` in a note: letters, digits, `.`, `_` and `-`; not inside a word, so that mail addresses are none. */
const MENTION = /(?<![\p{L}\p{N}_.@-])@([\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,62}[\p{L}\p{N}])?)/gu
const MOST = 100

export const mentionsIn = (text: string): string[] =>
  [...new Set(Array.from(text.matchAll(MENTION), ([, name]) => name ?? ''))].slice(0, MOST)
