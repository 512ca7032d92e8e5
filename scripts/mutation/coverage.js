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
  const hitsOf = (id) => touched.perTest[id] ?? {}

  function take(run, { id, cost }, hits) {
    for (const [mutant, count] of Object.entries(hits)) {
      if ((spent.get(mutant) ?? 0) > budget || perTest[id]?.[mutant]) continue
      const files = filesOf.get(mutant) ?? new Set()
      const setUp = files.has(run.file) ? 0 : run.setUp
      filesOf.set(mutant, files.add(run.file))
      spent.set(mutant, (spent.get(mutant) ?? 0) + setUp + cost)
      perTest[id] ??= {}
      perTest[id][mutant] = count
    }
  }
  const forEachTest = (give) => {
    for (const run of quickFirst) for (const test of run.tests) give(run, test)
  }

  forEachTest((run, test) => take(run, test, hitsOf(test.id)))
  // What only runs while the program is read, or a server starts, shows in the tests that use the rest of its source file.
  const later = new Set(Object.values(touched.perTest).flatMap(Object.keys))
  const isSilent = (mutant) => !spent.has(mutant) && (later.has(mutant) || touched.static[mutant])
  const silentOf = silentNeighbours(mutantsByFile, isSilent)
  forEachTest((run, test) => take(run, test, silentOf(Object.keys(hitsOf(test.id)))))
  // Else in any test of a file whose server touches it.
  forEachTest((run, test) => take(run, test, hitsOf(run.file)))

  // A mutant is static for Stryker, and gets a process of its own, only if nothing touches it later.
  const onlyRead = Object.entries(touched.static).filter(([mutant]) => !later.has(mutant))
  return { static: Object.fromEntries(onlyRead), perTest: inOrder(perTest, quickFirst) }
}

const total = ({ setUp, tests }) => tests.reduce((sum, { cost }) => sum + cost, setUp)

/** Tells, for mutants that a test touches, which of their source files no test touches itself. */
function silentNeighbours(mutantsByFile, isSilent) {
  const groups = mutantsByFile.map((mutants) => mutants.filter(isSilent).map((id) => [id, 1]))
  const placeOf = new Map(mutantsByFile.flatMap((mutants, at) => mutants.map((id) => [id, at])))
  return (mutants) => {
    const places = new Set(mutants.map((id) => placeOf.get(id)))
    return Object.fromEntries([...places].flatMap((at) => groups[at] ?? []))
  }
}

/** Stryker passes a mutant's tests on in the order of this object. */
function inOrder(perTest, runs) {
  const ids = runs.flatMap(({ tests }) => tests.map(({ id }) => id)).filter((id) => perTest[id])
  return Object.fromEntries(ids.map((id) => [id, perTest[id]]))
}
