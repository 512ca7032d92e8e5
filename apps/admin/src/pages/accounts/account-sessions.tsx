// Where an account is signed in, and the end of all of it at once.

import { AskedAct } from '../../kit/asked-act.tsx'
import { Section } from '../../kit/page.tsx'
import { useList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { OwnAccount } from '../people/own-account.tsx'
import type { AccountDetails, AccountSession } from '../people/person.ts'
import { SessionTable } from '../people/session-table.tsx'

export function AccountSessions({ account }: { account: AccountDetails }) {
  const place = useOrganisation()
  const list = useList<AccountSession>(place.api('/sessions'), { always: { account: account.id } })
  return (
    <Section
      title="Signed in"
      lead="Each browser is a session."
      actions={place.may('editor') && <SignOutEverywhere account={account} />}
    >
      <SessionTable list={list} empty={<p>They are signed in nowhere just now.</p>} />
    </Section>
  )
}

function SignOutEverywhere({ account }: { account: AccountDetails }) {
  const place = useOrganisation()
  const { api } = useParts()
  const { live_sessions: count } = account
  return (
    <AskedAct
      label="Sign out everywhere"
      title="Sign out everywhere?"
      action="Sign out"
      run={() => api.send('POST', place.api(`/accounts/${account.id}/sign-out`))}
      changes={[place.api('/accounts'), place.api('/sessions')]}
      done={`${account.email} is signed out everywhere.`}
    >
      <p>
        {count === 1 ? 'One session ends' : `${count} sessions end`}, and so does every access that
        outlives them, as in apps on a telephone. Tokens are refused within seconds.
      </p>
      <p>
        <bdi>{account.email}</bdi> has to sign in again wherever they were. What they allowed stays.
      </p>
      <OwnAccount email={account.email}>You will be signed out of the console.</OwnAccount>
    </AskedAct>
  )
}
