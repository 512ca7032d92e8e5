// The cookies of a session: the one that it began with, and one for each browser that it was handed on to.

import type { AdapterPayload } from 'oidc-provider'
import type { Filter } from '../../src/stores/documents.ts'
import type { Session } from '../../src/stores/sessions.ts'
import { storedId } from './payload.ts'

/** A session found by its uid carries the hash of its cookie in place of the cookie. */
export const HASHED = 'sha256:'

/**
 * A session lives in at most so many browsers that it was handed on to; one more takes the place of the one
 * that had it for longest. The places are few and named, so that paths into the document are, too.
 */
export const places = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const
export type Place = (typeof places)[number]

/** What a cookie says that was handed on: it is found by the session's uid, so that no index is needed. */
type HandedOn = { uid: string; place: Place }

/** `uid.place.random`; the engine's own ids have no dot. `undefined` for any other cookie. */
export function handedOnOf(cookie: string): HandedOn | undefined {
  const [uid, name, random, ...rest] = cookie.split('.')
  const place = places.find((each) => each === name)
  return uid && place && random && rest.length === 0 ? { uid, place } : undefined
}

export function handedOnCookie({ uid, place }: HandedOn, random: string): string {
  return `${uid}.${place}.${random}`
}

/** A cookie that takes another's place, for the same browser. */
export function successorOf(former: string, random: string): string {
  const handedOn = handedOnOf(former)
  return handedOn ? handedOnCookie(handedOn, random) : random
}

export function hashOf(cookie: string): string {
  return cookie.startsWith(HASHED) ? cookie.slice(HASHED.length) : storedId('Session', cookie)
}

/** Sessions that this cookie opens. */
export function whereCookie(cookie: string): Filter {
  const handedOn = handedOnOf(cookie)
  if (!handedOn) return { cookie: hashOf(cookie) }
  return { _id: handedOn.uid, [pathOf(handedOn.place)]: hashOf(cookie) }
}

/** Makes the cookie one of the session's. */
export function setCookie(cookie: string): { [path: string]: string } {
  const handedOn = handedOnOf(cookie)
  return { [handedOn ? pathOf(handedOn.place) : 'cookie']: hashOf(cookie) }
}

/** Where the next browser goes: a place that is free, else the one that was taken first; and whose it is. */
export function nextPlace({ handedOn = {} }: Session): { place: Place; taken: string | undefined } {
  const since = (place: Place): number => handedOn[place]?.at ?? 0
  const place = places.reduce((a, b) => (since(b) < since(a) ? b : a))
  return { place, taken: handedOn[place]?.cookie }
}

/** The hash that stands in a place. */
export function pathOf(place: Place): string {
  return `handedOn.${place}.cookie`
}

export function uidOf(payload: AdapterPayload): string {
  if (!payload.uid) throw new TypeError('a session without a uid')
  return payload.uid
}
