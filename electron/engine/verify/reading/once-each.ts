/** What is asked of the same things again and again, found once. */

/** Answers by question. One property however many questions: an object with one of its own for each is slow to read. */
const ANSWERS = Symbol('answers')

let questions = 0

/**
 * `read`, asked once for each object: many tests ask the same of the same events. The answer stands with the object, unseen by what lists
 * or copies it, and goes with it. An answer that is undefined is asked for again.
 */
export function onceEach<K extends object, V>(read: (of: K) => V): (of: K) => V {
  const question = questions++
  return (of) => {
    const holder = of as { readonly [ANSWERS]?: V[] }
    let answers = holder[ANSWERS]
    if (answers === undefined) {
      answers = []
      Object.defineProperty(of, ANSWERS, { value: answers })
    }
    const kept = answers[question]
    if (kept !== undefined) return kept
    return (answers[question] = read(of))
  }
}
