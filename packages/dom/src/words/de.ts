// What the elements say, in German.

import type { Words } from '../elements/words.ts'

/**
 * German words for the elements.
 *
 * @example
 * addWords({ de })
 */
export const de: Words = {
  emailTitle: 'Anmelden',
  emailText: 'Wir schicken Ihnen einen Code. Ein Passwort brauchen Sie nicht.',
  emailLabel: 'E-Mail-Adresse',
  emailAction: 'Weiter',
  codeTitle: 'Sehen Sie in Ihre E-Mails',
  codeText:
    'Wir haben einen Code an {email} geschickt. Nichts angekommen? Sehen Sie im Spamordner nach.',
  codeLabel: '{count}-stelliger Code',
  codeAction: 'Weiter',
  codeLength: 'Der Code hat {count} Ziffern.',
  againText: 'Wir haben einen neuen Code an {email} geschickt.',
  resend: 'Neuen Code schicken',
  resendIn: 'Neuer Code in {count} s',
  otherAddress: 'Andere Adresse verwenden',
  otp_expiredTitle: 'Dieser Code ist abgelaufen',
  otp_expiredText: 'Wir schicken einen neuen an {email}.',
  otp_expiredAction: 'Neuen Code schicken',
  too_many_attemptsTitle: 'Zu viele falsche Codes',
  too_many_attemptsText: 'Zu Ihrer Sicherheit gilt dieser Code nicht mehr.',
  too_many_attemptsAction: 'Neu beginnen',
  policies_requiredTitle: 'Bevor es weitergeht',
  policies_requiredText: 'Bitte lesen Sie und stimmen Sie zu:',
  policies_requiredAction: 'Zustimmen und weiter',
  terms: 'Allgemeine Geschäftsbedingungen',
  privacy: 'Datenschutzerklärung',
  refund: 'Erstattungsrichtlinie',
  changed: 'geändert',
  redirect_requiredTitle: 'Noch ein Schritt',
  redirect_requiredText:
    'Zu Ihrer Sicherheit geht es bei {issuer} weiter. Danach kommen Sie hierher zurück.',
  redirect_requiredAction: 'Weiter',
  busy: 'Einen Moment …',
  otp_invalid: 'Dieser Code stimmt nicht.',
  attemptsLeft: { one: 'Noch ein Versuch.', other: 'Noch {count} Versuche.' },
  email_invalid: 'An diese Adresse können wir nicht schreiben. Stimmt sie?',
  email_blocked: 'An diese Adresse können wir nicht schreiben. Verwenden Sie eine andere.',
  rate_limited: {
    one: 'Zu viele Versuche. Versuchen Sie es in einer Minute wieder.',
    other: 'Zu viele Versuche. Versuchen Sie es in {count} Minuten wieder.',
  },
  network_error: 'Keine Verbindung. Versuchen Sie es noch einmal.',
  origin_not_allowed: 'Auf dieser Seite kann man sich nicht anmelden.',
  request_failed: 'Das hat nicht geklappt. Versuchen Sie es noch einmal.',
  signedIn: 'Sie sind angemeldet.',
  account: 'Ihr Konto',
  signOut: 'Abmelden',
  signOutEverywhere: 'Überall abmelden',
  signedOut: 'Sie sind abgemeldet.',
}
