// What the demo has to be told: where to sign in, as whom, and where the Client API is.

export type Settings = {
  issuer: string
  clientId: string
  /** Scopes, separated by spaces. */
  scope: string
  /** Base address of the Client API. */
  api: string
  /** The business whose customers sign in. */
  brand: string
  /** Where the business's own shop is, whose pages sign in without leaving. */
  shop?: string
}

export async function readSettings(): Promise<Settings> {
  const response = await fetch('/demo/config.json')
  if (!response.ok) throw new Error('The settings of the demo could not be read.')
  return (await response.json()) as Settings // the server's own shape, see src/routes/development.ts
}
