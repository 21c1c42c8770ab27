import type { Label, Labelled } from './labelled.ts'
import type { Scene } from './scene.ts'

/** A case that is laid by hand. */
export interface MadeCase extends Labelled {
  /** Title of the signature that the sensor raises; or of the shipped rule, where `rule` has its id. */
  readonly title: string
  readonly category: string
  readonly technique: string
  readonly rule?: string
  play(scene: Scene): void
}

const WEB = 'Web Application Attack'

/** An alert of a signature about a web server. */
export const web = (id: string, label: Label, why: string, title: string, play: MadeCase['play'], technique = 'T1190'): MadeCase => ({
  id, label, why, title, category: WEB, technique, play,
}) // prettier-ignore

export const other = (
  id: string, label: Label, why: string, title: string, category: string, technique: string, play: MadeCase['play'], rule?: string,
): MadeCase => ({ id, label, why, title, category, technique, play, ...(rule === undefined ? {} : { rule }) }) // prettier-ignore
