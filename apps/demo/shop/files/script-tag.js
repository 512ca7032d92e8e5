// The page with the script tag: the library made its client from the tag's own attributes.

import { follow } from './view.js'

await customElements.whenDefined('foyer-sign-in') // the tag is async, and may run after this
follow(window.Foyer.client)
