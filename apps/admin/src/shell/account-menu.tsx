// Who is signed in, and the way out.

import { useState } from 'preact/hooks'
import { Fault } from '../kit/fault.tsx'
import { useOperator, useOrganisationIfAny } from '../state/operator.ts'
import { signOut } from '../state/session.ts'

export function AccountMenu() {
  const { email, isPlatformOwner } = useOperator()
  const place = useOrganisationIfAny()
  const [error, setError] = useState<Error>()
  const role = isPlatformOwner ? 'platform owner' : place?.role
  return (
    <>
      <button type="button" class="bare initial" popovertarget="account">
        <span aria-hidden="true">{email.slice(0, 1).toUpperCase()}</span>
        <span class="unseen">Your account</span>
      </button>
      <div class="sheet at-end" id="account" popover="auto">
        <p class="who">
          <bdi>{email}</bdi>
          {role && <span class="small">{role}</span>}
        </p>
        {error && <Fault error={error} />}
        <ul>
          <li>
            <a href="/api/admin/v1/openapi.json" target="_blank" rel="noreferrer">
              Admin API<span class="unseen"> (opens a new tab)</span>
            </a>
          </li>
          <li>
            <button type="button" onClick={() => void signOut().catch(setError)}>
              Sign out
            </button>
          </li>
        </ul>
      </div>
    </>
  )
}
