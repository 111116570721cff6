import { expect, it } from 'vitest';
import type { ActionFailure } from '@/lib/failure/action-failure';
import { err, ok, type Result } from '@/lib/result';
import { createManualClock } from '@/testing/manual-clock';
import { failureOf } from './failures';
import { createTokenProvider, type MintedToken } from './token-provider';

type Minted = Result<MintedToken, ActionFailure>;

/** A provider whose token endpoint answers by hand. */
function setUp() {
  const clock = createManualClock();
  const asked: { readonly answer: (minted: Minted) => void; readonly signal: AbortSignal }[] = [];
  const tokens = createTokenProvider({
    clock,
    mint: (signal) =>
      new Promise((resolve) => {
        asked.push({ answer: resolve, signal });
        signal.addEventListener('abort', () => resolve(err(failureOf('cancelled', 'Stopped.'))));
      }),
  });
  const live = (): AbortSignal => new AbortController().signal;
  const mint = async (token: string, lifeSec: number | null): Promise<void> => {
    const got = tokens.getToken(live());
    asked.at(-1)!.answer(ok({ token, lifeSec }));
    expect(await got).toEqual(ok(token));
  };
  return { clock, asked, tokens, live, mint };
}

it.each([
  ['300 s before its end', 3600, 3_300_000],
  ['300 s before its end, however near', 360, 60_000],
  ['at 80 % of a shorter life', 300, 240_000],
  ['at 80 % of a very short life', 10, 8_000],
  ['after 5 minutes when its life is unknown', null, 300_000],
])('renews a token %s', async (_, lifeSec, untilMs) => {
  const { clock, asked, tokens, live, mint } = setUp();
  await mint('first', lifeSec);
  await clock.advance(untilMs - 1);
  expect(await tokens.getToken(live())).toEqual(ok('first'));
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  await mint('second', lifeSec);
  expect(asked).toHaveLength(2);
});

it('counts a life from the question, not from a late answer', async () => {
  const { clock, asked, tokens, live } = setUp();
  const got = tokens.getToken(live());
  await clock.advance(20_000);
  asked[0]!.answer(ok({ token: 'first', lifeSec: 100 }));
  await got;
  await clock.advance(60_000);
  void tokens.getToken(live());
  expect(asked).toHaveLength(2);
});

it('lets a caller go at once and keeps the shared request for the others', async () => {
  const { asked, tokens, live } = setUp();
  const impatient = new AbortController();
  const left = tokens.getToken(impatient.signal);
  const stayed = tokens.getToken(live());
  impatient.abort();
  expect(await left).toMatchObject({ ok: false, error: { kind: 'cancelled', mayHaveHappened: false } });
  expect(asked).toHaveLength(1);
  expect(asked[0]!.signal.aborted).toBe(false);
  asked[0]!.answer(ok({ token: 'shared', lifeSec: 3600 }));
  expect(await stayed).toEqual(ok('shared'));
});

it('gives one failure to all who wait, and asks anew for the next', async () => {
  const { asked, tokens, live, mint } = setUp();
  const waiting = [tokens.getToken(live()), tokens.getToken(live())];
  asked[0]!.answer(err({ ...failureOf('server_error', 'Down.'), mayHaveHappened: true }));
  for (const got of waiting) {
    expect(await got).toMatchObject({ ok: false, error: { kind: 'server_error', mayHaveHappened: false } });
  }
  await mint('later', 3600);
});

it('keeps a token that was renewed while an older one was refused', async () => {
  const { asked, tokens, live, mint } = setUp();
  await mint('old', 3600);
  tokens.discard('old');
  await mint('new', 3600);
  tokens.discard('old');
  expect(await tokens.getToken(live())).toEqual(ok('new'));
  expect(asked).toHaveLength(2);
});

it('serves the older token on while its early renewal fails, until its end', async () => {
  const { clock, asked, tokens, live, mint } = setUp();
  await mint('old', 3600);
  await clock.advance(3_300_000);
  const renewing = tokens.getToken(live());
  asked.at(-1)!.answer(err(failureOf('network', 'Down.')));
  expect(await renewing).toEqual(ok('old'));
  await clock.advance(29_999);
  expect(await tokens.getToken(live())).toEqual(ok('old'));
  expect(asked).toHaveLength(2);

  await clock.advance(270_001);
  const late = tokens.getToken(live());
  asked.at(-1)!.answer(err(failureOf('network', 'Down.')));
  expect(await late).toMatchObject({ ok: false, error: { kind: 'network' } });
});

it('gives up an endpoint that does not answer within 30 s', async () => {
  const { clock, tokens, live } = setUp();
  const got = tokens.getToken(live());
  await clock.advance(30_000);
  expect(await got).toMatchObject({ ok: false, error: { kind: 'timeout', mayHaveHappened: false } });
});

it('ends the request under way when it is closed', async () => {
  const { asked, tokens, live } = setUp();
  const got = tokens.getToken(live());
  tokens.close();
  expect(asked[0]!.signal.aborted).toBe(true);
  expect(await got).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
});
