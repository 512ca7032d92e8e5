// Every mail, in each of its states.

import { addressLockedMail } from '../../src/emails/address-locked.ts'
import { clientSecretEndsMail } from '../../src/emails/client-secret-ends.ts'
import type { Message } from '../../src/emails/message.ts'
import { operatorInvitationMail } from '../../src/emails/operator-invitation.ts'
import { refreshTokenReusedMail } from '../../src/emails/refresh-token-reused.ts'
import { signInCodeMail } from '../../src/emails/sign-in-code.ts'
import { MINUTE } from '../../src/shared/clock.ts'
import type { Locale } from '../../src/shared/locale.ts'
import { LONG_NAME, supportLinks } from './samples.ts'

const AT = Date.UTC(2026, 10, 21, 9, 41)
const CLIENT = 'Table Ledger'
const HREF = 'https://casa-aurora.example/'
const common = {
  to: 'ana.dubois@example.com',
  brand: 'Casa Aurora',
  timeZone: 'Europe/Berlin',
  policies: (['terms', 'privacy', 'refund'] as const).map((kind) => ({ kind, href: HREF })),
  support: supportLinks,
}
const code = {
  ...common,
  code: '052917',
  clientName: CLIENT,
  at: AT,
  life: 10 * MINUTE,
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  isInSubject: true,
}
const secret = {
  ...common,
  clientName: CLIENT,
  hint: 'x7Qa',
  expiresAt: AT,
  link: `${HREF}admin/o/casa-aurora/clients/cli_01`,
}
const invitation = { ...common, expiresAt: AT, link: `${HREF}admin/invitations/0123456789` }

export const mailSamples: readonly [name: string, mail: (locale: Locale) => Message][] = [
  ['code', (locale) => signInCodeMail({ ...code, locale })],
  [
    'code, long names',
    (locale) =>
      signInCodeMail({
        ...code,
        brand: LONG_NAME,
        clientName: LONG_NAME,
        code: '05291734',
        userAgent: '',
        locale,
      }),
  ],
  ['address locked', (locale) => addressLockedMail({ ...common, lockedUntil: AT, locale })],
  [
    'refresh token reused',
    (locale) => refreshTokenReusedMail({ ...common, clientName: CLIENT, locale }),
  ],
  ['invitation', (locale) => operatorInvitationMail({ ...invitation, role: 'owner', locale })],
  ['secret ends', (locale) => clientSecretEndsMail({ ...secret, lastUsedAt: AT, locale })],
  ['secret ends, never used', (locale) => clientSecretEndsMail({ ...secret, locale })],
]
