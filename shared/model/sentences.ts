/**
 * Everything the engine says to a person about sources, imports and records, as a closed list: a code, the values it names, and the words
 * in English. Korean words are in `renderer/i18n/ko/engine.json`; a test holds both to the values. What a value is decides how it is shown.
 *
 * A code stays once it was released: reasons of rejected records are stored with theirs.
 */
import { NOTIFY_SENTENCES } from './notify-sentences.ts'

/**
 * `text` is foreign (a path, an address, words of another program) · `bytes` and `day` (ISO time) are shown as the language shows them ·
 * `sentence` and `sentences` are said in the middle of this one. `count` is a number that decides between singular and plural.
 */
export type ValueKind = 'text' | 'number' | 'bytes' | 'day' | 'sentence' | 'sentences'

/** In English each value is `{{name}}`; the one that counts is `{{figure}}`. */
export interface SentenceForm {
  readonly values: Readonly<Record<string, ValueKind>>
  readonly english: string | { readonly one: string; readonly other: string }
}

export const SENTENCES = {
  /* Sentences of sentences. */
  at: { values: { place: 'text', why: 'sentence' }, english: '{{place}}: {{why}}' },
  together: { values: { parts: 'sentences' }, english: '{{parts}}' },
  and_more: {
    values: { first: 'sentence', count: 'number' },
    english: { one: '{{first}} (and {{figure}} more)', other: '{{first}} (and {{figure}} more)' },
  },

  /* What the system says of a file. */
  missing: { values: {}, english: 'not there' },
  no_permission: { values: {}, english: 'no permission to read it' },
  is_folder: { values: {}, english: 'a folder' },
  not_folder: { values: {}, english: 'not a folder' },
  disk_full: { values: {}, english: 'the disk is full' },
  link_circle: { values: {}, english: 'symbolic links in a circle' },
  too_many_open: { values: {}, english: 'too many files and connections are open' },
  device_fault: { values: {}, english: 'the device cannot be read' },
  name_too_long: { values: {}, english: 'the name is too long' },
  system_error: { values: { errno: 'text' }, english: 'the system says {{errno}}' },
  unexpected: { values: { text: 'text' }, english: '{{text}}' },

  /* What a file is. */
  empty: { values: {}, english: 'empty' },
  not_regular: { values: {}, english: 'no regular file' },
  zip_archive: { values: {}, english: 'a zip archive: unpack it first' },
  bzip2: { values: {}, english: 'bzip2: unpack it first' },
  utf16: { values: {}, english: 'UTF-16 text: convert it to UTF-8 first' },
  database: { values: {}, english: 'a database' },
  capture_no_log: { values: {}, english: 'a packet capture, no log' },
  no_capture: { values: {}, english: 'no packet capture' },
  no_event_log: { values: {}, english: 'no Windows event log' },
  no_event_log_now: { values: {}, english: 'no Windows event log any more' },
  no_format: { values: {}, english: 'no format that is known here' },
  unknown_format: { values: { format: 'text' }, english: "there is no format '{{format}}'" },
  compressed_followed: { values: {}, english: 'compressed, and so not followed: import it' },

  /* What comes of expanding it. */
  cut_off: { values: { compression: 'text' }, english: '{{compression}}: cut off' },
  not_expanded: { values: { compression: 'text', text: 'text' }, english: '{{compression}}: {{text}}' },
  something_follows: { values: { compression: 'text' }, english: '{{compression}}: something else follows its end' },
  no_xz: { values: {}, english: 'xz: there is no `xz` program on this machine' },
  expands_too_much: {
    values: { times: 'number', bytes: 'bytes' },
    english: 'it expands more than {{times}} times: given up after {{bytes}}',
  },

  /* Imports. */
  complete_already: { values: {}, english: 'complete already: imported before' },
  nested_folders: { values: {}, english: 'folders are nested too deeply' },
  link_in_folder: { values: {}, english: 'a symbolic link inside a folder' },
  too_many_files: { values: { most: 'number' }, english: 'more than {{most}} files' },
  import_unread: {
    values: { count: 'number', path: 'text', why: 'sentence' },
    english: {
      one: '{{figure}} could not be read: {{path}}: {{why}}',
      other: '{{figure}} could not be read, the first: {{path}}: {{why}}',
    },
  },
  capture_stopped: {
    values: { offset: 'number', packets: 'number', text: 'text' },
    english: 'reading stopped at byte {{offset}}, after {{packets}} packets: {{text}}',
  },
  capture_thread_ended: { values: {}, english: 'the thread that read it ended' },
  capture_thread_failed: { values: { text: 'text' }, english: 'the thread that read it failed: {{text}}' },

  /* Followed files and folders. */
  no_match: { values: { folder: 'text', pattern: 'text' }, english: '{{folder}}: no file whose name matches {{pattern}}' },
  folder_capped: {
    values: { most: 'number', count: 'number' },
    english: {
      one: 'only {{most}} of {{figure}} file is looked at',
      other: 'only {{most}} of {{figure}} files are looked at',
    },
  },
  rotated_gap: {
    values: { path: 'text' },
    english: '{{path}} was rotated, and no copy goes on where reading stopped: records may be missing',
  },

  /* Event logs. */
  log_begun_again: {
    values: { path: 'text', first: 'number', last: 'number' },
    english:
      '{{path}}: record numbers begin again at {{first}} (it was cleared, or is another log); what was written behind number {{last}} and is in no archive was not read',
  },
  log_broken: {
    values: { path: 'text', why: 'sentence', last: 'number' },
    english: '{{path}}: {{why}}; what comes behind number {{last}} is read when it is whole',
  },
  records_missing: {
    values: { path: 'text', count: 'number', which: 'sentence' },
    english: {
      one: '{{path}}: {{figure}} record is missing ({{which}}): overwritten before it was read, or not readable',
      other: '{{path}}: {{figure}} records are missing ({{which}}): overwritten before they were read, or not readable',
    },
  },
  record_number: { values: { number: 'number' }, english: 'number {{number}}' },
  record_numbers: { values: { from: 'number', to: 'number' }, english: 'numbers {{from}} to {{to}}' },
  and_stretches: {
    values: { latest: 'sentence', count: 'number' },
    english: { one: '{{latest}} and {{figure}} more stretch', other: '{{latest}} and {{figure}} more stretches' },
  },
  record_not_read: { values: { record: 'number' }, english: 'record {{record}} cannot be read' },
  record_not_whole: { values: { record: 'number' }, english: 'record {{record}} is not whole' },
  no_record_behind: { values: { record: 'number' }, english: 'no record behind number {{record}}' },
  no_first_record: { values: {}, english: 'no record where the first one should stand' },
  no_chunk: { values: { offset: 'number' }, english: 'no chunk at byte {{offset}}' },
  chunk_cut: { values: { offset: 'number' }, english: 'the chunk at byte {{offset}} is cut' },
  chunk_damaged: { values: { offset: 'number', why: 'sentence' }, english: 'the chunk at byte {{offset}}: {{why}}' },
  chunk_header_changed: {
    values: { offset: 'number' },
    english: 'the chunk at byte {{offset}}: the checksum of its header does not hold: something in it was changed',
  },
  chunk_records_changed: {
    values: { offset: 'number', from: 'number', to: 'number' },
    english:
      'the chunk at byte {{offset}}: the checksum of its records (bytes {{from}} to {{to}}) does not hold: something in it was changed',
  },
  chunk_changed: {
    values: { offset: 'number', from: 'number', to: 'number' },
    english:
      'the chunk at byte {{offset}}: the checksum of its header and its records (bytes {{from}} to {{to}}) does not hold: something in it was changed',
  },
  chunks_missing: {
    values: { offset: 'number', missing: 'number', stated: 'number' },
    english: 'the file is cut at byte {{offset}}: {{missing}} of the {{stated}} chunks that its header states are not there',
  },
  log_header_unsigned: { values: {}, english: 'the header of the file is damaged: its signature is not there' },
  log_header_cut: {
    values: { bytes: 'number', of: 'number' },
    english: 'the header of the file is cut: {{bytes}} of {{of}} bytes are there',
  },
  log_header_changed: { values: {}, english: 'the header of the file is damaged: its checksum does not hold' },
  no_record: { values: { offset: 'number' }, english: 'no record at byte {{offset}}' },
  record_cut: { values: { record: 'number', offset: 'number' }, english: 'record {{record}} at byte {{offset}} is cut' },
  record_size: {
    values: { record: 'number', offset: 'number', size: 'number' },
    english: 'record {{record}} at byte {{offset}} has {{size}} bytes',
  },
  record_damaged: {
    values: { record: 'number', offset: 'number', text: 'text' },
    english: 'record {{record}} at byte {{offset}}: {{text}}',
  },
  record_unreadable: {
    values: { record: 'number', offset: 'number', why: 'sentence', at: 'number' },
    english: 'record {{record}} at byte {{offset}}: {{why}} (byte {{at}} of its chunk)',
  },
  binxml_token: { values: { token: 'number' }, english: 'an unknown token {{token}}' },
  binxml_start_token: { values: { token: 'number' }, english: 'token {{token}} in the start of an element' },
  binxml_literal: { values: { type: 'number' }, english: 'a literal of type {{type}}' },
  binxml_values: { values: { count: 'number' }, english: '{{count}} values' },
  binxml_elements: { values: { most: 'number' }, english: 'more than {{most}} elements' },
  binxml_deep_elements: { values: {}, english: 'elements are nested too deeply' },
  binxml_deep_templates: { values: {}, english: 'templates are nested too deeply' },
  binxml_deep_values: { values: {}, english: 'values are nested too deeply' },
  binxml_values_end: { values: {}, english: 'values reach over the end' },
  binxml_template_outside: { values: {}, english: 'a template outside of the chunk' },
  binxml_template_end: { values: {}, english: 'a template reaches over the end' },
  binxml_name_outside: { values: {}, english: 'a name outside of the chunk' },
  binxml_name_end: { values: {}, english: 'a name reaches over the end' },
  binxml_text_end: { values: {}, english: 'a text reaches over the end' },
  binxml_early_end: { values: {}, english: 'it ends too early' },

  /* Ports. */
  listening: { values: { address: 'text' }, english: 'listening on {{address}}' },
  port_taken: { values: {}, english: 'another program listens on this port' },
  port_forbidden: { values: {}, english: 'no permission to listen on this port (below 1024 it takes the right to)' },
  no_such_address: { values: {}, english: 'this machine has no such address' },
  no_such_family: { values: {}, english: 'this machine has no addresses of this kind' },
  unknown_host: { values: {}, english: 'no address is known by this name' },
  stdin_failed: { values: { why: 'sentence' }, english: 'standard input: {{why}}' },
  datagrams_lost: {
    values: { count: 'number' },
    english: {
      one: '{{figure}} datagram lost: more came than could be taken in',
      other: '{{figure}} datagrams lost: more came than could be taken in',
    },
  },
  connections_refused: {
    values: { count: 'number', open: 'number' },
    english: {
      one: '{{figure}} connection refused: {{open}} are open',
      other: '{{figure}} connections refused: {{open}} are open',
    },
  },

  /* TLS. */
  certificate_ended: { values: { path: 'text', day: 'day' }, english: 'the certificate in {{path}} ended on {{day}}' },
  key_mismatch: {
    values: { key: 'text', certificate: 'text' },
    english: '{{key}} is not the key of the certificate in {{certificate}}',
  },
  no_certificate_file: { values: {}, english: 'not a certificate in PEM form' },
  key_has_passphrase: { values: {}, english: 'the key has a passphrase; one without is needed' },
  no_key_file: { values: {}, english: 'not a private key in PEM form' },
  tls_unusable: {
    values: { certificate: 'text', key: 'text', text: 'text' },
    english: '{{certificate}}, {{key}}: {{text}}',
  },
  no_tls: { values: { sender: 'sentence', why: 'sentence' }, english: 'no TLS with {{sender}}: {{why}}' },
  no_tls_again: {
    values: { sender: 'sentence', why: 'sentence', count: 'number' },
    english: {
      one: 'no TLS with {{sender}}: {{why}} ({{figure}} time in all)',
      other: 'no TLS with {{sender}}: {{why}} ({{figure}} times in all)',
    },
  },
  sender_address: { values: { address: 'text' }, english: '{{address}}' },
  sender_unknown: { values: {}, english: 'a sender' },
  other_authority: { values: {}, english: 'it showed a certificate of another authority' },
  certificate_expired: { values: {}, english: 'its certificate has expired' },
  certificate_early: { values: {}, english: 'its certificate is not valid yet' },
  certificate_missing: { values: {}, english: 'it showed no certificate' },
  old_tls: { values: {}, english: 'it speaks no TLS 1.2' },
  not_tls: { values: {}, english: 'it does not speak TLS' },
  handshake_slow: { values: { seconds: 'number' }, english: 'no handshake within {{seconds}} s' },
  broke_off: { values: {}, english: 'it broke off' },
  tls_error: { values: { text: 'text' }, english: '{{text}}' },

  /* Rejected records. */
  too_long: { values: { bytes: 'bytes' }, english: 'longer than {{bytes}}' },
  too_deep: { values: { levels: 'number' }, english: 'nested deeper than {{levels}}' },
  no_length: { values: {}, english: 'no length before it, where records have one' },
  cut_counted: {
    values: { why: 'sentence', read: 'number', of: 'number' },
    english: '{{why}} after {{read}} of {{of}} bytes',
  },
  cut_line: { values: { why: 'sentence' }, english: '{{why}} before its line end' },
  ended: { values: {}, english: 'ended' },
  connection_broke: { values: {}, english: 'the connection broke off' },
  source_stopped: { values: {}, english: 'the source was stopped' },
  made_room: { values: {}, english: 'the connection was ended to make room for another' },
  no_end: { values: { seconds: 'number' }, english: 'no end came in {{seconds}} s' },
  silent: { values: {}, english: 'nothing came for long' },
  too_much_open: { values: {}, english: 'too much was waiting for the ends of records' },
  no_parser: { values: { format: 'text' }, english: 'no parser {{format}}' },
  parser_failed: { values: { text: 'text' }, english: 'the parser failed: {{text}}' },
  not_json: { values: {}, english: 'not valid JSON' },
  json_too_deep: { values: {}, english: 'JSON is nested too deeply' },
  json_no_object: { values: {}, english: 'JSON, but no object' },
  no_header: { values: { format: 'text' }, english: 'no {{format}} header' },
  header_short: {
    values: { format: 'text', found: 'number', of: 'number' },
    english: '{{found}} of {{of}} {{format}} header fields',
  },
  columns_differ: { values: { found: 'number', of: 'number' }, english: '{{found}} columns instead of {{of}}' },
  too_many_columns: { values: { most: 'number' }, english: 'more than {{most}} columns' },
  quote_open: { values: {}, english: 'a quoted field is not closed' },
  text_after_quotes: { values: {}, english: 'text after a quoted field' },
  no_fields_line: { values: {}, english: 'no #fields line before it' },
  no_zeek_path: { values: {}, english: 'no `_path`' },
  no_event_id: { values: {}, english: 'no Windows event id' },
  no_audit_record: { values: {}, english: 'no audit record: type= and msg=audit(time:serial) expected' },
  no_beginning: { values: {}, english: 'neither a PRI nor a time at the beginning' },
  nul_characters: { values: {}, english: 'no text: it holds NUL characters' },
  /** What a parser says that has no sentence of its own. */
  parser_words: { values: { text: 'text' }, english: '{{text}}' },

  /* The engine's own threads, and its store. */
  parser_thread_ended: { values: {}, english: 'a parser thread ended' },
  parser_thread_died: { values: { text: 'text' }, english: 'a parser thread died: {{text}}' },
  not_stored: { values: { text: 'text' }, english: 'what was read cannot be stored: {{text}}' },
  stopped: { values: {}, english: 'it was stopped' },
  demo_ended: { values: { code: 'number' }, english: 'it ended with code {{code}}' },

  ...NOTIFY_SENTENCES,
} as const satisfies Record<string, SentenceForm>
