/** Writes the verdict of each packet of chunk `index`, of which there are `length`, into `out`. */
export type Columnar = (index: number, length: number, out: Uint8Array) => void
