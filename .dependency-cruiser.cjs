/**
 * The rooms and what each may import (docs/adr/0001-rooms-and-layers.md). Knowledge first, machinery last.
 */
const pureOrder = ['kernel', 'calendar', 'directory', 'procedures', 'dossier', 'exchange', 'ledger'];
const adapters = ['event-store-postgres', 'messaging-kafka', 'read-models', 'vault', 'key-custody'];
const support = ['contracts', 'http-api', 'config', 'observability'];
const noTests = '(\\.spec\\.ts$|^test/|^bench/|^libs/testing/)';
const room = (names) => `^libs/(${names.join('|')})/`;
const mayImport = {
  kernel: [],
  calendar: ['kernel'],
  directory: ['kernel'],
  procedures: ['kernel', 'calendar'],
  dossier: ['kernel', 'calendar', 'directory', 'procedures'],
  exchange: ['kernel', 'calendar', 'directory', 'procedures', 'dossier'],
  ledger: ['kernel'],
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means two rooms are one.',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nobody needs it: it goes.',
      from: { orphan: true, path: '^(apps|libs|tools)/', pathNot: '(\\.spec\\.ts$|main\\.ts$|\\.d\\.ts$|^tools/)' },
      to: {},
    },
    ...pureOrder.map((name) => ({
      name: `pure-${name}`,
      severity: 'error',
      comment: `libs/${name} knows only ${mayImport[name].join(', ') || 'itself'}: no package, no node:*, no machinery.`,
      from: { path: `^libs/${name}/`, pathNot: noTests },
      to: { pathNot: room([name, ...mayImport[name]]) },
    })),
    {
      name: 'use-cases-know-only-pure',
      severity: 'error',
      comment: 'The application layer talks to machinery through ports.',
      from: { path: '^libs/use-cases/', pathNot: noTests },
      to: { path: '.', pathNot: `${room([...pureOrder, 'use-cases'])}` },
    },
    ...adapters.map((name) => ({
      name: `adapter-${name}`,
      severity: 'error',
      comment: 'An adapter knows the pure rooms and the ports, never another adapter.',
      from: { path: `^libs/${name}/`, pathNot: noTests },
      to: { path: room([...adapters, ...support, 'testing']), pathNot: `^libs/${name}/` },
    })),
    ...support.map((name) => ({
      name: `support-${name}`,
      severity: 'error',
      comment: 'Contracts and support know the kernel alone.',
      from: { path: `^libs/${name}/`, pathNot: noTests },
      to: { path: '^(libs|apps|tools)/', pathNot: room(['kernel', name]) },
    })),
    {
      name: 'index-only',
      severity: 'error',
      comment: 'Outside a room only its index.ts is imported.',
      from: { path: '^(libs/([^/]+)|apps|tools|test|bench)/' },
      to: { path: '^libs/([^/]+)/(?!index\\.ts$).+', pathNot: '^libs/($2|use-cases/ports|testing)/' },
    },
    {
      name: 'libs-know-no-apps',
      severity: 'error',
      comment: 'Rooms do not know who wires them.',
      from: { path: '^libs/', pathNot: noTests },
      to: { path: '^(apps|tools|test)/' },
    },
    {
      name: 'testing-unreachable',
      severity: 'error',
      comment: 'Test material never reaches production code.',
      from: { path: '^(apps|libs|tools)/', pathNot: noTests },
      to: { path: '^(libs/testing|test)/' },
    },
    {
      name: 'sql-rooms',
      severity: 'error',
      comment: 'SQL lives in three rooms.',
      from: { path: '^(apps|libs)/', pathNot: `(${noTests}|^libs/(event-store-postgres|read-models|vault)/)` },
      to: { path: 'node_modules/(pg|typeorm)/' },
    },
    {
      name: 'kafka-room',
      severity: 'error',
      comment: 'kafkajs is behind one port.',
      from: { path: '^(apps|libs)/', pathNot: `(${noTests}|^libs/messaging-kafka/)` },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'telemetry-room',
      severity: 'error',
      comment:
        'Whoever names no collector loads nothing of OpenTelemetry: one file knows it, and is imported when asked for.',
      from: { path: '^(apps|libs)/', pathNot: '^libs/observability/otlp-tracing\\.ts$' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'telemetry-on-demand',
      severity: 'error',
      comment: 'As above.',
      from: {},
      to: { path: '^libs/observability/otlp-tracing\\.ts$', dynamic: false },
    },
    {
      name: 'nest-at-the-door',
      severity: 'error',
      comment: 'Nest stands at the door.',
      from: { path: '^libs/', pathNot: `(${noTests}|\\.module\\.ts$)` },
      to: { path: 'node_modules/@nestjs/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|/generated/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
