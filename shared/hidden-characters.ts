/** Characters that would hide, reorder or command instead of being read: on screen and in a terminal they are shown escaped. */

/**
 * Controls but tab and line feed; format and direction characters; lone surrogates; line and paragraph separators; and all that is
 * drawn as nothing (fillers, joiners, variation selectors, tags).
 */
export const HIDDEN_CHARACTERS = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
