/** The tools there are, in the order of the menu: `<id>/<Id>Tool.tsx`. Without React, for programs that go through all of them. */
export const TOOL_IDS = [
  'conversations',
  'endpoints',
  'hierarchy',
  'sequence',
  'follow',
  'objects',
  'find',
  'carve',
  'library',
  'goto',
  'keys',
] as const
export type ToolId = (typeof TOOL_IDS)[number]

export const isToolId = (text: string): text is ToolId => (TOOL_IDS as readonly string[]).includes(text)
