// The actions that the audit log knows, and how they and those who did them are called.

export const actions: readonly string[] = [
  'account.created',
  'account.disabled',
  'account.enabled',
  'account.erased',
  'account.permission-removed',
  'account.signed-in',
  'account.signed-out',
  'address.locked',
  'api-key.created',
  'api-key.revoked',
  'brand.draft-changed',
  'brand.picture-changed',
  'brand.published',
  'client.changed',
  'client.created',
  'client.disabled',
  'client.enabled',
  'client.keys-replaced',
  'client.removed',
  'client.secret-added',
  'client.secret-revoked',
  'customer.changed',
  'customer.created',
  'customer.erased',
  'customer.linked',
  'customer.unlinked',
  'grant.replayed',
  'guesses.stopped',
  'key.rotated',
  'key.withdrawn',
  'logout.resent',
  'mails.stopped',
  'operator.added',
  'operator.invitation-withdrawn',
  'operator.invited',
  'operator.joined',
  'operator.removed',
  'operator.role-changed',
  'organisation.changed',
  'organisation.created',
  'organisation.host-released',
  'organisation.host-set',
  'organisation.purged',
  'organisation.removed',
  'organisation.restored',
  'organisation.settings-changed',
  'policy.draft-changed',
  'policy.published',
  'registration-token.created',
  'registration-token.revoked',
  'registration.changed',
  'reviewer.locked',
  'reviewer.removed',
  'reviewer.set',
  'reviewer.signed-in',
  'session.ended',
  'session.handed-on',
]

/** `client.secret-added` is "Client secret added". */
export function actionWords(action: string): string {
  const words = action.replace(/[.-]/g, ' ').replace(/^api /, 'API ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Those who are no operator and no key. */
export const others: { readonly [actor: string]: string } = {
  'command-line': 'The command line',
  system: 'Foyer itself',
}
