// What operators do with customers: find, make and change them, link and unlink accounts, and erase them.

import type { Profile, ProfilePatch } from '@foyer/contract'
import { chainPage } from '../../shared/chained-lists.ts'
import type { Clock } from '../../shared/clock.ts'
import { parseEmailAddress } from '../../shared/email-address.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { Page } from '../../shared/pages.ts'
import type { TextCursors } from '../../shared/text-cursors.ts'
import { requireVersion } from '../../shared/versions.ts'
import type { Account, AccountStore } from '../../stores/accounts.ts'
import type { Customer, CustomerStore } from '../../stores/customers.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { By } from '../audit/audit.ts'
import type { EraseCustomer } from './customer-erasure.ts'
import { type CustomerLinksParts, createCustomerLinks } from './customer-links.ts'
import { viewsFor } from './customer-search.ts'
import type { CustomerRef, Customers } from './customers.ts'
import { changesOf, mergedAddress, profileOf, searchKeysOf } from './profile.ts'

/** Which customer, who acts on them, and the version that they have seen, should it matter. */
export type CustomerAct = {
  organisation: string
  id: string
  by: By
  version?: number | undefined
}

export type CustomerQuery = {
  /** A name, address, telephone number or id; see `customer-search.ts`. */
  q?: string | undefined
  limit: number
  cursor?: string | undefined
}

/** A customer with the account that is linked to them, if one is. */
export type SeenCustomer = { profile: Profile; version: number; account?: LinkedAccount }
export type LinkedAccount = Pick<Account, 'lastSignInAt' | 'disabledAt'> & { id: string }

/**
 * Each that is about one customer throws `not_found` when the organisation has none of the id; each that changes
 * one throws `precondition_failed` when they have another version than the one given.
 */
export type CustomerAdministration = {
  /** Throws `bad_request` for a cursor that is none of this list. */
  list(organisation: string, query: CustomerQuery): Promise<Page<SeenCustomer>>
  /** With the last sign-in or use of the account, in milliseconds since 1970. */
  show(organisation: string, id: string): Promise<SeenCustomer & { lastActivityAt?: number }>
  /** Throws `invalid_fields`, also when the address has a customer already. */
  create(organisation: string, input: NewCustomer, by: By): Promise<SeenCustomer>
  /** Throws `invalid_fields` when the address would be none. */
  update(act: CustomerAct, patch: ProfilePatch): Promise<SeenCustomer>
  /** Throws `invalid_fields` for what is no account, `conflict` when either is linked to somebody else. */
  link(act: CustomerAct, account: string): Promise<SeenCustomer>
  /** No sign-in links the account again. Throws `conflict` when there is none. */
  unlink(act: CustomerAct): Promise<SeenCustomer>
  /** Erases the person: the customer, and the account that is linked to them. */
  erase(act: CustomerAct): Promise<void>
}

/** The address, and what a profile may have. */
export type NewCustomer = { email: string } & ProfilePatch

export type CustomerAdministrationParts = CustomerLinksParts & {
  store: CustomerStore
  accounts: Pick<AccountStore, 'findByCustomers'>
  customers: Pick<Customers, 'updateProfile' | 'forget'>
  /** When somebody used an account last. */
  activityOf(account: Account): Promise<number>
  eraseCustomer: EraseCustomer
  eraseAccount(account: Account, by: By): Promise<void>
  cursors: TextCursors
}

export function createCustomerAdministration(
  parts: CustomerAdministrationParts,
): CustomerAdministration {
  const { store, accounts, cursors, audit, clock } = parts

  async function found(organisation: string, id: string): Promise<Customer> {
    const customer = await store.findById(organisation, id)
    if (!customer) throw new AppError('not_found', { detail: `${id} is no customer` })
    return customer
  }

  async function foundAt({ organisation, id, version }: CustomerAct): Promise<Customer> {
    const customer = await found(organisation, id)
    requireVersion(version, customer.version)
    return customer
  }

  const links = createCustomerLinks(parts, foundAt)

  async function seen(organisation: string, id: string): Promise<SeenCustomer> {
    const [customer, account] = await Promise.all([
      found(organisation, id),
      accounts.findByCustomer(organisation, id),
    ])
    return seenCustomer(customer, account)
  }

  return {
    async list(organisation, { q = '', limit, cursor }) {
      const list = { list: 'customers', organisation, owner: q.trim() }
      const page = await chainPage(viewsFor(store, organisation, q), {
        cursors,
        list,
        limit,
        cursor,
      })
      const ids = page.items.map(({ _id }) => _id)
      const linked = ids.length > 0 ? await accounts.findByCustomers(organisation, ids) : []
      const byCustomer = new Map(linked.map((account) => [account.customer, account]))
      return {
        ...page,
        items: page.items.map((each) => seenCustomer(each, byCustomer.get(each._id))),
      }
    },

    async show(organisation, id) {
      const [customer, account] = await Promise.all([
        found(organisation, id),
        accounts.findByCustomer(organisation, id),
      ])
      const shown = seenCustomer(customer, account)
      return account ? { ...shown, lastActivityAt: await parts.activityOf(account) } : shown
    },

    async create(organisation, input, by) {
      const customer = newCustomer(organisation, input, clock)
      try {
        await store.insert(customer)
      } catch (error) {
        if (error instanceof AlreadyExists) throw invalidField('email', 'it has a customer already')
        throw error
      }
      const target = customer._id
      await audit({
        organisation,
        action: 'customer.created',
        ...by,
        target,
        after: logged(customer),
      })
      return seenCustomer(customer, undefined)
    },

    async update(act, patch) {
      const { organisation, id, by, version } = act
      const before = await found(organisation, id)
      const ref: CustomerRef = { organisation, customer: id }
      const outcome = await parts.customers.updateProfile(ref, patch, version)
      if (outcome.outcome === 'missing') throw new AppError('not_found')
      if (outcome.outcome === 'incomplete-address')
        throw incomplete(outcome.missing.map((part) => `address.${part}`))
      const after = await found(organisation, id)
      await audit({
        organisation,
        action: 'customer.changed',
        ...by,
        target: id,
        before: logged(before),
        after: logged(after),
      })
      return seen(organisation, id)
    },

    async link(act, account) {
      await links.link(act, account)
      return seen(act.organisation, act.id)
    },

    async unlink(act) {
      await links.unlink(act)
      return seen(act.organisation, act.id)
    },

    async erase(act) {
      const { organisation, id, by } = act
      const customer = await foundAt(act)
      const account = await accounts.findByCustomer(organisation, id)
      // The customer's row goes last: should anything before it fail, it is found by its id again.
      if (account) await parts.eraseAccount(account, by)
      await parts.eraseCustomer(organisation, customer._id, by)
    },
  }
}

/**
 * The log cannot forget: it names which fields of a person changed, and keeps no value of them. A business's own
 * language and time zone it does keep.
 */
function logged({ locale, timeZone, createdAt: _at, ...customer }: Customer): object {
  return { ...customer, language: locale, zone: timeZone }
}

function seenCustomer(customer: Customer, account: Account | undefined): SeenCustomer {
  return {
    profile: profileOf(customer),
    version: customer.version,
    ...(account && {
      account: {
        id: account._id,
        lastSignInAt: account.lastSignInAt,
        ...(account.disabledAt !== undefined && { disabledAt: account.disabledAt }),
      },
    }),
  }
}

function newCustomer(organisation: string, input: NewCustomer, clock: Clock): Customer {
  const { email: text, ...patch } = input
  const email = parseEmailAddress(text)
  if (!email) throw invalidField('email', 'it is no e-mail address')
  const merged = patch.address ? mergedAddress(undefined, patch.address) : undefined
  if (merged && 'missing' in merged)
    throw incomplete(merged.missing.map((part) => `address.${part}`))
  const { set } = changesOf(patch)
  const now = clock.now()
  return {
    _id: newId('cus', clock),
    organisation,
    email: email.normalised,
    displayEmail: email.display,
    ...set,
    ...merged,
    ...searchKeysOf(set),
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

function incomplete(paths: readonly string[]): AppError {
  const message = 'an address needs this part'
  return new AppError('invalid_fields', { fields: paths.map((path) => ({ path, message })) })
}
