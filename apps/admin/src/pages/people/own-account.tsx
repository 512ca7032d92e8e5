// A warning where an operator is about to act on the account that they sign in to the console with.

import type { adminApi } from '@foyer/contract'
import { useOperator, useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'

type Organisation = adminApi.DataOf<typeof adminApi.organisations.showOrganisation>

/** Operators sign in at the default organisation; elsewhere the same address is another account. */
export function OwnAccount({ email, children }: { email: string; children: string }) {
  const isOwn = useOperator().email.toLowerCase() === email.toLowerCase()
  const organisation = useRead<Organisation>(useOrganisation().api(''), {}, { isOff: !isOwn })
  if (!isOwn || !organisation.data?.default) return null
  return (
    <p>
      <strong>This is your own account.</strong> {children}
    </p>
  )
}
