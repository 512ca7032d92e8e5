// Which tests judge which mutant: those first that touch most of its source file for what they cost, as many as a budget allows.

/**
 * @typedef {{ [mutant: string]: number }} Hits how often each was touched
 * @param {{ file: string, setUp: number, tests: { id: string, cost: number }[] }[]} runs
 *   costs in milliseconds of the processor; `setUp`: of the file beside its tests, which is mostly the start of a server
 * @param {{ static: Hits, perTest: { [id: string]: Hits } }} touched by each test, under the file's own name between tests,
 *   and while everything was read
 * @param {{ budget: number, mutantsByFile: string[][] }} plan `budget`: milliseconds for one mutant
 */
export function planCoverage(runs, touched, { budget, mutantsByFile }) {
  const hitsOf = (id) => touched.perTest[id] ?? {}
  const later = new Set(Object.values(touched.perTest).flatMap(Object.keys))
  const tests = runs.flatMap((run) => run.tests.map((test) => ({ ...test, run })))
  const perTest = new Map(tests.map(({ id }) => [id, {}]))

  for (const mutants of mutantsByFile) {
    const touching = tests
      .map((test) => ({ test, own: new Set(mutants.filter((id) => hitsOf(test.id)[id])) }))
      .filter(({ own }) => own.size > 0)
      .sort((one, other) => worth(other) - worth(one))
    const direct = new Set(touching.flatMap(({ own }) => [...own]))
    for (const mutant of mutants) {
      const isKnown = later.has(mutant) || touched.static[mutant]
      const judges = touching.filter(({ own }) => !direct.has(mutant) || own.has(mutant))
      // What only runs while the program is read, or a server starts, shows in the tests that use the rest of its source
      // file, or else in any test of a file whose server touches it.
      const inStart = tests.filter(({ run }) => hitsOf(run.file)[mutant])
      const order = [...judges.map(({ test }) => test), ...inStart]
      if (isKnown)
        for (const { id } of affordable(order, budget))
          perTest.get(id)[mutant] = hitsOf(id)[mutant] ?? 1
    }
  }

  // A mutant is static for Stryker, and gets a process of its own, only if nothing touches it later.
  const onlyRead = Object.entries(touched.static).filter(([mutant]) => !later.has(mutant))
  return { static: Object.fromEntries(onlyRead), perTest: Object.fromEntries(perTest) }
}

/** How much of the source file it touches in a millisecond, with its share of what its file costs. */
function worth({ test: { cost, run }, own }) {
  return own.size / (cost + run.setUp / run.tests.length)
}

/** The first of them, until the budget is spent; a file is set up once for all its tests. */
function affordable(tests, budget) {
  const files = new Set()
  let spent = 0
  return tests.filter(({ cost, run }) => {
    if (spent > budget) return false
    spent += cost + (files.has(run.file) ? 0 : run.setUp)
    files.add(run.file)
    return true
  })
}
