// A Stryker reporter: one line of JSON for each mutant as soon as it was judged, to study survivors while the run goes on.

import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'

createJournal.inject = tokens(commonTokens.options)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Reporter, 'journal', createJournal)]

export const strykerValidationSchema = {
  properties: { journal: { type: 'object', properties: { fileName: { type: 'string' } } } },
}

function createJournal({ journal: { fileName } }) {
  mkdirSync(dirname(fileName), { recursive: true })
  return {
    onMutantTested({ id, fileName: source, location, mutatorName, replacement, status, killedBy }) {
      const line = { id, source, ...location.start, mutatorName, replacement, status, killedBy }
      appendFileSync(fileName, `${JSON.stringify(line)}\n`)
    },
  }
}
