// What pages and mails are filled with where they are looked at.

import type { SupportLink } from '../../src/shared/support.ts'

/** A name that has nowhere to break. */
export const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselanhänger'

export const supportLinks: readonly SupportLink[] = [
  { href: 'https://casa-aurora.example/help' },
  { href: 'mailto:help@casa-aurora.example', address: 'help@casa-aurora.example' },
]

/** Everything that Markdown can do, and what has nowhere to break. */
export const policyText = `# Using Casa Aurora

You book with **Casa Aurora**, and with nobody else. [Write to us](mailto:hello@example.com) or read
[more](https://example.com/a-very-long-address-that-has-nowhere-to-break-and-goes-on-and-on-and-on).

## Cancelling

1. Up to a day before: free.
2. Later: half the price.

> Tables for eight or more are asked for by phone.

| When | What it costs | Why |
|---|---|---|
| a day before | nothing | we can give it away |
| later | half the price | somebody else could have come |

\`\`\`
${'x'.repeat(120)}
\`\`\`
`
