// Which applications have an account's permission, for what and since when; each can be taken back.

import { AskedAct } from '../../kit/asked-act.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Section } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import type { AccountDetails, Permission } from '../people/person.ts'

export function AccountPermissions({ account }: { account: AccountDetails }) {
  const { permissions } = account
  return (
    <Section
      title="Applications"
      lead="What was allowed to them. Of the business’s own, which nobody is asked for, those that are in use."
    >
      {permissions.length === 0 ? (
        <p>No application has permission.</p>
      ) : (
        <PermissionTable account={account} />
      )}
    </Section>
  )
}

function PermissionTable({ account }: { account: AccountDetails }) {
  const mayRemove = useOrganisation().may('editor')
  return (
    <table class="table">
      <caption class="unseen">Applications with permission</caption>
      <thead>
        <tr>
          <th scope="col">Application</th>
          <th scope="col">Whose</th>
          <th scope="col">Scopes</th>
          <th scope="col">Since</th>
          <th scope="col">In use</th>
          {mayRemove && <th scope="col">Remove it</th>}
        </tr>
      </thead>
      <tbody>
        {account.permissions.map((permission) => (
          <tr key={permission.client_id}>
            <th scope="row">
              <Client permission={permission} />
            </th>
            <td data-title="Whose">{permission.first_party ? 'Your own' : 'Third-party'}</td>
            <td data-title="Scopes">
              <span class="code">{permission.scopes.join(' ')}</span>
            </td>
            <td data-title="Since">
              <Moment at={permission.since} isDay />
            </td>
            <td data-title="In use">{inUse(permission)}</td>
            {mayRemove && (
              <td data-title="Remove it">
                <RemovePermission account={account} permission={permission} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Client({ permission: { client_id: id, client_name: name } }: { permission: Permission }) {
  const { href } = useOrganisation()
  return name === null ? <>{id}, which is no more</> : <a href={href(`/clients/${id}`)}>{name}</a>
}

function inUse({ live_grants: count }: Permission): string {
  if (count === 0) return 'Not now'
  return count === 1 ? 'Once' : `${count} times`
}

function RemovePermission(props: { account: AccountDetails; permission: Permission }) {
  const { account, permission } = props
  const place = useOrganisation()
  const { api } = useParts()
  const name = permission.client_name ?? permission.client_id
  const path = place.api(`/accounts/${account.id}`)
  return (
    <AskedAct
      label="Remove"
      name={`Remove the permission of ${name}`}
      title="Remove this permission?"
      action="Remove permission"
      run={() =>
        api.send('DELETE', `${path}/permissions/${encodeURIComponent(permission.client_id)}`)
      }
      changes={[place.api('/accounts'), place.api('/sessions')]}
      done={`${name} has no permission any more.`}
    >
      <p>
        {name} loses its access to <bdi>{account.email}</bdi>: its tokens are refused within
        seconds, and it cannot get new ones.
      </p>
      <p>
        {permission.first_party
          ? 'It is your own, and gets access again at their next sign-in, without asking.'
          : 'It has to ask again, and they may refuse it. They stay signed in elsewhere.'}
      </p>
    </AskedAct>
  )
}
