// The numbers of sign-in and the life times: each with its default, its range, and what it is about.

import type { adminApi } from '@foyer/contract'
import { useMemo } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { Button } from '../../kit/button.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Field } from '../../kit/field.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Section } from '../../kit/page.tsx'
import { Switch } from '../../kit/switch.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import type { Form } from '../../state/form.ts'
import { announce, notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Reading, useRead } from '../../state/queries.ts'
import {
  grouped,
  inWords,
  isSwitch,
  labelOf,
  problemOf,
  readValue,
  type Setting,
  textOf,
} from './number-words.ts'
import { retold } from './refusal.ts'
import { SettingsPage } from './settings-page.tsx'

type Settings = adminApi.DataOf<typeof adminApi.settings.listSettings>
type Texts = { readonly [name: string]: string }

export function Numbers() {
  const place = useOrganisation()
  const reading = useRead<Settings>(place.api('/settings'))
  return (
    <SettingsPage
      title="Sign-in and life times"
      lead="Each has a default that is safe, and a range that stays so. Times are written as 90s, 10m, 12h or 14d."
    >
      <Loaded reading={reading} lines={12}>
        {({ settings }) =>
          place.may('owner') ? (
            <NumbersForm settings={settings} reading={reading} />
          ) : (
            <NumbersFacts settings={settings} />
          )
        }
      </Loaded>
    </SettingsPage>
  )
}

function NumbersForm(props: { settings: readonly Setting[]; reading: Reading<Settings> }) {
  const { settings, reading } = props
  const place = useOrganisation()
  const { api } = useParts()
  const path = place.api('/settings')
  const initial = useMemo(() => textsOf(settings), [settings])
  const check = useMemo(() => checksOf(settings), [settings])
  const edit = useEdit<Texts, Settings>({
    initial,
    reading,
    check,
    save: (texts, version) =>
      api
        .send<Settings>('PATCH', path, { body: { settings: changeOf(settings, texts) }, version })
        .catch(retold({ fields: fieldsOf(settings), inWords })),
    changes: [place.api('')],
    onSaved: () => notify('Saved. Everybody follows within five seconds.'),
  })
  const { form } = edit
  return (
    <form noValidate onSubmit={form.submit}>
      <ErrorSummary form={form} />
      <Behind edit={edit} />
      {grouped(settings).map((group) => (
        <Section key={group.title} title={group.title} lead={group.lead}>
          <div class="setting-rows">
            {group.settings.map((setting) => (
              <Row key={setting.name} setting={setting} form={form} />
            ))}
          </div>
        </Section>
      ))}
      <UnsavedBar form={form} />
    </form>
  )
}

function Row({ setting, form }: { setting: Setting; form: Form<Texts> }) {
  const field = form.field(setting.name)
  const label = labelOf(setting.name)
  const standard = textOf(setting, setting.default)
  const isStandard = readValue(setting, field.value) === setting.default
  const goBack = (): void => {
    field.onChange(standard)
    document.getElementById(`field-${setting.name}`)?.focus()
    announce(`${label}: ${standard}, the default. It is not saved yet.`)
  }
  return (
    <div class="setting-row">
      {isSwitch(setting) ? (
        <Switch
          {...field}
          value={field.value === '1'}
          onChange={(isOn) => field.onChange(isOn ? '1' : '0')}
          label={label}
          hint={setting.default === 1 ? 'On by default.' : 'Off by default.'}
        />
      ) : (
        <Field {...field} label={label} hint={<About setting={setting} />} isCode />
      )}
      {!isStandard && !isSwitch(setting) && (
        <Button look="quiet" label={`Back to ${standard}: ${label}`} onClick={goBack}>
          Back to {standard}
        </Button>
      )}
    </div>
  )
}

function About({ setting }: { setting: Setting }) {
  const { about, min, max } = setting
  return (
    <>
      {about.charAt(0).toUpperCase()}
      {about.slice(1)}. <span class="range">{rangeOf(setting, min, max)}</span>
    </>
  )
}

function rangeOf(setting: Setting, min: number, max: number): string {
  const standard = textOf(setting, setting.default)
  return `Default ${standard}; from ${textOf(setting, min)} to ${textOf(setting, max)}.`
}

function NumbersFacts({ settings }: { settings: readonly Setting[] }) {
  return (
    <>
      {grouped(settings).map(({ title, lead, settings: own }) => (
        <Section key={title} title={title} lead={lead}>
          <Facts
            facts={own.map((setting) => ({
              name: labelOf(setting.name),
              value: isSwitch(setting) ? (
                onOrOff(setting.value)
              ) : (
                <>
                  {textOf(setting, setting.value)}
                  <span class="small about">
                    <About setting={setting} />
                  </span>
                </>
              ),
            }))}
          />
        </Section>
      ))}
    </>
  )
}

const onOrOff = (value: number): string => (value === 1 ? 'On' : 'Off')

function textsOf(settings: readonly Setting[]): Texts {
  return Object.fromEntries(settings.map((each) => [each.name, textOf(each, each.value)]))
}

function checksOf(settings: readonly Setting[]) {
  return Object.fromEntries(
    settings.map((setting) => [setting.name, (text: string) => problemOf(setting, text)]),
  )
}

/** What differs from what is kept; the default is not written down, so that a newer default counts. */
function changeOf(settings: readonly Setting[], texts: Texts): { [name: string]: number | null } {
  const changed = settings.flatMap((setting) => {
    const value = readValue(setting, texts[setting.name] ?? '')
    if (value === undefined || value === setting.value) return []
    return [[setting.name, value === setting.default ? null : value] as const]
  })
  return Object.fromEntries(changed)
}

function fieldsOf(settings: readonly Setting[]) {
  return Object.fromEntries(
    settings.map(({ name }) => [`settings.${name}`, { name, label: labelOf(name) }]),
  )
}
