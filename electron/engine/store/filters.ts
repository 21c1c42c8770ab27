/** The two filters of a block as one piece of bytes: the length of the value filter (u32), the value filter, the text filter. */
export function joinFilters(values: Uint8Array, text: Uint8Array): Uint8Array<ArrayBuffer> {
  if (values.length === 0 && text.length === 0) return new Uint8Array(0)
  const out = new Uint8Array(4 + values.length + text.length)
  new DataView(out.buffer).setUint32(0, values.length, true)
  out.set(values, 4)
  out.set(text, 4 + values.length)
  return out
}

export function splitFilters(joined: Uint8Array): { readonly values: Uint8Array; readonly text: Uint8Array } {
  if (joined.length < 4) return { values: joined.subarray(0, 0), text: joined.subarray(0, 0) }
  const length = new DataView(joined.buffer, joined.byteOffset, joined.length).getUint32(0, true)
  return { values: joined.subarray(4, 4 + length), text: joined.subarray(4 + length) }
}
