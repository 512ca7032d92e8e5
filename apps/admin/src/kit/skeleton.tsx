// Stands for what is on its way; not before 200 ms, so that nothing flickers.

import { useEffect, useState } from 'preact/hooks'

const QUICK = 200

export function Skeleton({ lines }: { lines: number }) {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), QUICK)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div class="skeleton" role="status">
      {isSlow && <span class="unseen">Loading …</span>}
      {isSlow && Array.from({ length: lines }, (_, index) => <span key={index} class="line" />)}
    </div>
  )
}
