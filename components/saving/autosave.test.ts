import { describe, expect, it } from 'vitest';
import type { ApiFailure } from '@/components/server-data/api-client';
import type { Workbench } from '@/lib/chain/workbench';
import { workbenchOf } from '@/lib/chain/workbench';
import { err, ok, type Result } from '@/lib/result';
import { chainOf } from '@/testing/chain-builder';
import { type AutosaveDeps, createAutosave, type SaveState } from './autosave';
import type { LocalDraft } from './local-draft';

/** A world whose clock moves only when told, with a server and a device that record what they get. */
function createWorld() {
  let nowMs = 0;
  const timers: { atMs: number; task: () => void }[] = [];
  const drafts: LocalDraft[] = [];
  const dropped: string[] = [];
  const sent: { revision: number; documentText: string }[] = [];
  const states: SaveState[] = [];
  let revision = 1;
  let answer: () => Promise<Result<{ revision: number }, ApiFailure>> = async () => ok({ revision: ++revision });
  const deps: AutosaveDeps = {
    chainId: 'c1',
    print: (workbench) => ({ documentText: workbench.chain.name ?? '', workbenchText: '' }),
    save: (body) => {
      sent.push(body);
      return answer();
    },
    load: async () => err({ type: 'unreachable', message: 'not asked for in this test' }),
    writeDraft: async (draft) => void drafts.push(draft),
    dropDraft: async (id) => void dropped.push(id),
    schedule: (task, ms) => {
      const timer = { atMs: nowMs + ms, task };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
    nowMs: () => nowMs,
    tell: (state) => void states.push(state),
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    deps,
    drafts,
    dropped,
    sent,
    states,
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    /** Moves the clock, running what falls due in order. */
    pass: async (ms: number): Promise<void> => {
      const until = nowMs + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.atMs;
        next.task();
        await settle();
      }
      nowMs = until;
      await settle();
    },
  };
}

const named = (name: string): Workbench => {
  const workbench = workbenchOf(chainOf('A'));
  return { ...workbench, chain: { ...workbench.chain, name } };
};

describe('autosave', () => {
  it('writes a draft 300 ms after the first unwritten edit, however fast the next ones follow', async () => {
    const world = createWorld();
    const autosave = createAutosave(1, world.deps);
    for (let i = 0; i < 7; i++) {
      autosave.noteEdit(named(`edit ${i}`));
      await world.pass(50);
    }
    expect(world.drafts.map((draft) => draft.documentText)).toEqual(['edit 5']);
  });

  it('sends 500 ms after the last edit', async () => {
    const world = createWorld();
    const autosave = createAutosave(1, world.deps);
    autosave.noteEdit(named('a'));
    await world.pass(400);
    autosave.noteEdit(named('b'));
    await world.pass(499);
    expect(world.sent).toEqual([]);
    await world.pass(1);
    expect(world.sent.map((body) => body.documentText)).toEqual(['b']);
    expect(world.states.at(-1)).toEqual({ status: 'saved' });
  });

  it('sends at the latest 3 s after the first unsent edit while edits go on', async () => {
    const world = createWorld();
    const autosave = createAutosave(1, world.deps);
    for (let i = 0; i <= 10; i++) {
      autosave.noteEdit(named(`edit ${i}`));
      await world.pass(300);
    }
    expect(world.sent[0]?.documentText).toBe('edit 9');
  });

  it('has one request under way at a time and names the revision that the last answer gave', async () => {
    const world = createWorld();
    const answers: ((result: Result<{ revision: number }, ApiFailure>) => void)[] = [];
    world.answerWith(() => new Promise((resolve) => answers.push(resolve)));
    const autosave = createAutosave(7, world.deps);
    autosave.noteEdit(named('a'));
    await world.pass(500);
    autosave.noteEdit(named('b'));
    await world.pass(2000);
    expect(world.sent.map((body) => body.revision)).toEqual([7]);
    answers[0]?.(ok({ revision: 8 }));
    await world.pass(500);
    expect(world.sent.map((body) => [body.revision, body.documentText])).toEqual([
      [7, 'a'],
      [8, 'b'],
    ]);
  });

  it('keeps the draft and tries again by itself while the server cannot be reached', async () => {
    const world = createWorld();
    world.answerWith(async () => err({ type: 'unreachable', message: 'gone' }));
    const autosave = createAutosave(1, world.deps);
    autosave.noteEdit(named('a'));
    await world.pass(600);
    expect(world.states.at(-1)).toEqual({ status: 'device-only', message: 'gone' });
    expect(world.drafts).toHaveLength(1);
    expect(world.dropped).toEqual([]);
    world.answerWith(async () => ok({ revision: 2 }));
    await world.pass(4000);
    expect(world.states.at(-1)).toEqual({ status: 'saved' });
    expect(world.dropped).toEqual(['c1']);
  });

  it('sends nothing more after a conflict until it is settled, and keeps the draft', async () => {
    const world = createWorld();
    world.answerWith(async () => err({ type: 'refused', status: 409, message: 'newer', problem: null }));
    const autosave = createAutosave(1, world.deps);
    autosave.noteEdit(named('a'));
    await world.pass(500);
    autosave.noteEdit(named('b'));
    await world.pass(60_000);
    expect(world.sent).toHaveLength(1);
    expect(world.states.at(-1)).toEqual({ status: 'conflict' });
    expect(world.drafts.at(-1)?.documentText).toBe('b');
    world.answerWith(async () => ok({ revision: 6 }));
    autosave.rebase(5, null);
    await world.pass(500);
    expect(world.sent.at(-1)).toMatchObject({ revision: 5, documentText: 'b' });
  });

  it('takes a save as done whose answer was lost, instead of a conflict with itself', async () => {
    const world = createWorld();
    const head = { revision: 2, documentText: 'a', workbenchText: '' };
    world.answerWith(async () => err({ type: 'refused', status: 409, message: 'newer', problem: null }));
    const autosave = createAutosave(1, { ...world.deps, load: async () => ok(head) });
    autosave.noteEdit(named('a'));
    await world.pass(500);
    expect(world.states.at(-1)).toEqual({ status: 'saved' });
    world.answerWith(async () => ok({ revision: 3 }));
    autosave.noteEdit(named('b'));
    await world.pass(500);
    expect(world.sent.at(-1)).toMatchObject({ revision: 2, documentText: 'b' });
  });

  it('does not send the server its own copy back when a conflict is settled for it', async () => {
    const world = createWorld();
    world.answerWith(async () => err({ type: 'refused', status: 409, message: 'newer', problem: null }));
    const autosave = createAutosave(1, world.deps);
    autosave.noteEdit(named('mine'));
    await world.pass(500);
    const theirs = named('theirs');
    autosave.noteEdit(theirs);
    autosave.rebase(5, theirs);
    await world.pass(60_000);
    expect(world.sent.map((body) => body.documentText)).toEqual(['mine']);
    expect(world.states.at(-1)).toEqual({ status: 'saved' });
    expect(world.dropped).toEqual(['c1']);
  });

  it('sends at once when this device cannot keep a draft', async () => {
    const world = createWorld();
    const autosave = createAutosave(1, { ...world.deps, writeDraft: () => Promise.reject(new Error('full')) });
    autosave.noteEdit(named('a'));
    await world.pass(300);
    expect(world.sent.map((body) => body.documentText)).toEqual(['a']);
  });

  it('flush resolves when the newest edit has been answered, even with an older request under way', async () => {
    const world = createWorld();
    const autosave = createAutosave(1, world.deps);
    autosave.noteEdit(named('a'));
    const first = autosave.flush();
    autosave.noteEdit(named('b'));
    await Promise.all([first, autosave.flush()]);
    expect(autosave.hasUnsaved()).toBe(false);
    expect(world.sent.at(-1)?.documentText).toBe('b');
  });
});
