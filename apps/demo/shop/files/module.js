// The page with modules: a client of its own, given to the elements.

import { createClient } from '@foyer/dom'
import '@foyer/dom/element'
import { follow } from './view.js'

const { issuer, clientId } = document.body.dataset
const foyer = createClient({ issuer, clientId, storage: 'session' })

for (const element of document.querySelectorAll('foyer-sign-in, foyer-account'))
  element.client = foyer
follow(foyer)
await foyer.initialize()
