import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from './setup.js';

/** The rooms of lib/, in the order in which they may import: each from itself and those before it. */
const ROOMS = [
  'json',
  'schema',
  'failure',
  'chain',
  'definition',
  'graph',
  'template',
  'edit',
  'problems',
  'exchange',
  'plan',
  'run',
  'insight',
  'protocol',
] as const;

/** What would bring I/O, a framework or another floor of the house into lib/. */
const IMPURE = [
  'node:fs',
  'react',
  'react-dom',
  'react/jsx-runtime',
  'next',
  'next/headers',
  'reactflow',
  'zustand',
  'zustand/vanilla',
  'undici',
  'ws',
  'hono',
  'kysely',
  'libsql',
  'pino',
  '@tanstack/react-query',
  '@codemirror/state',
  'commander',
  '@/server/compose',
  '@/components/ui/button',
  '@/app/providers',
];
const TESTS_ONLY = ['@/testing/chain-builder', '@/e2e/fixtures', '@/bench/engine'];

interface Zone {
  /** A file of the zone. */
  readonly file: string;
  readonly forbidden: readonly string[];
  readonly allowed: readonly string[];
}

const inRoom = (room: string) => `@/lib/${room}/some-file`;

const ZONES: readonly Zone[] = [
  ...ROOMS.map((room, place) => ({
    file: `lib/${room}/planted.ts`,
    forbidden: [
      ...ROOMS.slice(place + 1).map(inRoom),
      ...IMPURE,
      ...TESTS_ONLY,
      'nunjucks',
      'nunjucks/src/parser',
      // Past the alias, no rule could see where it leads.
      '../run/some-file',
      '../../lib/run/some-file',
      '../../server/settings',
    ],
    allowed: [...ROOMS.slice(0, place + 1).map(inRoom), '@/lib/result', 'zod', './neighbour', './part/neighbour'],
  })),
  {
    file: 'lib/template/jinja-parser.ts',
    forbidden: [inRoom('run'), 'react'],
    allowed: ['nunjucks', 'nunjucks/src/parser'],
  },
  { file: 'lib/template/callables/planted.ts', forbidden: ['nunjucks', '../../run/some-file'], allowed: ['../values'] },
  {
    file: 'lib/planted.ts',
    forbidden: [...ROOMS.map(inRoom), ...IMPURE, ...TESTS_ONLY, 'nunjucks', './json/value', '../server/settings'],
    allowed: ['./result'],
  },
  {
    file: 'server/http/planted.ts',
    forbidden: [
      '@/components/ui/button',
      '@/app/providers',
      'react',
      'react-dom',
      'reactflow',
      'zustand',
      'nunjucks',
      '../../components/ui/button',
      '../../lib/result',
      ...TESTS_ONLY,
    ],
    allowed: [...ROOMS.map(inRoom), 'node:http', 'hono', '@/server/settings', '../store/database', './neighbour'],
  },
  {
    file: 'components/canvas/planted.tsx',
    forbidden: [
      '@/server/settings',
      '@/app/providers',
      'node:fs',
      'ws',
      'undici',
      'kysely',
      'libsql',
      'pino',
      'hono',
      '@hono/node-server',
      'nunjucks',
      '../../server/settings',
      '../../testing/chain-builder',
      ...TESTS_ONLY,
    ],
    allowed: [...ROOMS.map(inRoom), 'react', 'reactflow', '@/components/ui/button', './neighbour'],
  },
  {
    file: 'app/chains/planted.tsx',
    forbidden: ['@/server/settings', 'node:fs', ...TESTS_ONLY],
    allowed: ['react', '@/components/ui/button', '@/lib/result'],
  },
  { file: 'testing/planted.ts', forbidden: ['@/e2e/fixtures'], allowed: ['@/lib/result', '@/testing/chain-builder'] },
  { file: 'bench/planted.ts', forbidden: ['@/e2e/fixtures'], allowed: ['@/testing/chain-builder'] },
  { file: 'scripts/planted.ts', forbidden: ['@/e2e/fixtures'], allowed: ['@/lib/result'] },
  { file: 'lib/json/planted.test.ts', forbidden: [], allowed: ['@/testing/chain-builder', 'node:fs', inRoom('run')] },
];

describe('the import zones', () => {
  /** A project of its own, so that nothing is ever planted among the sources. */
  const folder = mkdtempSync(path.join(tmpdir(), 'chainwright-zones-'));
  const refusedByFile = new Map<string, Set<string>>();

  beforeAll(async () => {
    copyFileSync(path.join(projectDir, 'biome.json'), path.join(folder, 'biome.json'));
    copyFileSync(path.join(projectDir, '.gitignore'), path.join(folder, '.gitignore'));
    for (const zone of ZONES) {
      mkdirSync(path.dirname(path.join(folder, zone.file)), { recursive: true });
      writeFileSync(path.join(folder, zone.file), linesOf(zone).join('\n'));
    }
    for (const { file, lineNumber } of await lint(folder)) {
      const zone = ZONES.find((candidate) => candidate.file === file);
      const specifier = zone === undefined ? undefined : specifiersOf(zone)[lineNumber - 1];
      if (specifier === undefined) throw new Error(`A refusal at an unknown place: ${file}:${lineNumber}`);
      refusedByFile.set(file, (refusedByFile.get(file) ?? new Set()).add(specifier));
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(ZONES.filter((zone) => zone.forbidden.length > 0))('refuse every forbidden import in $file', (zone) => {
    const refused = refusedByFile.get(zone.file) ?? new Set();
    expect(zone.forbidden.filter((specifier) => !refused.has(specifier))).toEqual([]);
  });

  it.each(ZONES)('allow in $file what it may import', (zone) => {
    const refused = refusedByFile.get(zone.file) ?? new Set();
    expect(zone.allowed.filter((specifier) => refused.has(specifier))).toEqual([]);
  });
});

const specifiersOf = (zone: Zone): readonly string[] => [...zone.forbidden, ...zone.allowed];

const linesOf = (zone: Zone): readonly string[] => specifiersOf(zone).map((specifier) => `import '${specifier}';`);

interface Refusal {
  readonly file: string;
  readonly lineNumber: number;
}

/** Runs the linter of this project in a folder; gives the places at which it refuses an import. */
function lint(folder: string): Promise<readonly Refusal[]> {
  const program = path.join(projectDir, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [
    program,
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none',
    '--colors=off',
    '.',
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const places = [...stdout.matchAll(/file=([^,]+),line=(\d+)/g)];
      if (places.length === 0) reject(new Error(`The linter refused nothing: ${error?.message}\n${stdout}\n${stderr}`));
      resolve(
        places.map(([, file = '', line]) => ({
          file: path.relative(folder, path.resolve(folder, file)).split(path.sep).join('/'),
          lineNumber: Number(line),
        })),
      );
    });
  });
}
