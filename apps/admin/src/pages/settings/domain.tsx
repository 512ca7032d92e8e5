// The host that an organisation has to itself: the record that proves it, taking it, and giving it back.

import { Facts } from '../../kit/facts.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Section } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { type Reading, useRead } from '../../state/queries.ts'
import type { Organisation } from './organisation.ts'
import { ReleaseHost } from './release-host.tsx'
import { SettingsPage } from './settings-page.tsx'
import { TakeHost } from './take-host.tsx'

export function Domain() {
  const place = useOrganisation()
  const reading = useRead<Organisation>(place.api(''))
  return (
    <SettingsPage
      title="Domain"
      lead="Where the organisation is reached. Its issuer is part of every token."
    >
      <Loaded reading={reading}>
        {(organisation) => <Parts organisation={organisation} reading={reading} />}
      </Loaded>
    </SettingsPage>
  )
}

function Parts(props: { organisation: Organisation; reading: Reading<Organisation> }) {
  const { organisation } = props
  const { host, issuer, default: isDefault } = organisation
  const place = useOrganisation()
  const mayChange = place.may('owner') && !isDefault
  return (
    <>
      <Section title="Now">
        <Facts
          facts={[
            { name: 'Issuer', value: issuer, copy: issuer },
            { name: 'Host of its own', value: host ?? <span class="soft">None</span> },
          ]}
        />
        {isDefault && (
          <p class="small">
            The default organisation is at the installation’s own address, BASE_URL. Whoever runs
            the installation can change that.
          </p>
        )}
      </Section>
      {mayChange && <TakeHost {...props} />}
      {mayChange && host !== null && <ReleaseHost {...props} host={host} />}
    </>
  )
}
