// Finds an account by how its address begins, or by its id, and lets one of those found be chosen.

import { useState } from 'preact/hooks'
import type { Listed } from '../../api.ts'
import { Choices } from '../../kit/choices.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Moment } from '../../kit/moment.tsx'
import { SearchField } from '../../kit/search-field.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import type { Account } from './person.ts'

/** With more than these it is quicker to write on. */
const A_FEW = 6

export function FindAccount(props: {
  /** What is looked for at first. */
  text: string
  chosen: Account | undefined
  onChoose(account: Account): void
  /** Those that are linked to a customer cannot be chosen. */
  isToLink?: boolean
  problem?: string | undefined
}) {
  const { chosen, onChoose, isToLink = false } = props
  const place = useOrganisation()
  const [text, setText] = useState(props.text)
  const reading = useRead<Listed<Account>>(
    place.api('/accounts'),
    { q: text, limit: A_FEW },
    { keepsPrevious: true },
  )
  const found = reading.data?.items ?? []
  // What was chosen stays in sight while one looks further.
  const isFound = chosen === undefined || found.some(({ id }) => id === chosen.id)
  const items = isFound ? found : [chosen, ...found]
  const choose = (wanted: string): void => {
    const account = items.find(({ id }) => id === wanted)
    if (account) onChoose(account)
  }
  return (
    <>
      <SearchField
        label="Look for an account"
        placeholder="How the address begins, or the id"
        value={text}
        onChange={setText}
      />
      {reading.error && <Fault error={reading.error} onRetry={reading.readAgain} />}
      {items.length > 0 && (
        <Choices
          name="account"
          label="Accounts"
          value={chosen?.id ?? ''}
          problem={props.problem}
          choices={items.map((account) => ({
            value: account.id,
            label: account.email,
            detail: <Detail account={account} isToLink={isToLink} />,
            isDisabled: isToLink && account.customer_id !== null,
          }))}
          onChange={choose}
        />
      )}
      <p class="small" role="status">
        {!reading.isReading && reading.data && found.length === 0 && 'No account fits.'}
        {reading.data?.next_cursor && 'There are more: write more of the address.'}
      </p>
    </>
  )
}

function Detail({ account, isToLink }: { account: Account; isToLink: boolean }) {
  if (isToLink && account.customer_id !== null) return <>Linked to another customer</>
  return (
    <>
      Last sign-in: <Moment at={account.last_sign_in_at} />
    </>
  )
}
