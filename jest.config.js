// Five projects: pure rooms need no set-up, wired ones load reflect-metadata, integration specs share one PostgreSQL and one
// Kafka, simulated worlds need nothing but time, stories bring their own stack.
const pureRooms = ['kernel', 'calendar', 'directory', 'procedures', 'dossier', 'exchange', 'ledger'];
const shared = {
  rootDir: import.meta.dirname,
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
};
export default {
  projects: [
    { ...shared, displayName: 'pure', testMatch: [`<rootDir>/libs/(${pureRooms.join('|')})/**/*.spec.ts`] },
    {
      ...shared,
      displayName: 'wired',
      testMatch: ['<rootDir>/{apps,bench,libs,tools}/**/*.spec.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '/dist/',
        '\\.int\\.spec\\.ts$',
        ...pureRooms.map((room) => `/libs/${room}/`),
      ],
      setupFiles: ['reflect-metadata'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,tools}/**/*.int.spec.ts'],
      setupFiles: ['reflect-metadata'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
    {
      ...shared,
      displayName: 'simulation',
      testMatch: ['<rootDir>/test/simulation/**/*.spec.ts'],
      setupFiles: ['reflect-metadata'],
    },
    {
      ...shared,
      displayName: 'stories',
      testMatch: ['<rootDir>/test/stories/**/*.story.spec.ts'],
      setupFiles: ['reflect-metadata'],
    },
  ],
};
