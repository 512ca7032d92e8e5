// Rotating signing keys: the next one is made ahead, the former ones are retired, all are sealed under the current `SECRET`.

import { MINUTE, SECOND } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Log } from '../../../shared/log.ts'
import type { Keyring } from '../../../shared/secrets.ts'
import type { SigningKey, SigningKeyStore } from '../../../stores/signing-keys.ts'
import type { Audit, By } from '../../audit/audit.ts'
import { type KeyMaking, makeKey, openKey, publicHalf, sealKey, sealNames } from './key-material.ts'
import { endOf, type KeyState, type KeyUses, PUBLISHED_AHEAD, statesAt } from './key-schedule.ts'
import { ALGORITHMS } from './signing-keys.ts'

/** A key as an operator sees it. */
export type KeyReport = Omit<SigningKey, 'sealed' | 'sealedBy' | 'dueAt'> & {
  state: KeyState
  /** Which value of `SECRET` it is sealed under: the first, a later one, or none that is listed. */
  sealedUnder: 'current' | 'older' | 'unknown'
}

export type KeyRotation = {
  /** The organisation's keys, RS256 first, of each algorithm the newest first. */
  report(organisation: string): Promise<KeyReport[]>
  /**
   * Publishes the next key of each algorithm, which signs a day later. Where one is published already it
   * stays: asked twice it rotates once. Returns those that will sign; none for an organisation without keys.
   */
  rotate(organisation: string, by: By): Promise<KeyReport[]>
  /**
   * In an emergency: new keys sign at once, and every other key is withdrawn, published or not. What those
   * signed is worthless from now on. None of them has to open under `SECRET`. Returns the new keys and the ids of those withdrawn.
   */
  replace(organisation: string, by: By): Promise<{ keys: KeyReport[]; withdrawn: string[] }>
  /**
   * What is due now, over all organisations, in one slice: successors, retirements, and seals under an
   * older value of `SECRET`. Returns whether more is left.
   */
  tend(): Promise<boolean>
}

/** So many keys are looked at in one slice: an RSA key takes 63 ms to make. */
const SLICE = 100
const MAX_TRIES = 5

export function createKeyRotation(
  parts: KeyMaking & {
    store: SigningKeyStore
    audit: Audit['record']
    usesOf(organisation: string): Promise<KeyUses>
    log: Log
  },
): KeyRotation {
  const { store, keyring, clock, audit, usesOf, log } = parts

  /** Makes the successors of keys that are the newest of their kind, unless somebody else did; all sign from one instant on. */
  async function succeedAll(keys: readonly SigningKey[], by: By): Promise<void> {
    const activeFrom = clock.now() + PUBLISHED_AHEAD
    for (const key of keys) await succeed(key, { activeFrom, by })
  }

  async function succeed(
    key: SigningKey,
    { activeFrom, by }: { activeFrom: number; by: By },
  ): Promise<void> {
    const { organisation, alg, generation } = key
    const successor = await makeKey(parts, {
      organisation,
      alg,
      generation: generation + 1,
      activeFrom,
    })
    const isDone = await store.succeed(
      key,
      successor,
      endOf(await usesOf(organisation), activeFrom),
    )
    if (isDone) await audit({ organisation, action: 'key.rotated', target: successor._id, ...by })
  }

  /** Takes the private half; the public one is kept for ID tokens that are shown as hints. */
  async function retire(key: SigningKey): Promise<void> {
    const jwk = openKey(keyring, key)
    // One that nobody can open is as good as taken.
    const content = jwk ? sealKey(keyring, key.organisation, publicHalf(jwk)) : contentOf(key)
    await store.reseal(key, content, { isRetired: true })
  }

  async function reseal(key: SigningKey): Promise<boolean> {
    const jwk = openKey(keyring, key)
    if (jwk) return store.reseal(key, sealKey(keyring, key.organisation, jwk), { isRetired: false })
    log.error({ kid: key._id, organisation: key.organisation }, 'a signing key does not open')
    return false
  }

  async function tendDue(): Promise<boolean> {
    const due = await store.due(clock.now(), SLICE)
    const isNewest = ({ retiresAt }: SigningKey): boolean => retiresAt === undefined
    await succeedAll(due.filter(isNewest), { actor: 'system' })
    for (const key of due) if (!isNewest(key)) await retire(key)
    return due.length === SLICE
  }

  async function tendSeals(): Promise<boolean> {
    const [, ...older] = sealNames(keyring)
    const found = older.length > 0 ? await store.sealedBy(older, SLICE) : []
    const outcomes = await Promise.all(found.map(reseal))
    return found.length === SLICE && outcomes.includes(true)
  }

  async function tryToReplace(organisation: string, by: By) {
    const before = await store.list(organisation)
    const replacements = await Promise.all(
      ALGORITHMS.map(async (alg) => {
        const newest = before.find((key) => key.alg === alg)
        const generation = (newest?.generation ?? 0) + 1
        const activeFrom = clock.now()
        return { newest, key: await makeKey(parts, { organisation, alg, generation, activeFrom }) }
      }),
    )
    if (!(await store.replaceAll(replacements))) return undefined
    const keys = replacements.map(({ key }) => key)
    const withdrawn = before.map(({ _id }) => _id)
    const entries = [
      ...keys.map(({ _id: target }) => ({ action: 'key.rotated' as const, target })),
      ...withdrawn.map((target) => ({ action: 'key.withdrawn' as const, target })),
    ]
    for (const entry of entries) await audit({ organisation, ...by, ...entry })
    return { keys: reported(keyring, keys, clock.now()), withdrawn }
  }

  return {
    report: async (organisation) => reported(keyring, await store.list(organisation), clock.now()),

    async rotate(organisation, by) {
      const keys = await store.list(organisation)
      const now = clock.now()
      const newest = ALGORITHMS.flatMap((alg) => keys.find((key) => key.alg === alg) ?? [])
      await succeedAll(
        newest.filter(({ activeFrom }) => activeFrom <= now),
        by,
      )
      const after = reported(keyring, await store.list(organisation), clock.now())
      return after.filter(({ state }) => state === 'next')
    },

    async replace(organisation, by) {
      for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
        const replaced = await tryToReplace(organisation, by)
        if (replaced) return replaced
      }
      throw new AppError('conflict', { detail: 'the keys are being rotated by somebody else' })
    },

    async tend() {
      const isMoreDue = await tendDue()
      return (await tendSeals()) || isMoreDue
    },
  }
}

function contentOf({ sealed, sealedBy }: SigningKey) {
  return { sealed, sealedBy }
}

function reported(keyring: Keyring, keys: readonly SigningKey[], now: number): KeyReport[] {
  const [current, ...older] = sealNames(keyring)
  const states = statesAt(keys, now)
  return ALGORITHMS.flatMap((alg) => states.filter(({ key }) => key.alg === alg)).map(
    ({ key: { sealed, sealedBy, dueAt, ...key }, state }) => ({
      ...key,
      state,
      sealedUnder:
        sealedBy === current ? 'current' : older.includes(sealedBy) ? 'older' : 'unknown',
    }),
  )
}

/** How often the job looks: the smallest of its times are hours. After a full slice others have their turn first. */
const TEND_EVERY = 10 * MINUTE
const GO_ON_AFTER = 5 * SECOND

/** The job that does what is due, for all organisations. */
export function keyJob(rotation: Pick<KeyRotation, 'tend'>): { run(): Promise<{ again: number }> } {
  return {
    run: async () => ({ again: (await rotation.tend()) ? GO_ON_AFTER : TEND_EVERY }),
  }
}
