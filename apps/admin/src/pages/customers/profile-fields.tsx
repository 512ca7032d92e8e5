// The fields of a customer's profile, the same when one is made and when one is changed.

import { Field } from '../../kit/field.tsx'
import { Select } from '../../kit/select.tsx'
import type { Bound } from '../../state/form.ts'
import { countriesWith, timeZonesWith } from './places.ts'
import type { Profile } from './profile.ts'

type Props = {
  values: Profile
  /** A form's `field`. */
  bind(name: keyof Profile): Bound<string>
}

export function ProfileFields({ values, bind }: Props) {
  return (
    <>
      <div class="pair">
        <Field {...bind('given_name')} label="Given name" maxLength={80} />
        <Field {...bind('family_name')} label="Family name" maxLength={80} />
      </div>
      <div class="pair">
        <Field {...bind('phone')} label="Telephone" hint="With its country: +44 20 7123 4567." />
        <Field
          {...bind('locale')}
          label="Language"
          hint="Such as en or en-GB."
          maxLength={35}
          isCode
        />
      </div>
      <div class="pair">
        <Field {...bind('birth_date')} type="date" label="Date of birth" />
        <Select
          {...bind('time_zone')}
          label="Time zone"
          options={timeZonesWith(values.time_zone)}
        />
      </div>
      <AddressFields values={values} bind={bind} />
    </>
  )
}

function AddressFields({ values, bind }: Props) {
  return (
    <fieldset class="fields">
      <legend>Postal address</legend>
      <Field {...bind('address.line1')} label="First line" maxLength={120} />
      <Field {...bind('address.line2')} label="Second line" maxLength={120} />
      <div class="pair">
        <Field {...bind('address.postal_code')} label="Postal code" maxLength={20} />
        <Field {...bind('address.city')} label="City" maxLength={80} />
      </div>
      <div class="pair">
        <Field {...bind('address.region')} label="Region" maxLength={80} />
        <Select
          {...bind('address.country')}
          label="Country"
          options={countriesWith(values['address.country'])}
        />
      </div>
    </fieldset>
  )
}
