// Who has something to do in the console: operators of any place, and those whom an invitation waits for.

import type { Clock } from '../../shared/clock.ts'
import type { InvitationStore } from '../../stores/invitations.ts'
import type { OperatorStore } from '../../stores/operators.ts'

export type ConsoleAccess = {
  /** Whether the normalised address is an operator anywhere. Read anew each time. */
  isOperator(email: string): Promise<boolean>
  /** The same, or invited somewhere. Takes the same time for every address. */
  isExpected(email: string): Promise<boolean>
}

export function createConsoleAccess(parts: {
  operators: Pick<OperatorStore, 'placesOf'>
  invitations: Pick<InvitationStore, 'hasOpen'>
  clock: Clock
}): ConsoleAccess {
  const isOperator = async (email: string): Promise<boolean> =>
    (await parts.operators.placesOf(email, 1)).length > 0
  return {
    isOperator,

    async isExpected(email) {
      const found = await Promise.all([
        isOperator(email),
        parts.invitations.hasOpen(email, parts.clock.now()),
      ])
      return found.includes(true)
    },
  }
}
