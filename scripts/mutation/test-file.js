// Runs one test file in this process, again and again: its own lines are read anew each time, what it imports only once.

import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { addEventHandler, getState, removeEventHandler, resetState, run } from 'jest-circus'

const globals = new URL('jest-globals.js', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
})

/** Milliseconds that a test or a hook may take: who waits for what no longer comes has failed. */
const PATIENCE = 12_000

const MARK = ' > '
const idOf = (file, name) => `${file}${MARK}${name}`
/** The file of a test's id. */
export const fileOf = (id) => id.slice(0, id.indexOf(MARK))

let runs = 0

/**
 * Reads the file and runs its tests, or the chosen ones.
 * @param {string} file relative to the working directory
 * @param {{ ids?: readonly string[], bail?: boolean, onTest?: (id?: string) => void }} options
 *   `ids`: the chosen ones, all if not given; `onTest` hears which test begins, and `undefined` when none is under way
 * @returns {Promise<{ tests: { id: string, name: string, status: string, cost: number, errors: string[] }[], loose: string[], cost: number }>}
 *   `loose`: what was thrown where no test was waiting; `cost`: milliseconds of the processor
 */
export async function runTestFile(file, { ids, bail, onTest } = {}) {
  const chosen = ids && new Set(ids)
  const loose = []
  const note = (error) => void loose.push(String(error?.stack ?? error))
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  try {
    const begun = processorTime()
    resetState()
    globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = PATIENCE
    onTest?.()
    runs += 1
    await import(`${pathToFileURL(file).href}?run=${runs}`)
    const tests = testsOf(file, getState().rootDescribeBlock)
    for (const { test, id } of tests) if (chosen?.has(id) === false) test.mode = 'skip'
    const idsOf = new Map(tests.map(({ test, id }) => [test, id]))
    const costs = new Map()
    let hasFailed = false
    const watch = ({ name, test }) => {
      if (name === 'test_start') {
        if (bail && hasFailed) test.mode = 'skip'
        onTest?.(idsOf.get(test))
        costs.set(test, -processorTime())
      }
      if (name === 'test_done') {
        onTest?.()
        hasFailed ||= test.errors.length > 0
        costs.set(test, costs.get(test) + processorTime())
      }
    }
    addEventHandler(watch)
    try {
      await run()
    } finally {
      removeEventHandler(watch)
    }
    const cost = processorTime() - begun
    return { tests: tests.map((each) => outcomeOf(each, costs.get(each.test))), loose, cost }
  } finally {
    process.off('uncaughtException', note)
    process.off('unhandledRejection', note)
  }
}

/** Milliseconds: what a busy machine does not change. */
function processorTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Every test below, by its whole name; a second one of the same name is numbered. */
function testsOf(file, root) {
  const seen = new Map()
  const collect = (block, words) =>
    block.children.flatMap((child) =>
      child.type === 'test'
        ? [named(child, [...words, child.name].join(' '))]
        : collect(child, [...words, child.name]),
    )
  const named = (test, words) => {
    const count = (seen.get(words) ?? 0) + 1
    seen.set(words, count)
    const name = count === 1 ? words : `${words} (${count})`
    return { test, name, id: idOf(file, name) }
  }
  return collect(root, [])
}

function outcomeOf({ test, name, id }, cost = 0) {
  const errors = test.errors.map((error) => {
    const [thrown, made] = Array.isArray(error) ? error : [error]
    return String(thrown?.stack ?? thrown ?? made?.stack)
  })
  const status = errors.length > 0 ? 'failed' : test.status === 'done' ? 'passed' : 'skipped'
  return { id, name, status, cost, errors }
}
