// The invitations that nobody has accepted yet.

import type { Listed } from '../../api.ts'
import { Button } from '../../kit/button.tsx'
import { Fault } from '../../kit/fault.tsx'
import { useKeptFocus } from '../../kit/kept-focus.ts'
import { Moment } from '../../kit/moment.tsx'
import { Section } from '../../kit/page.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction, useRead } from '../../state/queries.ts'
import { type Invitation, type Reach, roleWord } from './operator.ts'

export function Invitations({ to, title }: { to: Reach; title: string }) {
  const { api } = useParts()
  const place = useOrganisation()
  const rows = useKeptFocus<HTMLUListElement>()
  const path = to.api('/invitations')
  const { data, error, readAgain } = useRead<Listed<Invitation>>(path, { limit: 100 })
  const withdrawal = useAction({
    run: (id: string) => api.send<Invitation>('DELETE', `${path}/${id}`),
    changes: [path],
  })
  const withdraw = async ({ id, email }: Invitation): Promise<void> => {
    if (await withdrawal.start(id)) notify(`The invitation of ${email} was withdrawn.`)
  }
  if (error && !data) return <Fault error={error} onRetry={readAgain} />
  if (!data || data.items.length === 0) return null
  return (
    <Section title={title}>
      {withdrawal.error && <Fault error={withdrawal.error} />}
      <ul ref={rows} class="lines">
        {data.items.map((invitation) => (
          <li key={invitation.id}>
            <span>
              <bdi>{invitation.email}</bdi>
              <span class="small">
                {' '}
                {roleWord(invitation.role)}, until <Moment at={invitation.expires_at} isDay />
              </span>
            </span>
            {place.may('owner') && (
              <Button
                look="quiet"
                label={`Withdraw the invitation of ${invitation.email}`}
                onClick={() => withdraw(invitation)}
              >
                Withdraw
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
