// How mutants are made and judged; docs/mutation-testing.md says why.

import { join } from 'node:path'

const cache = join(import.meta.dirname, '.cache/mutation')

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'src/services/identity/**/*.ts',
    'adapters/oidc/**/*.ts',
    'interactions/**/*.ts',
    '!interactions/messages/*.ts',
  ],
  // Words of pages, mails and logs, and names of fields that the compiler checks.
  mutator: { excludedMutations: ['StringLiteral'] },
  plugins: ['./scripts/mutation/runner.js', './scripts/mutation/journal.js'],
  testRunner: 'warm',
  testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
  warm: {
    // Those that run within one process, on the embedded stores.
    testFiles: [
      'test/{unit,interactions,command-line}/*.test.ts',
      'test/flows/!(*-simulation|crossing|conformance|silence|snippets).test.ts',
      'test/routes/{admin-api,client-api,relying-party}/*.test.ts',
      'test/reliability/{lost-answers,lost-answers-to-tokens,mail-server}.test.ts',
      'test/contracts/{engine-adapter,engine-grants,hand-on,recent-engine-state,relying-party-sessions,sessions,signing-keys}.test.ts',
    ],
    budget: 5000,
    part: '1/1',
    cacheFile: join(cache, 'touched.json'),
  },
  coverageAnalysis: 'perTest',
  // Constants that no test of the same file reads.
  ignoreStatic: true,
  concurrency: 1,
  maxTestRunnerReuse: 100,
  // The runner ends what waits; this is for what never lets go of the processor, on a machine that is busy.
  timeoutMS: 120_000,
  dryRunTimeoutMinutes: 20,
  disableTypeChecks: false,
  // Stryker would rewrite a tsconfig.json with the compiler's JavaScript API, which TypeScript 7 does not have.
  tsconfigFile: 'none',
  allowEmpty: false,
  ignorePatterns: ['.cache', '.data'],
  tempDirName: join(cache, 'sandbox'),
  incremental: true,
  incrementalFile: join(cache, 'incremental.json'),
  reporters: ['clear-text', 'json', 'journal'],
  journal: { fileName: join(cache, 'journal.jsonl') },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: join(cache, 'report.json') },
}
