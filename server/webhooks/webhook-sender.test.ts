import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOutgoing, hostAndPortOf } from '@/server/cxone/outgoing';
import { Secret } from '@/server/secret';
import { createManualClock, type ManualClock } from '@/testing/manual-clock';
import { type ScriptedCxone, startScriptedCxone } from '@/testing/scripted-cxone';
import { createWebhookSender, type WebhookSender } from './webhook-sender';

let sink: ScriptedCxone;
let clock: ManualClock;
let closeDispatcher: () => Promise<void>;

beforeEach(async () => {
  sink = await startScriptedCxone();
  clock = createManualClock(Date.UTC(2025, 0, 1));
});
afterEach(async () => {
  await closeDispatcher();
  await sink.close();
});

function open(secret: Secret | null = null, allowedHosts = [hostAndPortOf(sink.baseUrl)]): WebhookSender {
  const dispatcher = createOutgoing({ allowedHosts });
  closeDispatcher = () => dispatcher.destroy();
  return createWebhookSender({ url: `${sink.baseUrl}/status`, secret, dispatcher, clock });
}

const call = (id: string) => ({ id, body: `{"id":"${id}"}`, label: `${id} started` });
const bodies = (): readonly string[] => sink.received.map(({ body }) => body);

it('delivers in order, one after the other', async () => {
  let answerFirst = (): void => undefined;
  const after = new Promise<void>((resolve) => {
    answerFirst = resolve;
  });
  sink.on('POST /status', { after }, {}, {});
  const sender = open();
  for (const id of ['a', 'b', 'c']) sender.push(call(id));
  await sink.untilReceived(1);
  expect(bodies()).toEqual(['{"id":"a"}']);
  answerFirst();
  expect(await sender.finish(10_000)).toEqual([]);
  expect(bodies()).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"c"}']);
});

it('tries a refused call again before the next one leaves', async () => {
  sink.on('POST /status', { status: 500 }, { isReset: true }, {}, {});
  const sender = open();
  sender.push(call('a'));
  sender.push(call('b'));
  for (const wait of [1000, 5000]) {
    await clock.untilSleeping(wait);
    await clock.advance(wait);
  }
  expect(await sender.finish(10_000)).toEqual([]);
  expect(bodies()).toEqual(['{"id":"a"}', '{"id":"a"}', '{"id":"a"}', '{"id":"b"}']);
});

it('gives a call up after six tries, names it, and goes on', async () => {
  sink.on('POST /status', ...Array.from({ length: 6 }, () => ({ status: 503 })), {});
  const sender = open();
  sender.push(call('a'));
  sender.push(call('b'));
  for (const wait of [1000, 5000, 20_000, 60_000, 300_000]) {
    await clock.untilSleeping(wait);
    await clock.advance(wait);
  }
  expect(await sender.finish(10_000)).toEqual([{ call: call('a'), reason: 'it answered 503' }]);
});

it('names what is left when the time at the end is over', async () => {
  sink.on('POST /status', { status: 503 });
  const sender = open();
  sender.push(call('a'));
  sender.push(call('b'));
  await clock.untilSleeping(1000);
  const finished = sender.finish(700);
  await clock.advance(700);
  expect(await finished).toEqual([
    { call: call('a'), reason: 'it answered 503' },
    { call: call('b'), reason: null },
  ]);
});

it('does not wait for a receiver that stays silent for 10 s', async () => {
  let answer = (): void => undefined;
  const after = new Promise<void>((resolve) => {
    answer = resolve;
  });
  sink.on('POST /status', { after }, {});
  const sender = open();
  sender.push(call('a'));
  await sink.untilReceived(1);
  await clock.advance(10_000);
  await clock.untilSleeping(1000);
  await clock.advance(1000);
  expect(await sender.finish(10_000)).toEqual([]);
  answer();
});

it('gives up at once where the address is refused', async () => {
  const sender = open(null, []);
  sender.push(call('a'));
  // Time stands still: a second try, or a wait at the end, would never come to an end.
  expect(await sender.finish(10_000)).toMatchObject([
    { call: { id: 'a' }, reason: expect.stringContaining('private') },
  ]);
});

it('does not follow a redirect', async () => {
  sink.on('POST /status', { status: 302, headers: { location: '/elsewhere' } });
  const sender = open();
  sender.push(call('a'));
  await clock.untilSleeping(1000);
  const finished = sender.finish(1);
  await clock.advance(1);
  expect(await finished).toMatchObject([{ reason: 'it answered 302' }]);
});

it('signs per Standard Webhooks when there is a secret', async () => {
  const key = Buffer.from('a key of thirty-two bytes, 32 of.');
  sink.on('POST /status', {});
  const sender = open(new Secret(`whsec_${key.toString('base64')}`));
  sender.push(call('msg-1'));
  await sender.finish(10_000);
  const { headers } = sink.received[0]!;
  const timestamp = String(Date.UTC(2025, 0, 1) / 1000);
  const expected = createHmac('sha256', key).update(`msg-1.${timestamp}.{"id":"msg-1"}`).digest('base64');
  expect(headers).toMatchObject({
    'webhook-id': 'msg-1',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${expected}`,
  });
});
