// The policies that an organisation may publish, and links to them.

export const policyKinds = ['terms', 'privacy', 'refund'] as const

export type PolicyKind = (typeof policyKinds)[number]

/** Those that customers can be asked to accept before they are signed in. */
export const acceptableKinds = ['terms', 'privacy'] as const satisfies readonly PolicyKind[]

export type AcceptableKind = (typeof acceptableKinds)[number]

/** Where the newest version is read. */
export type PolicyLink = { kind: PolicyKind; href: string }
