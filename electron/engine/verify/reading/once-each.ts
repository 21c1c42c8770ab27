/** What is asked of the same things again and again, found once. */

/**
 * `read`, asked once for each object: many tests ask the same of the same events. The answer stands with the object, unseen by what lists
 * or copies it, and goes with it.
 */
export function onceEach<K extends object, V>(read: (of: K) => V): (of: K) => V {
  const key = Symbol('once')
  return (of) => {
    const holder = of as { readonly [key]?: { readonly value: V } }
    const kept = holder[key]
    if (kept !== undefined) return kept.value
    const value = read(of)
    Object.defineProperty(of, key, { value: { value } })
    return value
  }
}
