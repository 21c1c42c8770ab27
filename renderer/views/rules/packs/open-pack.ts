/** What the tab of packs shows, in one word of the address: a pack's id, or a dialog. Names of packs begin with no colon. */
export const IMPORT = ':import'
/** With the id of the pack that is exported behind it; nothing behind it are the desk's own rules. */
export const EXPORT = ':export:'

/** The pack that an export is about, '' where it is about none; null where nothing is exported. */
export const exported = (open: string): string | null => (open.startsWith(EXPORT) ? open.slice(EXPORT.length) : null)

/** Id of the pack whose panel is shown; '' is none. */
export const opened = (open: string): string => exported(open) ?? (open === IMPORT ? '' : open)
