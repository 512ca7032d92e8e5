// Stryker's test runner: one warm process that has read the server once and tries mutant after mutant on it.

import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core'
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'
import { planCoverage } from './coverage.js'
import { createJudge } from './judge.js'
import { fileOf } from './test-file.js'
import { touchAll } from './touch.js'

createRunner.inject = tokens(commonTokens.options, commonTokens.logger)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'warm', createRunner)]

/** The part of Stryker's configuration that is ours. */
export const strykerValidationSchema = {
  properties: {
    warm: {
      type: 'object',
      required: ['testFiles', 'budget', 'part', 'cacheFile'],
      properties: {
        testFiles: { type: 'array', items: { type: 'string' } },
        budget: { description: 'Milliseconds of the processor for one mutant.', type: 'number' },
        part: { description: 'Which of how many parts is judged: "1/12".', type: 'string' },
        cacheFile: {
          description: 'What the tests touched, for as long as no line changes.',
          type: 'string',
        },
      },
    },
  },
}

function createRunner({ warm: { testFiles, budget, part, cacheFile } }, log) {
  // What the instrumented code reads: the mutant that is active, the test that is under way.
  globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {}
  const switches = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE]
  const judge = createJudge(switches)
  const kills = createKills()
  /** A server that did not start or stop as it should may still be there: the next mutant gets a new process. */
  let isSpoilt = false

  async function dryRun({ files = [] }) {
    const { runs, touched } = await fromCache(() => touchAll({ testFiles, switches, log }))
    const mutantsByFile = files.map(mutantsIn)
    const plan = planCoverage(runs, touched, { budget, mutantsByFile })
    // Each of these costs a process, whether it is judged or not.
    const inPart = Object.entries(plan.static).filter(([id]) => isInPart({ id }, part))
    return {
      status: DryRunStatus.Complete,
      tests: runs.flatMap((run) => run.tests.map((test) => resultOf(run, test))),
      mutantCoverage: { ...plan, static: Object.fromEntries(inPart) },
    }
  }

  /** As it was the last time, if the code that was read and broken is the same. */
  async function fromCache(make) {
    const sources = globSync('{packages/contract,test,src,adapters,interactions}/**/*.ts')
    const hash = hashOf(sources, testFiles)
    if (existsSync(cacheFile)) {
      const cached = JSON.parse(readFileSync(cacheFile, 'utf8'))
      if (cached.hash === hash) return cached.result
    }
    const result = await make()
    writeFileSync(cacheFile, JSON.stringify({ hash, result }))
    return result
  }

  async function mutantRun({ activeMutant, testFilter = [], hitLimit }) {
    if (!isInPart(activeMutant, part)) {
      return { status: MutantRunStatus.Error, errorMessage: 'not in this part' }
    }
    if (isSpoilt) throw new Error('a server of the mutant before may still be there')
    Object.assign(switches, { hitCount: 0, hitLimit })
    const byFile = Map.groupBy(testFilter, fileOf)
    let count = 0
    for (const file of kills.deadliestFirst(activeMutant.fileName, [...byFile.keys()])) {
      const { ran, failed, loose } = await judge(file, byFile.get(file), activeMutant.id)
      if (switches.hitCount > hitLimit) {
        isSpoilt = true
        return { status: MutantRunStatus.Timeout, reason: 'it goes round and round' }
      }
      count += ran
      const failureMessage = failed[0]?.errors[0] ?? loose[0]
      if (failureMessage === undefined) continue
      isSpoilt = loose.length > 0 || failed.length > 1
      kills.count(activeMutant.fileName, file)
      const killedBy = failed.length > 0 ? failed.map(({ id }) => id) : byFile.get(file)
      return { status: MutantRunStatus.Killed, killedBy, failureMessage, nrOfTests: count }
    }
    if (count === 0) throw new Error('none of its tests ran')
    return { status: MutantRunStatus.Survived, nrOfTests: count }
  }

  return { capabilities: () => ({ reloadEnvironment: false }), dryRun, mutantRun }
}

/** Numbers are given file by file, in the order of the lines: each part is spread evenly over them. */
export function isInPart({ id }, part) {
  const [which, count] = part.split('/').map(Number)
  return Number(id) % count === which % count
}

/** The test files that killed most mutants of a source file are the first to try the next one. */
function createKills() {
  const counts = new Map()
  const countOf = (source, file) => counts.get(`${source} ${file}`) ?? 0
  return {
    count: (source, file) => counts.set(`${source} ${file}`, countOf(source, file) + 1),
    deadliestFirst: (source, files) =>
      files.toSorted((one, other) => countOf(source, other) - countOf(source, one)),
  }
}

const resolved = (file) => join(process.cwd(), file)

function resultOf({ file, setUp, tests }, { id, name, cost }) {
  const timeSpentMs = Math.round(cost + setUp / tests.length)
  return { id, name, timeSpentMs, fileName: resolved(file), status: TestStatus.Success }
}

function hashOf(files, testFiles) {
  const hash = createHash('sha256').update(testFiles.join())
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}

/** The mutants that were put into a source file. */
function mutantsIn(path) {
  const marks = readFileSync(path, 'utf8').matchAll(/stryMutAct_9fa48\("(\d+)"\)/g)
  return [...new Set([...marks].map(([, mutant]) => mutant))]
}
