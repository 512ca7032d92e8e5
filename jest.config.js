// How Jest finds and runs the tests: TypeScript as ESM, without a build.

import { availableParallelism } from 'node:os'

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': './scripts/jest-transform.js' },
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  // They take the tools of other ecosystems: npm run test:interop.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/interop/'],
  modulePathIgnorePatterns: ['<rootDir>/.data', '<rootDir>/.cache'],
  globalSetup: './test/support/services/global-setup.ts',
  globalTeardown: './test/support/services/global-teardown.ts',
  reporters: ['default', './scripts/jest-reporter.js'],
  // Far more than any test takes alone.
  testTimeout: 60_000,
  // Much of a test is waiting for its own server, database or browser: on two cores one worker would leave one idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // By the end a worker holds a gigabyte, and gives it back within a second after its last handle is closed. What
  // is still there after this time was left open by a test, and Jest says so.
  workerGracefulExitTimeout: 10_000,
}
