// An address of the console where nothing is, or nothing that the operator may see.

import { useOrganisationIfAny } from '../state/operator.ts'
import { ButtonLink } from './button.tsx'
import { Page } from './page.tsx'

export function NotFound() {
  const place = useOrganisationIfAny()
  return (
    <Page
      title="Nothing here"
      lead="There is nothing at this address, or nothing that you may see."
    >
      <ButtonLink href={place ? place.href('') : '/admin'} look="primary">
        {place ? `To the overview of ${place.name}` : 'To the first page'}
      </ButtonLink>
    </Page>
  )
}
