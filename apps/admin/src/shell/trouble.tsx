// In place of a page that cannot be shown: what happened, the request id, and another attempt.

import { Fault } from '../kit/fault.tsx'
import { Alone } from './alone.tsx'

export function Trouble({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Alone title="This did not work" lead="Nothing that was saved is lost.">
      <Fault error={error} onRetry={onRetry} />
      <p>
        <a href="/admin">To the first page</a>
      </p>
    </Alone>
  )
}
