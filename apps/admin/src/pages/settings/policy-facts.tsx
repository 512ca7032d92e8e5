// What applications may register by themselves, for who may not change it.

import type { Choice } from '../../kit/choices.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { apiScopes } from '../clients/api-scopes.ts'
import { authChoices, kindChoices, type Policy } from './registration-policy.ts'

export function PolicyFacts({ policy }: { policy: Policy }) {
  const { enabled, endpoint } = policy
  const hosts = policy.redirect_hosts?.join(', ') ?? 'Any'
  return (
    <Section title="What may be registered" lead="Owners can change it.">
      <Facts
        facts={[
          {
            name: 'Registration',
            value: enabled ? <StatusWord word="On" tone="good" /> : <StatusWord word="Off" />,
          },
          ...(enabled ? [{ name: 'They register at', value: endpoint, copy: endpoint }] : []),
          { name: 'What may register', value: listed(kindChoices, policy.kinds) },
          { name: 'How it shows who it is', value: listed(authChoices, policy.auth_methods) },
          { name: 'Client API', value: listed(apiScopes, policy.api_scopes) },
          { name: 'Hosts', value: hosts },
          { name: 'PKCE', value: policy.pkce === 'required' ? 'Required' : 'Optional' },
        ]}
      />
    </Section>
  )
}

function listed(choices: readonly Choice[], values: readonly string[]): string {
  const chosen = choices.filter(({ value }) => values.includes(value))
  return chosen.length === 0 ? 'Nothing' : chosen.map(({ label }) => label).join(', ')
}
