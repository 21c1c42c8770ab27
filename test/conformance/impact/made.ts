/** All made cases, each with its scene, and the alert that it is about. */
import type { Asked } from './desk.ts'
import type { MadeCase } from './define.ts'
import { OTHERS } from './made-others.ts'
import { WEB } from './made-web.ts'
import { Scene } from './scene.ts'

const FIRST_SID = 9_500_000

export const MADE: readonly { readonly of: MadeCase; readonly scene: Scene; readonly asked: Asked }[] = [...WEB, ...OTHERS].map(
  (of, i) => {
    const scene = new Scene(i + 1, FIRST_SID + i, of.title, of.category, of.technique)
    of.play(scene)
    return {
      of,
      scene,
      asked: of.rule === undefined ? { detection: `1:${FIRST_SID + i}` } : { detection: of.rule, about: scene.host },
    }
  },
)
