/** Products and versions as text, in a CPE name's words: for services that nobody gave a CPE. */
import { ANY, cpeOf, cpeValue, parseCpe, plainValue, type Cpe } from './cpe-name.ts'
import { KNOWN_PRODUCTS } from './known-products.ts'

/** Words that name a kind of thing: as a product they would fit too much. */
const KINDS = new Set([
  'agent',
  'client',
  'connect',
  'console',
  'control',
  'core',
  'dashboard',
  'data',
  'database',
  'device',
  'dns',
  'engine',
  'firewall',
  'firmware',
  'ftp',
  'gateway',
  'http',
  'https',
  'imap',
  'linux',
  'mail',
  'manager',
  'monitor',
  'platform',
  'portal',
  'proxy',
  'router',
  'server',
  'service',
  'smtp',
  'software',
  'ssh',
  'ssl',
  'switch',
  'system',
  'telnet',
  'tls',
  'unknown',
  'web',
  'webserver',
  'windows',
])
const MOST_TEXT = 256

/** `2.4.49` of `2.4.49 (Debian)`, `8.9p1` of `8.9p1 Ubuntu-3`; '' where there is none. */
export function versionIn(text: string): string {
  const match = /(?:^|[\s/_v(-])(\d+(?:\.\d+)*(?:[.-]?(?:rc|beta|alpha|b|p|u|sp)\d+|[a-z](?![a-z]))?)/i.exec(
    text.slice(0, MOST_TEXT),
  )
  return match?.[1]?.toLowerCase() ?? ''
}

/** `8.9p1` is version 8.9, update p1, as NVD's records have it for makers that count so. */
const withUpdate = /^(\d[\d.]*?)((?:p|u|sp|rc|beta)\d+)$/

/** What a product and its version, as text, are in CPE; null where the text names nothing that could be looked for. */
export function cpeOfText(product: string, version: string): Cpe | null {
  const text = product.slice(0, MOST_TEXT).toLowerCase().trim()
  if (text === '') return null
  const found = versionIn(version) || versionIn(text)
  const known = KNOWN_PRODUCTS.find(({ test }) => test.test(text))
  if (known) return versioned(cpeOf(known.part, known.vendor, '', ''), known.product, found)
  const words = slugOf(text)
  // Without a version every vulnerability of anything with this name would be one of it.
  return words === null || found === '' ? null : versioned(cpeOf('a', '', '', ''), words, found)
}

function versioned(base: Cpe, product: string, version: string): Cpe {
  const parts = withUpdate.exec(version)
  return {
    ...base,
    // Names of the table are written as CPE has them.
    product: product.includes('\\') ? product : cpeValue(product),
    version: cpeValue(parts?.[1] ?? version),
    update: parts?.[2] === undefined ? ANY : cpeValue(parts[2]),
  }
}

/** `acme_shop` of `Acme Shop 2.1 (build 7)`; null where only kinds of things are named. */
export function slugOf(text: string): string | null {
  const words = text
    .toLowerCase()
    .replace(/\(.*?\)/g, ' ')
    .replace(/[/ ]v?\d[\w.+-]*/g, ' ')
    .split(/[^\p{L}\p{N}.+-]+/u)
    .filter((word) => word !== '')
  if (words.every((word) => KINDS.has(word))) return null
  const slug = words.join('_').slice(0, 128)
  return slug.length < 3 ? null : slug
}

/** A service's or an operating system's name in CPE, and where it comes from; null where there is none. */
export function cpeOfSoftware(software: {
  readonly product: string
  readonly version: string
  readonly cpe: string | null
}): { readonly cpe: Cpe; readonly how: 'cpe' | 'product' } | null {
  if (software.cpe !== null) {
    const parsed = parseCpe(software.cpe)
    if (parsed.ok && parsed.value.product !== ANY) {
      const { value } = parsed
      // Scanners often give the version beside a CPE without one.
      const version = value.version === ANY ? versionIn(software.version) : ''
      if (version === '') return { cpe: value, how: 'cpe' }
      return { cpe: { ...versioned(value, plainValue(value.product), version), product: value.product }, how: 'cpe' }
    }
  }
  const cpe = cpeOfText(software.product, software.version)
  return cpe === null ? null : { cpe, how: 'product' }
}
