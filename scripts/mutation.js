// `npm run test:mutation -- [--part 1/12] [room or file ...]`: breaks the code in small ways, and counts what the tests notice.

import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import config from '../stryker.config.js'
import { isInPart } from './mutation/runner.js'

const rooms = {
  identity: 'src/services/identity/',
  oidc: 'adapters/oidc/',
  interactions: 'interactions/',
}

const { values, positionals } = parseArgs({
  options: { part: { type: 'string', default: '1/1' } },
  allowPositionals: true,
})
const wanted = positionals.map((name) => (rooms[name] ? `${rooms[name]}**/*.ts` : name))
const never = config.mutate.filter((pattern) => pattern.startsWith('!'))

// The tests of the real stores and of Chromium judge nothing here.
process.env.SKIP_SERVICES = '1'
const results = await new Stryker({
  ...(wanted.length > 0 && { mutate: [...wanted, ...never] }),
  warm: { ...config.warm, part: values.part },
  maxTestRunnerReuse: config.maxTestRunnerReuse * Number(values.part.split('/')[1]),
  // A part knows too little to be continued.
  incremental: values.part === '1/1',
}).runMutationTest()

const judged = results.filter((mutant) => isInPart(mutant, values.part))
process.stdout.write(figures(judged))

/** Markdown: one line for each room and one for all of them. */
function figures(mutants) {
  const inRoom = (folder) => mutants.filter(({ fileName }) => fileName.includes(folder))
  return [
    '| room | judged | killed | timeout | survived | no coverage | score |',
    '|---|---|---|---|---|---|---|',
    ...Object.entries(rooms).flatMap(([name, folder]) =>
      inRoom(folder).length > 0 ? line(name, inRoom(folder)) : [],
    ),
    line('all', mutants),
    '',
  ].join('\n')
}

function line(name, mutants) {
  const count = (status) => mutants.filter((mutant) => mutant.status === status).length
  const counts = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(count)
  const [killed, timeout] = counts
  const all = counts.reduce((sum, each) => sum + each, 0)
  const score = `${((100 * (killed + timeout)) / all).toFixed(1)} %`
  return `| ${[name, all, ...counts, score].join(' | ')} |`
}
