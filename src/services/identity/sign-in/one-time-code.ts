// One-time codes: making them, reading them as typed, and the digest that is all we keep.

import type { Keyring, Random } from '../../../shared/secrets.ts'

/** Uniform, leading zeros kept. `length` digits. */
export function makeCode(random: Random, length: number): string {
  return String(random.below(10 ** length)).padStart(length, '0')
}

const MAX_TYPED = 40

/**
 * The digits of what was typed or pasted: spaces, hyphens, dots, full-width digits and those that Arabic,
 * Persian and Urdu keyboards write are tolerated.
 * `undefined` when what is left is not exactly `length` digits.
 */
export function readCode(typed: string, length: number): string | undefined {
  if (typed.length > MAX_TYPED) return undefined
  const code = typed
    .normalize('NFKC')
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15)) // both rows begin at a multiple of 16
    .replace(/[\s\p{Cf}.\-‐-―]/gu, '')
  return new RegExp(`^[0-9]{${length}}$`).test(code) ? code : undefined
}

/**
 * Bound to organisation, challenge and address: the code of one is worthless for another. Keyed, because
 * a million codes are searched in a second.
 */
export function digestCode(
  keyring: Keyring,
  code: { organisation: string; challenge: string; email: string; code: string },
): string {
  return keyring.digest('one-time-code', code.organisation, code.challenge, code.email, code.code)
}
