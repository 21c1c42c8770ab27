/**
 * Fonts of reports: IBM Plex for Latin letters, as on screen, and Noto Sans KR for Korean and whatever else it has. All are under the
 * SIL Open Font License and come with packages of the same name; of each, only the glyphs that occur go into a document.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applicationRoot } from '../../paths.ts'
import { unwrapWoff } from './unwrap-woff.ts'

export const FONT_FILES = {
  'sans-400': '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-400-normal.woff',
  'sans-600': '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff',
  'mono-400': '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff',
  'mono-600': '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff',
  'noto-400': '@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf',
  'noto-600': '@expo-google-fonts/noto-sans-kr/600SemiBold/NotoSansKR_600SemiBold.ttf',
} as const
export type FontName = keyof typeof FONT_FILES
export const FONT_NAMES = Object.keys(FONT_FILES) as FontName[]

/** Where the build puts a font (`vite.engine.config.ts`): packages are not part of what is installed. */
export const fontFile = (name: FontName): string => `fonts/${name}${/\.\w+$/.exec(FONT_FILES[name])?.[0] ?? ''}`

export function readFont(name: FontName): Uint8Array {
  const built = join(applicationRoot(), 'dist', 'engine', fontFile(name))
  return unwrapWoff(readFileSync(existsSync(built) ? built : join(applicationRoot(), 'node_modules', FONT_FILES[name])))
}
