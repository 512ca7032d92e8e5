// From what the file says and what there is to the steps between them: shown first, taken in order.

import type { OrganisationEntry } from '@foyer/contract'
import { changeClients, changeOperators } from './members.ts'
import type { KnownOrganisation } from './read.ts'
import { type Context, differences, done, isSame, type Step } from './step.ts'

/** The steps of one organisation. Without `prune` nothing that the file does not name is removed. */
export function planOf(
  entry: OrganisationEntry,
  known: KnownOrganisation | undefined,
  { prune }: { prune: boolean },
): Step[] {
  const at = (path: string): string => `/organisations/${entry.slug}${path}`
  const context = { entry, known, at, prune }
  return [
    ...(known ? [] : [createOrganisation(entry)]),
    ...changeOrganisation(context),
    ...changeSettings(context),
    ...changeBrand(context),
    ...changePolicies(context),
    ...changeRegistration(context),
    ...changeOperators(context),
    ...changeClients(context),
  ]
}

const made = ['name', 'locale', 'time_zone', 'currency'] as const
const own = [
  ...made,
  ...(['makes_customers', 'sign_up', 'mail_sender', 'support_email', 'support_url'] as const),
]

function picked<Field extends string>(entry: object, names: readonly Field[]) {
  const fields = new Map<string, unknown>(Object.entries(entry))
  const given = names.filter((name) => fields.get(name) !== undefined)
  return Object.fromEntries(given.map((name) => [name, fields.get(name)]))
}

function createOrganisation(entry: OrganisationEntry): Step {
  const body = { name: entry.slug, ...picked(entry, made), slug: entry.slug }
  return {
    action: 'create',
    what: `organisation ${entry.slug}`,
    changes: differences(body, undefined),
    run: (api) => done(api.send('POST', '/organisations', { body })),
  }
}

function changeOrganisation({ entry, known, at }: Context): Step[] {
  // A new one has these already.
  const names = known ? own : own.filter((name) => !made.some((each) => each === name))
  const changes = differences(picked(entry, names), known?.entry)
  if (changes.length === 0) return []
  const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]))
  const version = known?.version
  return [
    {
      action: 'change',
      what: `organisation ${entry.slug}`,
      changes,
      run: (api) => done(api.send('PATCH', at(''), { body, version })),
    },
  ]
}

/** What is named is all that differs from the defaults. */
function changeSettings({ entry, known, at }: Context): Step[] {
  if (!entry.settings) return []
  const there = known?.entry.settings ?? {}
  const gone = Object.keys(there).filter((name) => !Object.hasOwn(entry.settings ?? {}, name))
  const reset = gone.map((field) => ({ field, before: there[field], after: null }))
  const changes = [...differences(entry.settings, there), ...reset]
  if (changes.length === 0) return []
  const settings = Object.fromEntries(changes.map(({ field, after }) => [field, after]))
  return [
    {
      action: 'change',
      what: 'settings',
      changes,
      run: (api) => done(api.send('PATCH', at('/settings'), { body: { settings } })),
    },
  ]
}

function changeBrand({ entry: { brand }, known, at }: Context): Step[] {
  if (!brand || isSame(brand, known?.entry.brand)) return []
  return [
    {
      action: 'change',
      what: 'brand',
      changes: differences(brand, known?.entry.brand),
      async run(api) {
        await api.send('PUT', at('/brand/draft'), { body: brand })
        return done(api.send('POST', at('/brand/versions'), { body: {} }))
      },
    },
  ]
}

function changePolicies({ entry, known, at }: Context): Step[] {
  const steps = Object.entries(entry.policies ?? {}).flatMap(([kind, texts = {}]): Step[] => {
    const there = Object.entries(known?.entry.policies ?? {}).find(([each]) => each === kind)?.[1]
    if (isSame(texts, there)) return []
    const path = at(`/policies/${kind}`)
    return [
      {
        action: there ? 'change' : 'create',
        what: `policy ${kind}`,
        changes: differences(texts, there),
        async run(api) {
          // The draft begins with the texts of the newest version: those that go are taken out.
          for (const language of Object.keys(there ?? {}))
            if (!Object.hasOwn(texts, language))
              await api.send('DELETE', `${path}/draft/${language}`)
          for (const [language, markdown] of Object.entries(texts))
            if (markdown !== undefined)
              await api.send('PUT', `${path}/draft/${language}`, { markdown })
          const body = { needs_acceptance: true }
          return done(api.send('POST', `${path}/versions`, { body }))
        },
      },
    ]
  })
  const { asks_acceptance: kinds } = entry
  if (!kinds || isSame([...kinds].sort(), [...(known?.entry.asks_acceptance ?? [])].sort()))
    return steps
  const asked: Step = {
    action: 'change',
    what: 'what customers accept',
    changes: [{ field: 'asks_acceptance', before: known?.entry.asks_acceptance, after: kinds }],
    run: (api) => done(api.send('PUT', at('/policies/acceptance'), { body: { kinds } })),
  }
  return [...steps, asked]
}

function changeRegistration({ entry: { registration }, known, at }: Context): Step[] {
  const changes = differences(registration ?? {}, known?.entry.registration)
  if (!registration || changes.length === 0) return []
  const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]))
  return [
    {
      action: 'change',
      what: 'dynamic registration',
      changes,
      run: (api) => done(api.send('PATCH', at('/registration'), { body })),
    },
  ]
}
