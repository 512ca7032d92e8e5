// Known browsers: a cookie that says which addresses a browser has proven, and gives nothing but guesses of its own.

import type { Clock } from '../../../shared/clock.ts'
import { isSameDigest, type Keyring, type Random, sha256 } from '../../../shared/secrets.ts'
import type { BudgetOwner } from './guess-budget.ts'
import type { SignInSettings } from './settings.ts'

/** A cookie for the browser to keep. */
export type KnownBrowserCookie = { value: string; maxAge: number }

export type KnownBrowsers = {
  /** The browser's id when it has proven this address and has not been away for too long. */
  recognise(
    cookie: string | undefined,
    owner: BudgetOwner,
    settings: SignInSettings,
  ): string | undefined
  /** The cookie of a browser that has just proven this address. */
  remember(
    cookie: string | undefined,
    owner: BudgetOwner,
    settings: SignInSettings,
  ): KnownBrowserCookie
}

/**
 * `BROWSER.TIME.DIGEST.TIME.DIGEST…`: a random part, and for each proven address when that was and a
 * keyed digest of all of it. The digest is the signature, and names the address to nobody without the key.
 */
const SHAPE = /^[\w-]{22}(?:\.[0-9a-z]{1,9}\.[\w-]{43}){1,5}$/
/** A couple, a shop's counter: whoever comes after the fifth takes the place of the one longest away. */
const MOST_ADDRESSES = 5
const BROWSER_BYTES = 16

type Proof = { at: string; digest: string }

export function createKnownBrowsers(parts: {
  keyring: Keyring
  random: Random
  clock: Clock
}): KnownBrowsers {
  const { keyring, random, clock } = parts

  function digests(owner: BudgetOwner, browser: string, at: string): readonly string[] {
    return keyring.digests('known-browser', owner.organisation, owner.email, browser, at)
  }

  function isOf(owner: BudgetOwner, browser: string, { at, digest }: Proof): boolean {
    return digests(owner, browser, at).some((each) => isSameDigest(each, digest))
  }

  return {
    recognise(cookie, owner, settings) {
      const { browser, proofs } = read(cookie)
      const since = clock.now() - settings.knownBrowserLife
      const isKnown = proofs.some((proof) => timeOf(proof) > since && isOf(owner, browser, proof))
      return isKnown ? sha256(browser) : undefined
    },

    remember(cookie, owner, settings) {
      const known = read(cookie)
      // Whatever is not signed for an address is carried along and worth nothing.
      const others = known.proofs.filter((proof) => !isOf(owner, known.browser, proof))
      const browser = known.browser || random.token(BROWSER_BYTES)
      const at = clock.now().toString(36)
      const [digest = ''] = digests(owner, browser, at)
      const proofs = [{ at, digest }, ...others].slice(0, MOST_ADDRESSES)
      const value = [browser, ...proofs.flatMap((proof) => [proof.at, proof.digest])].join('.')
      return { value, maxAge: settings.knownBrowserLife }
    },
  }
}

function timeOf({ at }: Proof): number {
  return Number.parseInt(at, 36)
}

function read(cookie: string | undefined): { browser: string; proofs: Proof[] } {
  if (!cookie || !SHAPE.test(cookie)) return { browser: '', proofs: [] }
  const [browser = '', ...rest] = cookie.split('.')
  const proofs = Array.from({ length: rest.length / 2 }, (_each, index) => ({
    at: rest[2 * index] ?? '',
    digest: rest[2 * index + 1] ?? '',
  }))
  return { browser, proofs }
}
