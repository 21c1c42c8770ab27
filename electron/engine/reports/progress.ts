/** Told how far a writer has come: 0 to 1, growing. */
export type Progress = (part: number) => void
