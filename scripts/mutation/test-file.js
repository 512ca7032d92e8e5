// Runs one test file in this process, again and again: its own lines are read anew each time, what it imports only once.

import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { addEventHandler, getState, removeEventHandler, resetState, run } from 'jest-circus'

const globals = new URL('jest-globals.js', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
})

let runs = 0

/**
 * Reads the file and runs its tests, or the chosen ones.
 * @param {string} path absolute
 * @param {{ isChosen?: (name: string) => boolean, bail?: boolean, timeout: number, onTest?: (name?: string) => void }} options
 *   `timeout`: of one test or hook, in milliseconds; `onTest` hears which test begins, and `undefined` when none is under way
 * @returns {Promise<{ tests: { name: string, status: string, cost: number, errors: string[] }[], loose: string[], cost: number }>}
 *   `loose`: what was thrown where no test was waiting; `cost`: milliseconds of the processor
 */
export async function runTestFile(path, { isChosen = () => true, bail, timeout, onTest }) {
  const loose = []
  const note = (error) => void loose.push(String(error?.stack ?? error))
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  try {
    const begun = processorTime()
    resetState()
    globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = timeout
    onTest?.()
    runs += 1
    await import(`${pathToFileURL(path).href}?run=${runs}`)
    const tests = testsOf(getState().rootDescribeBlock)
    for (const { test, name } of tests) if (!isChosen(name)) test.mode = 'skip'
    const names = new Map(tests.map(({ test, name }) => [test, name]))
    const costs = new Map()
    let hasFailed = false
    const watch = ({ name, test }) => {
      if (name === 'test_start') {
        if (bail && hasFailed) test.mode = 'skip'
        onTest?.(names.get(test))
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
function testsOf(root) {
  const seen = new Map()
  const collect = (block, words) =>
    block.children.flatMap((child) =>
      child.type === 'test'
        ? [{ test: child, name: numbered([...words, child.name].join(' ')) }]
        : collect(child, [...words, child.name]),
    )
  const numbered = (name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  }
  return collect(root, [])
}

function outcomeOf({ test, name }, cost = 0) {
  const errors = test.errors.map((error) => {
    const [thrown, made] = Array.isArray(error) ? error : [error]
    return String(thrown?.stack ?? thrown ?? made?.stack)
  })
  const status = errors.length > 0 ? 'failed' : test.status === 'done' ? 'passed' : 'skipped'
  return { name, status, cost, errors }
}
