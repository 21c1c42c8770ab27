/** What a new rule begins with. */
export const newRule = (): string =>
  `title: New rule
id: ${crypto.randomUUID()}
status: experimental
description: What it notices, and why it matters.
author: ''
date: ${new Date().toISOString().slice(0, 10)}
tags: []
logsource:
  category: process_creation
  product: windows
detection:
  selection:
    CommandLine|contains: ''
  condition: selection
falsepositives: []
level: medium
`
