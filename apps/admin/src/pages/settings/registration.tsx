// Dynamic registration: what applications may register by themselves, and the tokens with which they begin.

import { Loaded } from '../../kit/loaded.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import { PolicyFacts } from './policy-facts.tsx'
import { PolicyForm } from './policy-form.tsx'
import type { Policy } from './registration-policy.ts'
import { RegistrationTokens } from './registration-tokens.tsx'
import { SettingsPage } from './settings-page.tsx'

export function Registration() {
  const place = useOrganisation()
  const reading = useRead<Policy>(place.api('/registration'))
  return (
    <SettingsPage
      title="Registration"
      lead="Applications can register themselves (RFC 7591), with a token of yours and within what you allow."
    >
      <Loaded reading={reading} lines={8}>
        {(policy) => (
          <>
            {place.may('owner') ? (
              <PolicyForm policy={policy} reading={reading} />
            ) : (
              <PolicyFacts policy={policy} />
            )}
            <RegistrationTokens policy={policy} />
          </>
        )}
      </Loaded>
    </SettingsPage>
  )
}
