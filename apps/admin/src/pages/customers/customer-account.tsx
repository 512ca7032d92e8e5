// The account that signs in as a customer: linked when it is found, and taken apart again.

import { useState } from 'preact/hooks'
import { AskedAct } from '../../kit/asked-act.tsx'
import { Button } from '../../kit/button.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Fault } from '../../kit/fault.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import { FindAccount } from '../people/find-account.tsx'
import { type Account, type Customer, nameOf, stateOf } from '../people/person.ts'
import type { CustomerProps } from './customer-props.ts'

export function CustomerAccount(props: CustomerProps) {
  return props.customer.account ? <Linked {...props} /> : <NotLinked {...props} />
}

/** Sends it with the version that is shown; refused, what is shown is read again. */
function useLinkage({ customer, reading }: CustomerProps) {
  const place = useOrganisation()
  const { api } = useParts()
  const path = place.api(`/customers/${customer.id}/account`)
  const send = async (method: 'PUT' | 'DELETE', body?: object): Promise<Customer> => {
    try {
      return await api.send<Customer>(method, path, { body, version: reading.version })
    } catch (error) {
      reading.readAgain()
      throw error
    }
  }
  return { send, changes: [place.api('/customers'), place.api('/accounts')] }
}

function Linked(props: CustomerProps) {
  const { customer } = props
  const place = useOrganisation()
  const { send, changes } = useLinkage(props)
  const { account } = customer
  if (!account) return null
  const name = nameOf(customer)
  const unlink = place.may('editor') && (
    <AskedAct
      label="Unlink"
      title="Unlink the account?"
      action="Unlink account"
      run={() => send('DELETE')}
      changes={changes}
      done="The account is unlinked."
    >
      <p>
        <bdi>{name}</bdi> stays signed in, but applications find no customer any more, within two
        seconds: no profile, no orders, no bookings.
      </p>
      <p>Nothing is lost. Signing in does not link them again: only linking here does.</p>
    </AskedAct>
  )
  return (
    <Section title="Account" lead="Who signs in to it is this customer." actions={unlink}>
      <Facts
        facts={[
          {
            name: 'Account',
            value: (
              <a class="to" href={place.href(`/accounts/${account.id}`)}>
                {account.id}
              </a>
            ),
            copy: account.id,
          },
          { name: 'State', value: <StatusWord {...stateOf(account)} /> },
          { name: 'Last sign-in', value: <Moment at={account.last_sign_in_at} /> },
        ]}
      />
    </Section>
  )
}

function NotLinked(props: CustomerProps) {
  const { customer } = props
  const place = useOrganisation()
  const [isOpen, setOpen] = useState(false)
  const link = place.may('editor') && <Button onClick={() => setOpen(true)}>Link an account</Button>
  return (
    <Section title="Account" actions={link}>
      <p>
        Nobody signs in as this customer. Whoever proves <bdi>{customer.email}</bdi> by a code is
        linked by that, unless the account was unlinked before.
      </p>
      {isOpen && <Link {...props} onClose={() => setOpen(false)} />}
    </Section>
  )
}

function Link(props: CustomerProps & { onClose(): void }) {
  const { customer, onClose } = props
  const { send, changes } = useLinkage(props)
  const [chosen, setChosen] = useState<Account>()
  const [problem, setProblem] = useState<string>()
  const action = useAction({
    run: (account: string) => send('PUT', { account_id: account }),
    changes,
  })
  const choose = (account: Account): void => {
    setChosen(account)
    setProblem(undefined)
  }
  const link = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (action.isRunning) return
    if (!chosen) return setProblem('Choose an account.')
    if (!(await action.start(chosen.id))) return
    notify('The account is linked.')
    onClose()
  }
  return (
    <FormDialog
      title="Link an account"
      action="Link account"
      isBusy={action.isRunning}
      busyLabel="Linking …"
      onSubmit={link}
      onClose={onClose}
    >
      <p>
        Who signs in to it sees what is <bdi>{nameOf(customer)}</bdi>’s: profile, orders and
        bookings. Be sure that it is the same person.
      </p>
      <FindAccount
        text={customer.email}
        chosen={chosen}
        onChoose={choose}
        problem={problem}
        isToLink
      />
      {action.error && <Fault error={action.error} />}
    </FormDialog>
  )
}
