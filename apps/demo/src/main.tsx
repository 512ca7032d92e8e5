// Puts the application on its page.

import { render } from 'preact'
import { App } from './app.tsx'
import { createRequestLog } from './requests.ts'

const place = document.getElementById('app')
if (place) render(<App requests={createRequestLog()} />, place)
