// Whether something was entered and not saved: leaving then asks first.

import { useEffect } from 'preact/hooks'

let count = 0

export function hasUnsaved(): boolean {
  return count > 0
}

const QUESTION = 'Leave without saving your changes?'

/** While `isUnsaved`, links, "back" and closing the tab ask before they lose what was entered. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return
    count += 1
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault()
    // Before the router, which listens at the window too but not while the event is on its way down.
    const onClick = (event: MouseEvent): void => {
      const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement)
      if (!link || link.target === '_blank' || link.getAttribute('href')?.startsWith('#')) return
      if (event.ctrlKey || event.metaKey || event.shiftKey || confirm(QUESTION)) return
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    addEventListener('beforeunload', onUnload)
    addEventListener('click', onClick, { capture: true })
    return () => {
      count -= 1
      removeEventListener('beforeunload', onUnload)
      removeEventListener('click', onClick, { capture: true })
    }
  }, [isUnsaved])
}
