/** The media type of a file by its first bytes, in the names that Zeek gives them; '' where they do not tell. */
import { latin1 } from '../decode/text.ts'

const BINARY: readonly (readonly [begins: readonly number[], type: string])[] = [
  [[0x4d, 0x5a], 'application/x-dosexec'],
  [[0x7f, 0x45, 0x4c, 0x46], 'application/x-executable'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'application/x-mach-o-executable'],
  [[0xca, 0xfe, 0xba, 0xbe], 'application/x-java-applet'],
  [[0x50, 0x4b, 0x03, 0x04], 'application/zip'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'application/x-rar'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'application/x-7z-compressed'],
  [[0x1f, 0x8b], 'application/x-gzip'],
  [[0x42, 0x5a, 0x68], 'application/x-bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'application/x-xz'],
  [[0x4d, 0x53, 0x43, 0x46], 'application/vnd.ms-cab-compressed'],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'application/msword'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'application/pdf'],
  [[0x7b, 0x5c, 0x72, 0x74, 0x66], 'text/rtf'],
  [[0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00], 'application/x-ms-shortcut'],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x47, 0x49, 0x46, 0x38], 'image/gif'],
  [[0x77, 0x4f, 0x46, 0x46], 'application/font-woff'],
  [[0x43, 0x57, 0x53], 'application/x-shockwave-flash'],
  [[0x46, 0x57, 0x53], 'application/x-shockwave-flash'],
]
const TEXTS: readonly (readonly [test: RegExp, type: string])[] = [
  [/^\s*(?:<!doctype html|<html|<head|<body|<script)/i, 'text/html'],
  [/^\s*<\?php/i, 'text/x-php'],
  [/^\s*<\?xml/i, 'application/xml'],
  [/^#! ?\/[\w/]*(?:ba|da|z|k)?sh\b/, 'text/x-shellscript'],
  [/^#! ?\/[\w/]*(?:env )?python/, 'text/x-python'],
  [/^#! ?\/[\w/]*(?:env )?perl/, 'text/x-perl'],
]

export function typeOfBytes(bytes: Uint8Array): string {
  for (const [begins, type] of BINARY)
    if (bytes.length > begins.length && begins.every((byte, i) => bytes[i] === byte)) return type
  const text = latin1(bytes, 0, Math.min(bytes.length, 256), 256)
  return TEXTS.find(([test]) => test.test(text))?.[1] ?? ''
}
