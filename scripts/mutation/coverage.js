// Which tests judge which mutant: from what each test touched, the quickest tests first and no more than a budget allows.

/**
 * @param {{ file: string, setUp: number, tests: { id: string, cost: number }[] }[]} runs
 *   costs in milliseconds of the processor; `setUp`: of the file beside its tests, which is mostly the start of a server
 * @param {{ static: Hits, perTest: { [id: string]: Hits } }} touched by each test, under the file's own name between tests,
 *   and while everything was read; `Hits` counts by mutant
 * @param {{ budget: number, mutantsByFile: string[][] }} plan `budget`: milliseconds for one mutant
 */
export function planCoverage(runs, touched, { budget, mutantsByFile }) {
  const perTest = {}
  const spent = new Map()
  const filesOf = new Map()
  const quickFirst = runs.toSorted((one, other) => total(one) - total(other))

  function take(run, { id, cost }, hits) {
    for (const [mutant, count] of Object.entries(hits)) {
      if ((spent.get(mutant) ?? 0) > budget || perTest[id]?.[mutant]) continue
      const files = filesOf.get(mutant) ?? new Set()
      const setUp = files.has(run.file) ? 0 : run.setUp
      filesOf.set(mutant, files.add(run.file))
      spent.set(mutant, (spent.get(mutant) ?? 0) + setUp + cost)
      perTest[id] = { ...perTest[id], [mutant]: count }
    }
  }
  const forEachTest = (give) => {
    for (const run of quickFirst) for (const test of run.tests) give(run, test)
  }

  forEachTest((run, test) => take(run, test, touched.perTest[test.id] ?? {}))
  // What a file's server does when it starts, or between tests, is judged by all tests of the file.
  forEachTest((run, test) => take(run, test, touched.perTest[run.file] ?? {}))
  // What was only read when the program was: by the tests that touch something else of the same source file.
  const neighbours = neighboursOf(touched.static, { spent, mutantsByFile })
  forEachTest((run, test) => {
    const own = Object.keys(touched.perTest[test.id] ?? {})
    const hits = new Set(own.flatMap((mutant) => neighbours.get(mutant) ?? []))
    take(run, test, Object.fromEntries([...hits].map((mutant) => [mutant, 1])))
  })

  // A mutant is static for Stryker, and gets a process of its own, only if nothing touches it later.
  const onlyRead = Object.entries(touched.static).filter(([mutant]) => !isTouched(mutant))
  function isTouched(mutant) {
    return Object.values(touched.perTest).some((hits) => hits[mutant])
  }
  return { static: Object.fromEntries(onlyRead), perTest: inOrder(perTest, quickFirst) }
}

const total = ({ setUp, tests }) => tests.reduce((sum, { cost }) => sum + cost, setUp)

/** For every mutant of a source file, those of the same file that nothing touches after the program was read. */
function neighboursOf(readOnce, { spent, mutantsByFile }) {
  return new Map(
    mutantsByFile.flatMap((mutants) => {
      const silent = mutants.filter((mutant) => readOnce[mutant] && !spent.has(mutant))
      return silent.length === 0 ? [] : mutants.map((mutant) => [mutant, silent])
    }),
  )
}

/** Stryker passes a mutant's tests on in the order of this object. */
function inOrder(perTest, runs) {
  const ids = runs.flatMap(({ tests }) => tests.map(({ id }) => id)).filter((id) => perTest[id])
  return Object.fromEntries(ids.map((id) => [id, perTest[id]]))
}
