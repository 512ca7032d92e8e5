// The end of an organisation: what breaks, its slug to be typed, and for how long it can be restored.

import type { adminApi } from '@foyer/contract'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { ConfirmByName } from '../../kit/confirm-by-name.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Section } from '../../kit/page.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction, useRead } from '../../state/queries.ts'
import type { Organisation } from './organisation.ts'
import { SettingsPage } from './settings-page.tsx'

type Overview = adminApi.DataOf<typeof adminApi.organisations.showOverview>

const REMOVED = '/admin/organisations/removed'

export function End() {
  const place = useOrganisation()
  return place.may('platform-owner') ? <EndPage /> : <NotFound />
}

function EndPage() {
  const place = useOrganisation()
  const reading = useRead<Organisation>(place.api(''))
  return (
    <SettingsPage
      title="Removal"
      lead={`The end of ${place.name}. It can be restored for 30 days.`}
    >
      <Loaded reading={reading}>
        {(organisation) =>
          organisation.default ? (
            <Section
              title="It stays"
              lead="This is the default organisation: its issuer is the installation’s own address, and operators sign in there. It cannot be removed."
            >
              {null}
            </Section>
          ) : (
            <Remove organisation={organisation} />
          )
        }
      </Loaded>
      <Section
        title="Removed organisations"
        lead="Those that can be restored."
        actions={<ButtonLink href={REMOVED}>Show them</ButtonLink>}
      >
        {null}
      </Section>
    </SettingsPage>
  )
}

function Remove({ organisation }: { organisation: Organisation }) {
  const { slug, name } = organisation
  const place = useOrganisation()
  const { api, queries } = useParts()
  const { route } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const confirm = new URLSearchParams({ confirm: slug })
  const removal = useAction({
    run: (_none: undefined) => api.send('DELETE', `${place.api('')}?${confirm}`),
  })
  const remove = async (): Promise<void> => {
    if (!(await removal.start(undefined))) return
    notify(`${name} is removed. It can be restored for 30 days.`)
    route(REMOVED, true)
    // What is shown next is read anew; of the organisation there is nothing left to read.
    await queries.invalidateQueries({ refetchType: 'none' })
    await queries.invalidateQueries({ queryKey: ['/me'] })
  }
  return (
    <Section
      title="Remove the organisation"
      lead="At once for everybody: customers, operators and applications."
      actions={
        <Button look="danger" onClick={() => setOpen(true)}>
          Remove
        </Button>
      }
    >
      <Impact organisation={organisation} />
      <ConfirmByName
        isOpen={isOpen}
        title={`Remove ${name}?`}
        name={slug}
        action="Remove organisation"
        isBusy={removal.isRunning}
        error={removal.error}
        onConfirm={remove}
        onClose={() => setOpen(false)}
      >
        <Impact organisation={organisation} />
      </ConfirmByName>
    </Section>
  )
}

function Impact({ organisation: { issuer, host } }: { organisation: Organisation }) {
  const place = useOrganisation()
  const { data } = useRead<Overview>(place.api('/overview'))
  return (
    <ul>
      {data && (
        <li>
          Now: {counted(data.live_sessions, 'session')}, {counted(data.customers, 'customer')} and{' '}
          {counted(data.clients, 'client')}.
        </li>
      )}
      <li>{issuer} answers 404 within two seconds: nobody signs in any more.</li>
      <li>
        Tokens, sessions, codes and mails that wait are worth nothing, also once it is restored.
      </li>
      {host !== null && <li>{host} is free: whoever proves it can take it.</li>}
      <li>
        For 30 days it can be restored: customers, clients and settings are as they were, and
        everybody signs in again.
      </li>
      <li>
        After that everything is purged but the slug, which is never given again, and the audit log.
      </li>
    </ul>
  )
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
