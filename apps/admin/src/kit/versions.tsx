// What lists of published versions have in common: when and by whom, which is the one in use, and the others again.

import { useActorName } from '../state/actors.ts'
import { useOrganisation } from '../state/operator.ts'
import { Button } from './button.tsx'
import { Moment } from './moment.tsx'
import { StatusWord } from './status-word.tsx'
import type { Column } from './table.tsx'

type Version = {
  number: number
  published_at: string
  published_by: string
  /** The older one that it repeats. */
  repeats: number | null
}

/** When each was published, and by whom. */
export function usePublished<Item extends Version>(): Column<Item>[] {
  const actorName = useActorName()
  return [
    { title: 'Published', cell: ({ published_at: at }) => <Moment at={at} /> },
    {
      title: 'By',
      cell: ({ published_by: by, repeats }) => (
        <span>
          <bdi>{actorName(by)}</bdi>
          {repeats !== null && <span class="soft"> (version {repeats} again)</span>}
        </span>
      ),
    },
  ]
}

/** Says of the one in use that it is; an editor can publish any other again. */
export function PublishAgain(props: {
  number: number
  current: number | undefined
  /** That it is in use, such as "Shown now". */
  word: string
  onAsk(): void
}) {
  const { number, current, word, onAsk } = props
  const mayPublish = useOrganisation().may('editor')
  if (number === current) return <StatusWord word={word} tone="good" />
  if (!mayPublish) return null
  return (
    <Button label={`Publish again: version ${number}`} onClick={onAsk}>
      Publish again
    </Button>
  )
}
