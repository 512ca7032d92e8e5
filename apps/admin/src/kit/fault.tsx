// What went wrong, in words: what happened, the id that support asks for, and another attempt.

import { ApiError } from '../api.ts'
import { Button } from './button.tsx'

export function sentenceOf(error: Error): string {
  return error instanceof ApiError ? error.message : 'The console made a mistake. Nothing was lost.'
}

export function Fault({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : undefined
  return (
    <div class="fault" role="alert">
      <p>{sentenceOf(error)}</p>
      {requestId && (
        <p class="small">
          Request id: <code>{requestId}</code>
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}
