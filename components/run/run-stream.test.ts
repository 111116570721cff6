import { describe, expect, it } from 'vitest';
import type { RunId } from '@/lib/chain/ids';
import type { RunEvent } from '@/lib/run/events';
import { followRun, type StreamDeps } from './run-stream';

const RUN = '3f2b1c0e-8f5d-4f7e-9a51-2b9d0c1e7a10' as RunId;
const event = (seq: number, isLast = false): RunEvent =>
  isLast
    ? { type: 'run.finished', status: 'completed', runId: RUN, seq, atMs: seq }
    : { type: 'run.cancel-requested', runId: RUN, seq, atMs: seq };

/** The far side of a socket, driven by the test. */
class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: unknown[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
    this.onclose?.();
  }
  tell(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function follow(pages: Readonly<Record<number, readonly RunEvent[]>> = {}) {
  const sockets: FakeSocket[] = [];
  const received: number[] = [];
  const statuses: string[] = [];
  const scheduled: { task: () => void; ms: number }[] = [];
  const deps: StreamDeps = {
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    pageEvents: async (_runId, afterSeq) => pages[afterSeq] ?? [],
    schedule: (task, ms) => {
      scheduled.push({ task, ms });
      return () => undefined;
    },
    nextFrame: (task) => task(),
    random: () => 1,
  };
  const stream = followRun(
    RUN,
    {
      receive: (events) => {
        const last = received.at(-1) ?? 0;
        const fresh = events.filter((item) => item.seq > last);
        if (fresh[0] !== undefined && fresh[0].seq > last + 1) return last;
        received.push(...fresh.map((item) => item.seq));
        return null;
      },
      status: (status) => statuses.push(status),
    },
    deps,
  );
  return { stream, sockets, received, statuses, scheduled };
}

const events = (...seqs: number[]) => ({ type: 'events', runId: RUN, events: seqs.map((seq) => event(seq)) });

describe('followRun', () => {
  it('subscribes from the beginning and hands on what comes', () => {
    const { sockets, received, statuses } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.tell(events(1, 2));
    expect(sockets[0]?.sent).toEqual([{ type: 'subscribe', runId: RUN, afterSeq: 0 }]);
    expect(received).toEqual([1, 2]);
    expect(statuses).toEqual(['connecting', 'live']);
  });

  it('goes on after the last event when the connection drops', () => {
    const { sockets, scheduled, statuses } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.tell(events(1, 2, 3));
    sockets[0]?.onclose?.();
    expect(statuses.at(-1)).toBe('lost');
    scheduled[0]?.task();
    sockets[1]?.onopen?.();
    expect(sockets[1]?.sent).toEqual([{ type: 'subscribe', runId: RUN, afterSeq: 3 }]);
  });

  it('waits longer after each failed try, up to 8 s', () => {
    const { sockets, scheduled } = follow();
    for (let i = 0; i < 8; i++) {
      sockets.at(-1)?.onclose?.();
      scheduled.at(-1)?.task();
    }
    expect(scheduled.map(({ ms }) => ms)).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
  });

  it('asks again for what a gap left out', () => {
    const { sockets, received } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.tell(events(1));
    sockets[0]?.tell(events(4));
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'subscribe', runId: RUN, afterSeq: 1 });
    sockets[0]?.tell(events(2, 3, 4));
    expect(received).toEqual([1, 2, 3, 4]);
  });

  it('pages what it missed when the server says it is behind, then subscribes again', async () => {
    const { sockets, received } = follow({ 0: [event(1), event(2)], 2: [event(3)] });
    sockets[0]?.onopen?.();
    sockets[0]?.tell({ type: 'behind', runId: RUN, latestSeq: 3 });
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(received).toEqual([1, 2, 3]);
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'subscribe', runId: RUN, afterSeq: 3 });
  });

  it('takes an event once that a page and the live stream both bring', async () => {
    const { sockets, received } = follow({ 2: [event(2), event(3), event(4)] });
    sockets[0]?.onopen?.();
    sockets[0]?.tell(events(1, 2));
    sockets[0]?.tell({ type: 'behind', runId: RUN, latestSeq: 4 });
    sockets[0]?.tell(events(3));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(received).toEqual([1, 2, 3, 4]);
  });

  it('subscribes again when the server let go of the subscription', () => {
    const { sockets, scheduled } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.tell(events(1));
    sockets[0]?.tell({ type: 'error', runId: RUN, code: 'internal', message: 'subscribe again' });
    scheduled.at(-1)?.task();
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: 'subscribe', runId: RUN, afterSeq: 1 });
  });

  it('gives up a run that the server does not know', () => {
    const { sockets, statuses, scheduled } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.tell({ type: 'error', runId: RUN, code: 'run_unknown', message: 'no such run' });
    expect([statuses.at(-1), scheduled.length]).toEqual(['closed', 0]);
  });

  it('closes with the last event and does not come back', () => {
    const { sockets, statuses, scheduled } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.tell({ type: 'events', runId: RUN, events: [event(1), event(2, true)] });
    expect(sockets[0]?.isClosed).toBe(true);
    expect(statuses.at(-1)).toBe('closed');
    expect(scheduled).toEqual([]);
  });

  it.each([
    ['not JSON', '{'],
    ['an unknown frame', '{"type":"news"}'],
    ['a frame of another run', JSON.stringify({ ...events(1), runId: crypto.randomUUID() })],
  ])('passes over %s', (_name, data) => {
    const { sockets, received } = follow();
    sockets[0]?.onopen?.();
    sockets[0]?.onmessage?.({ data });
    sockets[0]?.tell(events(1));
    expect(received).toEqual([1]);
  });
});
