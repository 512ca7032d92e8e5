// The options that `foyer clients create` and `update` have in common.

import { type Command, InvalidArgumentError, Option } from 'commander'
import { collect } from './client-fields.ts'

export type SharedOptions = {
  name?: string
  homeUri?: string
  initiateLoginUri?: string
  backChannelLogoutUri?: string
  policyUri?: string
  termsUri?: string
  logoUri?: string
  lifetime?: string[]
  previewDays?: number
  pkce?: 'required' | 'optional'
  json?: true
}

/** Each an address, by its option and its field. */
export const addressFields = [
  'homeUri',
  'initiateLoginUri',
  'backChannelLogoutUri',
  'policyUri',
  'termsUri',
  'logoUri',
] as const

export function withSharedOptions(command: Command): Command {
  return command
    .option('--home-uri <uri>', 'the application’s own page')
    .option('--initiate-login-uri <uri>', 'its page that begins a sign-in when it is opened')
    .option('--back-channel-logout-uri <uri>', 'its server’s, told when a session is over')
    .option('--policy-uri <uri>', 'its privacy policy, for who is asked for permission')
    .option('--terms-uri <uri>', 'its terms, for who is asked for permission')
    .option('--logo-uri <uri>', 'kept, and neither fetched nor shown to customers')
    .option(
      '--lifetime <name=time>',
      'such as refreshIdle=7d: accessToken, idToken, refreshIdle, refreshAbsolute; again for more',
      collect,
    )
    .option('--preview-days <number>', 'a preview ends so many days from now: 1 to 90', wholeNumber)
    .addOption(
      new Option('--pkce <rule>', 'optional only for a web client that cannot do it').choices([
        'required',
        'optional',
      ]),
    )
}

export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It is no whole number.')
  return number
}
