// A page that is fetched when somebody goes there.

import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Skeleton } from './skeleton.tsx'

/** `load` is an `import()`, and `name` what the module calls its page. */
export function lazyPage<Name extends string>(
  load: () => Promise<{ readonly [name in Name]: FunctionComponent }>,
  name: Name,
): FunctionComponent {
  let known: FunctionComponent | undefined
  return function LazyPage() {
    const [state, setState] = useState<{ fault?: unknown }>()
    useEffect(() => {
      if (known) return
      const show = (module: { readonly [name in Name]: FunctionComponent }): void => {
        known = module[name]
        setState({})
      }
      load().then(show, (fault: unknown) => setState({ fault }))
    }, [])
    // Thrown while drawing, so that the error page of the shell shows it.
    if (state?.fault) throw state.fault
    const Known = known
    return Known ? <Known /> : <Skeleton lines={5} />
  }
}
