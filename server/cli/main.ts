import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ExportKind } from '@/lib/exchange/export-chain';
import { readEnvironment } from '@/server/env-file';
import { CommandRefused } from './command-refused';
import { EXIT, type ExitCode } from './exit-codes';
import { toPrintableLines } from './printable';
import { createTerminal, type Terminal } from './terminal';

/**
 * The command `chainwright`. Every command is loaded when it is asked for, so that `--help` and `run` do not pay for the
 * server, and nothing of Next or React is loaded but by `serve`.
 */
async function main(): Promise<ExitCode> {
  const environment = readEnvironment(process.cwd(), process.env);
  if (!environment.ok) throw new CommandRefused(environment.error, EXIT.usage);
  const terminal = createTerminal(environment.value);
  let exitCode: ExitCode = EXIT.completed;
  await buildProgram(terminal, (code) => {
    exitCode = code;
  }).parseAsync(process.argv);
  return exitCode;
}

function buildProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('chainwright')
    .description('Check, run and serve chains of NICE CXone Data Actions.')
    .version(readVersion(), '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', PROGRAM_HELP);

  program
    .command('run')
    .description('Run a chain to its end and print the result as JSON.')
    .argument('<file>', 'exported chain document or bare mapping of actions; - reads standard input')
    .option('--input <json>', 'input of the chain, as JSON or @file')
    .option('--simulator', 'call a simulator started for this run instead of CXone', false)
    .option('--base-url <url>', 'base URL of the tenant; over CXONE_BASE_URL and CXONE_REGION')
    .option('--webhook <url>', 'where to send the status of actions; over the document')
    .addOption(seconds('--timeout-sec <seconds>', 'time for one call, for actions that do not say', 3600))
    .addOption(seconds('--timeout <seconds>', 'the same as --timeout-sec', 3600).hideHelp())
    .addOption(seconds('--deadline-sec <seconds>', 'time for the whole run', 604_800))
    .option('--max-concurrency <n>', 'how many actions run side by side, 1 to 64', wholeFrom(1, 64))
    .addOption(new Option('--binding <mode>', 'what a template gives: a value or text').choices(['typed', 'text']))
    .addOption(new Option('--undefined <mode>', 'a missing value fails, or is empty').choices(['strict', 'lenient']))
    .addOption(connectionMap())
    .option('--infer-edges', 'add the edges that the templates of the document imply', false)
    .addOption(allowLiteral())
    .addOption(definitions('with --simulator: definitions that it answers too'))
    .option('--allow-failures', 'exit 0 when the run completed although some actions failed', false)
    .option('--audit <file>', 'append the audit lines to a file instead of writing them to stderr')
    .option('--json', 'audit lines on stderr even on a terminal', false)
    .addHelpText('after', RUN_HELP)
    .action(async (file: string, { timeout, ...options }) => {
      const { run } = await import('./commands/run');
      const timeoutSec = options.timeoutSec ?? timeout;
      const given = timeoutSec === undefined ? options : { ...options, timeoutSec };
      finish(await run(file, given, terminal, stopOnSignals(terminal, 'Cancelling; Ctrl-C again ends at once.')));
    });

  program
    .command('validate')
    .description('Name what is wrong or doubtful in chains.')
    .argument('<files...>', 'chain documents or mappings, folders with such, quoted patterns; - reads standard input')
    .option('--strict', 'warnings fail too', false)
    .option('--fix', 'mend in the files what can be mended without a change of meaning', false)
    .option('--json', 'one JSON document instead of lines', false)
    .addOption(definitions())
    .addOption(connectionMap())
    .addOption(allowLiteral())
    .addHelpText('after', VALIDATE_HELP)
    .action(async (files: string[], options) => {
      const { validate } = await import('./commands/validate');
      finish(await validate(files, options, terminal));
    });

  program
    .command('plan')
    .description('Tell what a run would do: order, groups, longest time, writes. Calls nobody.')
    .argument('<file>', 'chain document or mapping; - reads standard input')
    .option('--input <json>', 'input of the chain to check, as JSON or @file')
    .option('--json', 'one JSON document instead of text', false)
    .addOption(connectionMap())
    .addOption(allowLiteral())
    .addHelpText('after', PLAN_HELP)
    .action(async (file: string, options) => {
      const { plan } = await import('./commands/plan');
      finish(await plan(file, options, terminal));
    });

  program
    .command('diff')
    .description('Tell what became of one chain in another.')
    .argument('<before>', 'chain document or mapping; - reads standard input')
    .argument('<after>', 'the one to compare it with')
    .option('--json', 'one JSON document instead of lines', false)
    .addHelpText('after', DIFF_HELP)
    .action(async (before: string, after: string, options) => {
      const { diff } = await import('./commands/diff');
      finish(await diff(before, after, options, terminal));
    });

  program
    .command('export')
    .description('Write a chain in another form to standard output.')
    .argument('<file>', 'chain document or mapping; - reads standard input')
    .addOption(new Option('--to <form>', 'the form').choices(EXPORT_FORMS).makeOptionMandatory())
    .option('--input <json>', 'for mapping: the values written in place of input.*, as JSON or @file')
    .option('--allow-lossy', 'for mapping: leave away what a mapping cannot say', false)
    .addOption(definitions('for definitions: what the snapshot is made of; may be repeated'))
    .option('--sidecar <file>', 'what lies beside the chain: layout, notes, sample inputs, pins')
    .addOption(allowLiteral())
    .addHelpText('after', EXPORT_HELP)
    .action(async (file: string, options) => {
      const { exportFile } = await import('./commands/export');
      finish(await exportFile(file, options, terminal));
    });

  program
    .command('simulator')
    .description('Start a simulated CXone tenant on loopback.')
    .option('--port <n>', 'port to listen on; 0 takes any free one', wholeFrom(0, 65_535), 0)
    .option('--seed <text>', 'other seeds give other customers, orders and records')
    .option('--latency-ms <ms>', 'the longest a call takes; 0 answers at once', wholeFrom(0, 600_000))
    .addHelpText('after', SIMULATOR_HELP)
    .action(async (options) => {
      const { serveSimulator } = await import('./commands/simulator');
      finish(await serveSimulator(options, terminal, stopOnSignals(terminal, null)));
    });

  program
    .command('serve')
    .description('Start the designer in the browser.')
    .usage('[--port <n>] [--host <address>] [--data-dir <folder>] …')
    // The settings have their own table of flags, and their own words for a mistake in one.
    .allowUnknownOption()
    .argument('[settings...]')
    .addHelpText('after', SERVE_HELP)
    .action(async (args: string[]) => {
      const { serve } = await import('./commands/serve');
      await serve(args);
    });

  // Commander writes usage errors with the offending argument in them.
  const output = { writeErr: (text: string) => terminal.writeError(toPrintableLines(text)) };
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(output);
  return program;
}

/** The version of the package that this file, bundled or not, belongs to: its `package.json` stands somewhere above. */
function readVersion(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
    if (folder === dirname(folder)) return 'unknown';
  }
}

const PROGRAM_HELP = `
Examples:
  chainwright run chain.json --input '{"account_id":"12345"}' --simulator
  chainwright validate chains --strict
  chainwright plan chain.json
  chainwright export chain.json --to mermaid
  chainwright serve --port 3001

Credentials come from CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, in the environment or in .env.local.`;

const SIMULATOR_HELP = `
Prints the variables that point a client at it, and serves until Ctrl-C.

Examples:
  chainwright simulator --port 3420
  chainwright simulator --latency-ms 0 --seed other`;

const SERVE_HELP = `
Every setting of docs/settings.md is a flag.

Examples:
  chainwright serve --port 3001
  chainwright serve --data-dir /var/lib/chainwright --log-level info`;

const RUN_HELP = `
Examples:
  chainwright run chain.json --input '{"account_id":"12345"}'
  chainwright run chain.json --input @input.json --simulator
  chainwright run mapping.json --infer-edges --map production.map.json
  cat chain.json | chainwright run - --input '{}' --audit audit.jsonl > result.json

Exit codes:
  0 completed   1 ran and failed   2 usage or refused input   3 the document is invalid
  4 no connection or no token      5 cancelled or interrupted 6 the deadline passed`;

const VALIDATE_HELP = `
A folder stands for every chain below it; node_modules, names that begin with a dot, and JSON that is no chain are passed
over. Secrets that secret_ref names are looked for when any CHAINWRIGHT_SECRET_… is set.

Examples:
  chainwright validate chain.json
  chainwright validate chains 'more/**/*.json' --strict
  chainwright validate chain.json --definitions tenant.definitions.json --map production.map.json
  chainwright validate chains --fix
  cat chain.json | chainwright validate - --json

Exit codes:
  0 no error (with --strict: no warning either)   2 usage, unreadable file, no chain found   3 a document is invalid`;

const PLAN_HELP = `
The longest time counts every retry that the policies allow. An input is checked only when it is given.

Examples:
  chainwright plan chain.json
  chainwright plan chain.json --input @input.json
  chainwright plan chain.json --json | jq -r '.order[]'

Exit codes:
  0 can run   2 usage, unreadable file, refused input, an id that the map lacks   3 the document is invalid`;

const DIFF_HELP = `
Actions are matched by id, then by definition and place in the graph: a renamed action is told as renamed, and templates
and dependencies that follow it are not told again.

Examples:
  chainwright diff before.json after.json
  chainwright diff mapping.json chain.json --json
  git show HEAD:chain.json | chainwright diff - chain.json

Exit codes:
  0 the same chain   1 different   2 usage or unreadable file   3 a document is invalid`;

const EXPORT_FORMS = ['chain', 'mapping', 'definitions', 'sidecar', 'mermaid', 'dot'] as const satisfies ExportKind[];

const EXPORT_HELP = `
Errors of the document stand against chain and mapping; a diagram can be drawn of any chain.

Examples:
  chainwright export mapping.json --to chain > chain.json
  chainwright export chain.json --to mapping --input @input.json --allow-lossy > mapping.json
  chainwright export chain.json --to mermaid
  chainwright export chain.json --to dot | dot -Tsvg > chain.svg
  chainwright export chain.json --to definitions --definitions tenant.definitions.json > used.definitions.json

Exit codes:
  0 written   2 usage, unreadable file, no or refused input, unknown definitions
  3 the document is invalid, or a mapping would lose what --allow-lossy does not allow`;

const seconds = (flags: string, description: string, max: number): Option =>
  new Option(flags, description).argParser((value: string): number => {
    const number = Number(value);
    if (/^\d+(\.\d+)?$/.test(value) && number >= 0.1 && number <= max) return number;
    throw new InvalidArgumentError(`Expected seconds, from 0.1 to ${max}.`);
  });

/** May be given several times; all of them count. */
const gather = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

const definitions = (description = 'definition file or snapshot to check against; may be repeated'): Option =>
  new Option('--definitions <file>', description).argParser(gather);

const connectionMap = (): Option => new Option('--map <file>', 'connection map: id in the document → id in the tenant');

const allowLiteral = (): Option =>
  new Option('--allow-literal <pointer>', 'the text at this place is no secret; may be repeated').argParser(gather);

function wholeFrom(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d{1,9}$/.test(value) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

/** Aborts at the first Ctrl-C (or SIGTERM); the second ends the process at once. */
function stopOnSignals(terminal: Terminal, notice: string | null): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    if (notice !== null) terminal.writeError(`${notice}\n`);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

/** A reader that closes the pipe early, as `head` does, is no error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.failed);
});

/** A run goes on when nobody reads its progress any more. */
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof CommandRefused) {
    process.stderr.write(`${toPrintableLines(error.message)}\n`);
    process.exitCode = error.exitCode;
  } else if (error instanceof CommanderError) {
    // Commander has said it already; help and version end with 0.
    process.exitCode = error.exitCode === 0 ? EXIT.completed : EXIT.usage;
  } else throw error;
}
