// How the actions of the audit log, and those who did them, are called.

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
