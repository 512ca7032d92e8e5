// What operators do with an organisation after it was made: change what it is called, how it is reached and how it signs in.

import { AppError, refuseFields } from '../../shared/errors.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import type { MailSender, Organisation, OrganisationChange } from '../../stores/organisations.ts'
import { versionOf } from '../../stores/organisations.ts'
import type { Audit, By } from '../audit/audit.ts'
import { canSendFrom } from './mail-sender.ts'
import { organisationProblems, type Problem, readMailSender } from './organisation-fields.ts'
import type { NewOrganisation, Organisations } from './organisations.ts'
import type { Overrides } from './settings.ts'

/** Which organisation, who does it, and the version that they have seen, should it matter. */
export type OrganisationAct = { id: string; by: By; version?: number | undefined }

/** What is named is changed; `null` takes a field away, and a setting back to its default. */
export type OrganisationEdit = {
  name?: string | undefined
  locale?: string | undefined
  timeZone?: string | undefined
  currency?: string | undefined
  makesCustomers?: boolean | undefined
  signUp?: 'open' | 'closed' | undefined
  mailSender?: MailSender | null | undefined
  supportEmail?: string | null | undefined
  supportUrl?: string | null | undefined
  signIn?: SettingEdit | undefined
  lifetimes?: SettingEdit | undefined
}

/** Settings by their names; those that are not named stay. */
export type SettingEdit = { readonly [name: string]: number | null }

/** All the overrides that there are after a change. */
export type ChosenSettings = { signIn?: Overrides; lifetimes?: Overrides }

export type OrganisationAdministration = {
  /** Throws `invalid_fields` with everything that is wrong, also when the slug is taken. */
  create(input: NewOrganisation, by: By): Promise<Organisation>
  /**
   * Throws `not_found`, `invalid_fields` with everything that is wrong, and `precondition_failed` when the
   * version is not the organisation's any more. Every process follows within two seconds.
   */
  update(act: OrganisationAct, edit: OrganisationEdit): Promise<Organisation>
}

export type OrganisationAdministrationParts = {
  organisations: Pick<Organisations, 'create' | 'read' | 'changeRead'>
  audit: Audit['record']
  settingProblems(chosen: ChosenSettings): Problem[]
  /** The installation's own address, as `MAIL_FROM` says. */
  mailFrom: string
}

export function createOrganisationAdministration(
  parts: OrganisationAdministrationParts,
): OrganisationAdministration {
  const { organisations, audit } = parts

  return {
    async create(input, by) {
      const after = await organisations.create(input)
      const { _id: id } = after
      await audit({ organisation: id, action: 'organisation.created', ...by, target: id, after })
      return after
    },

    async update(act, edit) {
      const { before, after } = await changeAsRead(act.version, async () => {
        const before = await organisations.read(act.id)
        if (!before) throw new AppError('not_found')
        requireVersion(act.version, versionOf(before))
        const chosen = chosenSettings(before, edit)
        const fields = [
          ...organisationProblems(edit),
          ...parts.settingProblems(chosen),
          ...senderProblems(before, edit.mailSender, parts.mailFrom),
        ]
        refuseFields(fields)
        const after = await organisations.changeRead(before, { ...changeOf(edit), ...chosen })
        return after && { before, after }
      })
      await audit({
        organisation: act.id,
        action:
          edit.signIn || edit.lifetimes ? 'organisation.settings-changed' : 'organisation.changed',
        ...act.by,
        target: act.id,
        before,
        after,
      })
      return after
    },
  }
}

function changeOf(edit: OrganisationEdit): OrganisationChange {
  const { name, mailSender, supportEmail, supportUrl, signIn, lifetimes, ...others } = edit
  const named = Object.entries(others).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(named), // fields of the change by the same names
    ...(name !== undefined && { name: name.trim() }),
    ...(mailSender !== undefined && {
      mailSender: mailSender === null ? undefined : readMailSender(mailSender),
    }),
    ...(supportEmail !== undefined && { supportEmail: supportEmail ?? undefined }),
    ...(supportUrl !== undefined && { supportUrl: supportUrl ?? undefined }),
  }
}

function chosenSettings(
  read: Organisation,
  { signIn, lifetimes }: OrganisationEdit,
): ChosenSettings {
  return {
    ...(signIn && { signIn: merged(read.signIn, signIn) }),
    ...(lifetimes && { lifetimes: merged(read.lifetimes, lifetimes) }),
  }
}

function merged(overrides: Overrides = {}, edit: SettingEdit): Overrides {
  const all = Object.entries({ ...overrides, ...edit })
  return Object.fromEntries(all.filter((entry): entry is [string, number] => entry[1] !== null))
}

function senderProblems(
  organisation: Organisation,
  sender: MailSender | null | undefined,
  mailFrom: string,
): Problem[] {
  if (!sender?.address || canSendFrom(sender.address, { host: organisation.host, mailFrom }))
    return []
  const message = 'must be of the domain of MAIL_FROM, or of the organisation’s proven host'
  return [{ path: 'mail_sender.address', message }]
}
