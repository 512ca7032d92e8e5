// The saved draft as customers would read it, drawn by the server in a frame that can do nothing.

import { addressOf } from '../../api.ts'
import { useOrganisation } from '../../state/operator.ts'
import type { Kind, Language } from './policy.ts'

export function DraftPreview(props: {
  kind: Kind
  language: Language
  version: string | undefined
}) {
  const { kind, language, version } = props
  const place = useOrganisation()
  const path = place.api(`/policies/${kind}/draft/${language}/preview`)
  return (
    <div class="read">
      <h3>As customers would read it</h3>
      <iframe
        class="text-frame"
        key={`${path} ${version}`}
        title="The saved draft, as customers would read it"
        src={addressOf(path)}
        sandbox=""
      />
    </div>
  )
}
