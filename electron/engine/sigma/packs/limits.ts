/** What a pack may be at most. Sizes are bytes. */
export const MAX_ARCHIVE = 64 * 1024 * 1024
export const MOST_ENTRIES = 20_000
/** Of all files that are taken, as they really are. */
export const MAX_UNPACKED = 128 * 1024 * 1024
export const MAX_MANIFEST = 16 * 1024 * 1024
/** Of an entry's name: bytes, and folders in each other. */
export const MAX_NAME = 512
export const MAX_DEPTH = 32
/** What is said of a pack, at most so many. */
export const MOST_SAID = 1000
