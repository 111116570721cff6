import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { RUN_EVENTS, type RunDetail } from '@/lib/protocol/api';
import type { RunEvent } from '@/lib/run/events';
import { eventsOf, exampleRun, isOver, openViewer, sendJson } from '@/testing/running-server';
import { temporaryFolder } from '@/testing/temporary-store';

interface ServerProcess {
  readonly url: string;
  readonly kill: () => Promise<void>;
  /** Resolves with the signal that ended the process. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** The real server as a process of its own, so that SIGKILL is SIGKILL. */
async function spawnServer(folder: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/main.ts', '--port', '0', '--data-dir', folder],
    { env: { ...process.env, CHAINWRIGHT_PAGES: 'off', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        said.push(String(data));
        const found = /ready at (http:\S+)/.exec(said.join(''))?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    ended.then(() => reject(new Error(`The server ended before it was ready: ${said.join('')}`)), reject);
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { url, kill, ended };
}

const firstChainId = async (url: string): Promise<string> =>
  (await sendJson(`${url}/api/chains`, 'GET')).body.chains[0].chainId as string;

async function eventsOfRun(url: string, runId: string): Promise<readonly RunEvent[]> {
  return RUN_EVENTS.parse((await sendJson(`${url}/api/runs/${runId}/events?limit=2000`, 'GET')).body).events;
}

const gapless = (events: readonly RunEvent[]) => events.map((_, i) => i + 1);
const seqs = (events: readonly RunEvent[]) => events.map(({ seq }) => seq);
const namesOf = (events: readonly RunEvent[], type: RunEvent['type']) =>
  events.flatMap((event) => (event.type === type && 'actionId' in event ? [event.actionId as string] : []));

/** Starts a run and gives its id; a server that dies meanwhile answers nothing, and the list names the run instead. */
async function startRun(url: string): Promise<string | null> {
  return sendJson(`${url}/api/runs`, 'POST', exampleRun()).then(
    ({ body }) => body.runId as string,
    () => null,
  );
}

describe('a server killed with SIGKILL', () => {
  it.each([
    ['before', 'the save it had acknowledged', 'Second'],
    ['after', 'the save that it did not live to acknowledge', 'Third'],
  ])('%s the commit of a save gives back %s, byte for byte', { timeout: 60_000 }, async (when, _what, name) => {
    const folder = temporaryFolder();
    const failpoint = { CHAINWRIGHT_FAILPOINT: `chain.save:${when}-commit=kill@2` };
    const first = await spawnServer(folder, failpoint);
    const chainId = await firstChainId(first.url);
    const { body: loaded } = await sendJson(`${first.url}/api/chains/${chainId}`, 'GET');
    const save = (revision: number, title: string) =>
      sendJson(`${first.url}/api/chains/${chainId}`, 'PUT', {
        revision,
        documentText: printChain({ ...exampleWorkbench().chain, name: title }),
        workbenchText: loaded.workbenchText,
      });
    expect((await save(1, 'Second')).status).toBe(200);
    await expect(save(2, 'Third')).rejects.toThrow();
    expect(await first.ended).toBe('SIGKILL');

    const second = await spawnServer(folder);
    const { body: kept } = await sendJson(`${second.url}/api/chains/${chainId}`, 'GET');
    expect(kept.documentText).toBe(printChain({ ...exampleWorkbench().chain, name }));
    expect(kept.workbenchText).toBe(loaded.workbenchText);
    expect(kept.revision).toBe(name === 'Second' ? 2 : 3);
  });

  it.each([
    ['before', 1],
    ['before', 3],
    ['after', 2],
    ['after', 4],
  ])(
    '%s the commit of append %i of a run goes on with it: no gap, and nothing finished is called again',
    {
      timeout: 60_000,
    },
    async (when, pass) => {
      const folder = temporaryFolder();
      const env = { CHAINWRIGHT_FAILPOINT: `run.append:${when}-commit=kill@${pass}` };
      const first = await spawnServer(folder, env);
      await startRun(first.url);
      expect(await first.ended).toBe('SIGKILL');

      const second = await spawnServer(folder);
      const { runs } = (await sendJson(`${second.url}/api/runs`, 'GET')).body;
      expect(runs).toHaveLength(1);
      const runId = runs[0].runId as string;
      const viewer = await openViewer(second.url);
      viewer.send({ type: 'subscribe', runId, afterSeq: 0 });
      await viewer.until(isOver);
      const events = await eventsOfRun(second.url, runId);
      expect(seqs(events)).toEqual(gapless(events));
      expect(events.at(-1)?.type).toBe('run.finished');
      expect(['completed', 'interrupted']).toContain(
        ((await sendJson(`${second.url}/api/runs/${runId}`, 'GET')).body as RunDetail).status,
      );
      const completed = namesOf(events, 'action.completed');
      expect(new Set(completed).size).toBe(completed.length);
      for (const [i, event] of events.entries()) {
        if (event.type !== 'action.started') continue;
        expect(namesOf(events.slice(0, i), 'action.completed')).not.toContain(event.actionId);
      }
      // Reads may be called a second time; the write never.
      expect(namesOf(events, 'action.started').filter((id) => id === 'update_crm').length).toBeLessThanOrEqual(1);
    },
  );

  it('with a call in flight ends the run as interrupted and names the call in doubt', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const first = await spawnServer(folder);
    const fault = { fault: { type: 'slow', delayMs: 60_000 } };
    await sendJson(`${first.url}/api/simulator/faults/your-definition-id-3`, 'PUT', fault);
    const runId = await startRun(first.url);
    const viewer = await openViewer(first.url);
    viewer.send({ type: 'subscribe', runId: runId ?? '', afterSeq: 0 });
    await viewer.until((frames) =>
      eventsOf(frames).some((event) => event.type === 'action.started' && event.actionId === 'update_crm'),
    );
    const before = await eventsOfRun(first.url, runId ?? '');
    await first.kill();

    const second = await spawnServer(folder);
    const again = await openViewer(second.url);
    again.send({ type: 'subscribe', runId: runId ?? '', afterSeq: 0 });
    await again.until(isOver);
    const events = await eventsOfRun(second.url, runId ?? '');
    // What had been announced is all there, unchanged.
    expect(events.slice(0, before.length)).toEqual(before);
    expect(seqs(events)).toEqual(gapless(events));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'action.failed', actionId: 'update_crm', retriesEnded: 'in-doubt' }),
    );
    const { body: result } = await sendJson(`${second.url}/api/runs/${runId}/result`, 'GET');
    expect(result.status).toBe('interrupted');
    expect(Object.keys(result.results)).toEqual(['fetch_customer', 'enrich_data']);
  });

  it('leaves the run standing as interrupted when the setting says ask, until it is resumed', {
    timeout: 60_000,
  }, async () => {
    const folder = temporaryFolder();
    const first = await spawnServer(folder, { CHAINWRIGHT_FAILPOINT: 'run.start:after-commit=kill@1' });
    expect(await startRun(first.url)).toBeNull();
    expect(await first.ended).toBe('SIGKILL');

    const second = await spawnServer(folder, { CHAINWRIGHT_UNFINISHED_RUNS: 'ask' });
    const [run] = (await sendJson(`${second.url}/api/runs`, 'GET')).body.runs;
    expect(run).toMatchObject({ status: 'interrupted', isAbandoned: true, lastSeq: 0 });
    expect((await sendJson(`${second.url}/api/runs/${run.runId}/resume`, 'POST')).status).toBe(202);
    const viewer = await openViewer(second.url);
    viewer.send({ type: 'subscribe', runId: run.runId, afterSeq: 0 });
    await viewer.until(isOver);
    expect((await sendJson(`${second.url}/api/runs/${run.runId}`, 'GET')).body).toMatchObject({
      status: 'completed',
      isAbandoned: false,
    });
  });
});
