// Disabling an account, and enabling it again.

import { ActSection } from '../../kit/act-section.tsx'
import { AskedAct } from '../../kit/asked-act.tsx'
import { Section } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { OwnAccount } from '../people/own-account.tsx'
import type { AccountDetails } from '../people/person.ts'

type Props = { account: AccountDetails }

export function AccountState({ account }: Props) {
  return account.disabled_at === null ? <Disable account={account} /> : <Enable account={account} />
}

/** A customer shows the state of their account, too. */
function useChanges(): string[] {
  const place = useOrganisation()
  return ['/accounts', '/sessions', '/customers'].map(place.api)
}

function Disable({ account }: Props) {
  const place = useOrganisation()
  const { api } = useParts()
  return (
    <Section
      title="Disable"
      lead="Nobody signs in to it until you enable it again."
      actions={
        <AskedAct
          label="Disable"
          title="Disable this account?"
          action="Disable account"
          run={() => api.send('POST', place.api(`/accounts/${account.id}/disable`))}
          changes={useChanges()}
          done={`${account.email} is disabled.`}
        >
          <p>
            <bdi>{account.email}</bdi> is signed out everywhere, and tokens are refused within
            seconds. Nobody signs in with the address: the page asks for a code, and none works.
          </p>
          <p>You can enable it again; what ended stays ended.</p>
          <OwnAccount email={account.email}>
            You will be signed out of the console, and cannot come back by yourself.
          </OwnAccount>
        </AskedAct>
      }
    >
      {null}
    </Section>
  )
}

function Enable({ account }: Props) {
  const place = useOrganisation()
  const { api } = useParts()
  return (
    <ActSection
      title="Enable"
      lead="Its owner signs in again, everywhere: what was ended stays ended."
      look="primary"
      run={() => api.send('POST', place.api(`/accounts/${account.id}/enable`))}
      changes={useChanges()}
      done={`${account.email} is enabled.`}
    />
  )
}
