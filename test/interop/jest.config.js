// How Jest finds and runs the relying parties of other ecosystems: `npm run test:interop`.

import base from '../../jest.config.js'

/** @type {import('jest').Config} */
export default {
  testEnvironment: base.testEnvironment,
  extensionsToTreatAsEsm: base.extensionsToTreatAsEsm,
  transform: base.transform,
  modulePathIgnorePatterns: base.modulePathIgnorePatterns,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/interop/*.test.ts'],
  reporters: ['default', ['./scripts/jest-reporter.js', { file: 'interop-counts.txt' }]],
  testTimeout: 60_000,
  maxWorkers: base.maxWorkers,
}
