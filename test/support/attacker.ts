// An attacker who tries everything, as chance decides: what they do, and what they hold.

import type { PendingChallenge } from '../../src/services/identity/sign-in/challenges.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import type { GuessedSignIn } from './guessed-sign-in.ts'

type Open = { challenge: string; email: string; pending: PendingChallenge }

export type Attack = {
  world: GuessedSignIn
  victims: readonly string[]
  /** Numbers from 0 to 1. */
  draw: () => number
  /** Flows whose codes live. */
  open: Open[]
  /** What stands in the place of a known browser's cookie: nothing, the attacker's own, forged ones, and for an insider stolen ones. */
  cookies: (string | undefined)[]
  /** Empties Redis. */
  flush(): Promise<void>
}

export const forgedCookies: readonly string[] = ['forged', `${'x'.repeat(22)}.1.${'y'.repeat(43)}`]

const pick = <T>({ draw }: Attack, all: readonly T[]): T =>
  all[Math.floor(draw() * all.length)] as T // of a list that is not empty
const victimOf = (attack: Attack): string => pick(attack, attack.victims)
const cookieOf = (attack: Attack): string | undefined => pick(attack, attack.cookies)

/** Ways to write one address, some of them another one: whatever it is, it has its own count. */
const spellings: readonly ((email: string) => string)[] = [
  (email) => email,
  (email) => email,
  (email) => email.toUpperCase(),
  (email) => `  ${email} `,
  (email) => email.replace('@', '+tag@'),
  (email) => email.replace('@', '＠'),
  (email) => `${email}.`,
  (email) => email.replace('example', 'EXAMPLE'),
  (email) => email.replace('e', 'е'),
]

function sourceOf(attack: Attack): string {
  const number = Math.floor(attack.draw() * 65_536)
  return pick(attack, [
    `203.0.${number >> 8}.${number % 256}`,
    `2001:db8:${number.toString(16)}::1`,
    `2001:db8::${number.toString(16)}`,
  ])
}

let challenges = 0

/** Asks for a code; the flow is `undefined` when it was refused. */
async function ask(attack: Attack, email: string, cookie?: string): Promise<Open | undefined> {
  challenges += 1
  return start(attack, { challenge: `challenge-${challenges}`, email, cookie })
}

async function start(
  attack: Attack,
  flow: Pick<Open, 'challenge' | 'email'> & Partial<Open> & { cookie: string | undefined },
): Promise<Open | undefined> {
  const { organisation, signIn } = attack.world
  const { challenge, email, pending, cookie } = flow
  const started = await signIn.start({
    organisation,
    challenge,
    pending,
    email,
    client: { id: 'client', name: 'Shop' },
    locale: 'en',
    source: sourceOf(attack),
    userAgent: '',
    knownBrowser: cookie,
  })
  const now = started.outcome === 'code-sent' && (await signIn.pending(organisation, challenge))
  if (!now) return undefined
  const open = { challenge, email, pending: now }
  attack.open = [...attack.open.filter((each) => each.challenge !== challenge), open].slice(-30)
  return open
}

async function guess(attack: Attack): Promise<void> {
  const now = attack.world.clock.now()
  attack.open = attack.open.filter(({ pending }) => pending.expiresAt > now)
  if (attack.open.length === 0) return
  const code = String(Math.floor(attack.draw() * 1e6)).padStart(6, '0')
  await attack.world.signIn.verify({
    ...pick(attack, attack.open),
    organisation: attack.world.organisation,
    code,
    client: 'client',
    locale: 'en',
    source: sourceOf(attack),
    knownBrowser: cookieOf(attack),
  })
}

/** Proves an address with the code from its mail; returns the browser's cookie, if a code came. */
export async function prove(
  attack: Attack,
  email: string,
  cookie?: string,
): Promise<string | undefined> {
  const { signIn, organisation, newCode } = attack.world
  const open = await ask(attack, email, cookie)
  const code = newCode(email)
  if (!open || !code) return undefined
  const source = sourceOf(attack)
  const request = {
    ...open,
    organisation,
    code,
    client: 'client',
    locale: 'en',
    source,
    knownBrowser: cookie,
  }
  const verified = await signIn.verify(request)
  return verified.outcome === 'signed-in' ? verified.knownBrowser?.value : undefined
}

async function resend(attack: Attack): Promise<void> {
  if (attack.open.length === 0) return
  attack.world.clock.forward(61 * SECOND)
  await start(attack, { ...pick(attack, attack.open), cookie: cookieOf(attack) })
}

/** To the moment at which a lock ends or the first guess of a day leaves the window, or just before. */
function leap(attack: Attack): void {
  const { clock, looks } = attack.world
  const now = clock.now()
  const next = looks.find(({ at }) => at > now - DAY)
  const leaps = [1, 1, 1, 1, 1, 1, 2, 4, 8].map((hours) => hours * HOUR)
  if (next) leaps.push(next.at + DAY - now, next.at + DAY - now - 1)
  clock.forward(Math.max(0, pick(attack, leaps)))
}

/** What the attacker does, and how often. */
const moves: readonly [weight: number, move: (attack: Attack) => unknown][] = [
  [30, (attack) => ask(attack, pick(attack, spellings)(victimOf(attack)), cookieOf(attack))],
  [45, guess],
  [15, (attack) => Promise.all(Array.from({ length: 8 }, () => guess(attack)))],
  [5, resend],
  // The owners go on living: their right codes give nothing to the attacker.
  [5, (attack) => prove(attack, victimOf(attack), cookieOf(attack))],
  [10, (attack) => attack.world.clock.forward(Math.floor(attack.draw() * 5 * MINUTE))],
  [6, leap],
  [1, (attack) => attack.flush()],
]

export async function walk(attack: Attack, steps: number): Promise<void> {
  const total = moves.reduce((sum, [weight]) => sum + weight, 0)
  for (let step = 0; step < steps; step += 1) {
    let chance = attack.draw() * total
    const move = moves.find(([weight]) => {
      chance -= weight
      return chance < 0
    })
    await move?.[1](attack)
  }
}
