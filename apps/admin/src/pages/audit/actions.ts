// How the actions of the audit log are called.

/** `client.secret-added` is "Client secret added". */
export function actionWords(action: string): string {
  const words = action.replace(/[.-]/g, ' ').replace(/^api /, 'API ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
