/** The places where a test may stop or kill the process: each stands between two steps that must not come apart. */
export const FAILPOINTS = [
  'chain.save:before-commit',
  'chain.save:after-commit',
  'run.start:after-commit',
  'run.append:before-commit',
  'run.append:after-commit',
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];

/** Reached every time; does nothing unless a test armed it. */
export type Failpoint = (name: FailpointName) => Promise<void>;

export const noFailpoint: Failpoint = async () => undefined;

/** What an armed failpoint does to the process; a test gives its own. */
export interface FailpointActions {
  /** Ends the process as SIGKILL does: nothing is flushed, no handler runs. */
  readonly kill: () => void;
  readonly say: (text: string) => void;
}

const processActions: FailpointActions = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  say: (text) => void process.stderr.write(text),
};

/**
 * Reads `NAME=kill@3` (kill at the third pass) or `NAME=hold@1` (say so on stderr and wait for ever), as
 * `CHAINWRIGHT_FAILPOINT` holds it. Without text, the result does nothing; a text that names no failpoint throws, because a
 * crash test that never crashes would pass for the wrong reason.
 */
export function parseFailpoint(text: string | undefined, actions: FailpointActions = processActions): Failpoint {
  if (text === undefined || text === '') return noFailpoint;
  const match = /^(?<name>[a-z.:-]+)=(?<action>kill|hold)@(?<pass>[1-9]\d*)$/.exec(text);
  const armed = FAILPOINTS.find((name) => name === match?.groups?.name);
  if (match === null || armed === undefined) {
    throw new Error(`CHAINWRIGHT_FAILPOINT: expected NAME=kill@N or NAME=hold@N, found ${JSON.stringify(text)}`);
  }
  const { action, pass } = match.groups as { action: 'kill' | 'hold'; pass: string };
  let left = Number(pass);
  return async (name) => {
    if (name !== armed) return;
    left--;
    if (left !== 0) return;
    actions.say(`failpoint ${name} reached\n`);
    if (action === 'kill') actions.kill();
    // Either the signal comes, or the test sends one of its own.
    await new Promise<never>(() => undefined);
  };
}
