// The tokens of a brand: colours of light and of dark pages, corners, and the typeface.

import { Section } from '../../kit/page.tsx'
import { Select } from '../../kit/select.tsx'
import type { Form } from '../../state/form.ts'
import {
  type BrandValues,
  type Check,
  type Colour,
  colours,
  cornerOptions,
  fontOptions,
  hexOf,
  type Scheme,
  schemes,
} from './brand.ts'
import { ColourField } from './colour-field.tsx'

type Props = {
  form: Form<BrandValues>
  checks: readonly Check[]
  /** Somebody is at the colours of this scheme. */
  onScheme(scheme: Scheme): void
}

const titles = { light: 'On light pages', dark: 'On dark pages' }

export function BrandFields(props: Props) {
  const { form, onScheme } = props
  return (
    <>
      <Section
        title="Colours"
        lead="Each reader’s device says whether pages are light or dark. All other colours follow from these."
      >
        {schemes.map((scheme) => (
          <fieldset key={scheme} class="colours" onFocusCapture={() => onScheme(scheme)}>
            <legend>{titles[scheme]}</legend>
            {colours.map((colour) => (
              <OneColour key={colour.id} {...props} scheme={scheme} colour={colour} />
            ))}
          </fieldset>
        ))}
      </Section>
      <Section title="Shape and type" lead="Typefaces that machines have: nothing is fetched.">
        <Select {...form.field('corners')} label="Corners" options={cornerOptions} />
        <Select {...form.field('font')} label="Typeface" options={fontOptions} />
      </Section>
    </>
  )
}

function OneColour({ form, checks, scheme, colour }: Props & { scheme: Scheme; colour: Colour }) {
  const { id, label, hint } = colour
  const check = checks.find((each) => each.scheme === scheme && each.colour === id)
  const accent = hexOf(form.values[`${scheme}_accent`])
  return (
    <ColourField
      {...form.field(`${scheme}_${id}`)}
      label={label}
      hint={hint}
      followed={check?.foreground ?? accent}
      check={check}
    />
  )
}
