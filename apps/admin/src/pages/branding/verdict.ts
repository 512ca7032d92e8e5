// What the server says of tokens that nobody saved yet: whether all of it can be read, and the subject of the mail.

import type { adminApi } from '@foyer/contract'
import { useEffect, useState } from 'preact/hooks'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import type { Language, Tokens } from './brand.ts'

type Preview = adminApi.DataOf<typeof adminApi.brand.previewBrand>

/** The last answer; nothing before the first. */
export function useLiveVerdict(asked: {
  tokens: Tokens
  language: Language
  /** Of the draft. */
  version: string | undefined
}): Preview | undefined {
  const { api } = useParts()
  const place = useOrganisation()
  const [preview, setPreview] = useState<Preview>()
  const { tokens, language, version } = asked
  useEffect(() => {
    let isOver = false
    const look = async (): Promise<void> => {
      const body = { scheme: 'light', language, tokens }
      const path = place.api('/brand/preview')
      // Where it does not come, the frame shows why, and saving tells.
      const found = await api.send<Preview>('POST', path, { body }).catch(() => undefined)
      if (found && !isOver) setPreview(found)
    }
    void look()
    return () => {
      isOver = true
    }
  }, [JSON.stringify(tokens), language, version])
  return preview
}
