import { WebSocket } from 'ws';
import type { RunId } from '@/lib/chain/ids';
import { CLIENT_FRAME, type ServerFrame } from '@/lib/protocol/ws-frames';
import { assertNever, type Result } from '@/lib/result';
import type { Log } from '../observe/log';
import type { RunQueries } from '../store/run-queries';
import type { StoredEvent } from '../store/sql-run-log';
import { type EventBatch, eventsFrame, type RunHub } from './run-hub';

export interface WsSessionDeps {
  readonly runs: Pick<RunQueries, 'pageEvents' | 'findLatestSeq'>;
  readonly hub: RunHub;
  readonly cancelRun: (runId: RunId) => Promise<Result<void, { readonly code: string; readonly message: string }>>;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** Longer histories are paged over HTTP, as an old run is opened. */
export const HISTORY_EVENTS_MAX = 1024;
/** A viewer with more than this unread is told `behind` instead of being sent more. */
const BUFFERED_BYTES_MAX = 1024 * 1024;
export const SUBSCRIPTIONS_MAX = 20;
const HISTORY_PAGE = { events: 64, bytes: 256 * 1024 };
const BAD_FRAMES_MAX = 3;
const FRAMES_MAX = 200;
const FRAMES_WINDOW_MS = 10_000;

interface Subscription {
  readonly runId: RunId;
  /** The viewer has, or will have read, everything up to here. */
  sentSeq: number;
  /** The latest that the hub spoke of while history was still being sent. */
  announcedSeq: number;
  isLive: boolean;
  isOver: boolean;
  unfollow: () => void;
}

/**
 * Serves one viewer's socket until it closes.
 *
 * A subscription sends what the store holds after `afterSeq`, then what happens, without a gap and nothing twice. It ends,
 * with `behind`, when the history is long or the viewer does not read: the viewer then pages over HTTP and subscribes
 * again. Subscribing anew to a run replaces the subscription to it.
 */
export function serveSocket(socket: WebSocket, deps: WsSessionDeps): void {
  const { runs, hub, cancelRun, monotonicMs, log } = deps;
  const subscriptionByRun = new Map<RunId, Subscription>();
  let badFrames = 0;
  let frames = 0;
  let windowStartMs = monotonicMs();

  const send = (frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  const sendError = (runId: RunId | null, code: string, message: string): void =>
    send({ type: 'error', runId, code, message });

  const end = (subscription: Subscription): void => {
    subscription.isOver = true;
    subscription.unfollow();
    if (subscriptionByRun.get(subscription.runId) === subscription) subscriptionByRun.delete(subscription.runId);
  };

  const tellBehind = (subscription: Subscription, latestSeq: number): void => {
    end(subscription);
    send({ type: 'behind', runId: subscription.runId, latestSeq });
  };

  const receiveBatch = (subscription: Subscription, { runId, events, frame }: EventBatch): void => {
    const lastSeq = lastOf(events).seq;
    if (!subscription.isLive) {
      subscription.announcedSeq = lastSeq;
      return;
    }
    const unsent = events.filter((event) => event.seq > subscription.sentSeq);
    if (unsent.length === 0) return;
    if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
      tellBehind(subscription, lastSeq);
      return;
    }
    subscription.sentSeq = lastSeq;
    socket.send(unsent.length === events.length ? frame : eventsFrame(runId, unsent));
  };

  /** Page by page as the socket takes them, so that history never heaps up in memory. */
  const sendHistory = async (subscription: Subscription): Promise<void> => {
    const { runId } = subscription;
    const latestSeq = await runs.findLatestSeq(runId);
    if (subscription.isOver) return;
    if (latestSeq === undefined) {
      end(subscription);
      sendError(runId, 'run_unknown', 'There is no such run.');
      return;
    }
    if (latestSeq - subscription.sentSeq > HISTORY_EVENTS_MAX) {
      tellBehind(subscription, latestSeq);
      return;
    }
    for (;;) {
      const page = await runs.pageEvents(runId, subscription.sentSeq, HISTORY_PAGE);
      if (subscription.isOver) return;
      const events = page?.events ?? [];
      if (events.length > 0) {
        subscription.sentSeq = lastOf(events).seq;
        await sendFlushed(socket, eventsFrame(runId, events));
        if (subscription.isOver) return;
      }
      // Nothing awaits between this look and the switch, so no announcement slips between them.
      if (subscription.sentSeq >= Math.max(page?.latestSeq ?? 0, subscription.announcedSeq)) {
        subscription.isLive = true;
        return;
      }
    }
  };

  const subscribe = (runId: RunId, afterSeq: number): void => {
    const earlier = subscriptionByRun.get(runId);
    if (earlier !== undefined) end(earlier);
    if (subscriptionByRun.size >= SUBSCRIPTIONS_MAX) {
      sendError(runId, 'subscriptions_max', `A socket follows at most ${SUBSCRIPTIONS_MAX} runs; open another.`);
      return;
    }
    const subscription: Subscription = {
      runId,
      sentSeq: afterSeq,
      announcedSeq: 0,
      isLive: false,
      isOver: false,
      unfollow: () => undefined,
    };
    subscriptionByRun.set(runId, subscription);
    // Before the first look at the store: an event is then in the store, or still to be announced, or both.
    subscription.unfollow = hub.follow(runId, (batch) => receiveBatch(subscription, batch));
    sendHistory(subscription).catch((error: unknown) => {
      if (subscription.isOver) return;
      end(subscription);
      log.error({ runId, error }, 'history could not be sent');
      sendError(runId, 'internal', 'The events could not be read; subscribe again.');
    });
  };

  const cancel = async (runId: RunId): Promise<void> => {
    const done = await cancelRun(runId);
    if (!done.ok) sendError(runId, done.error.code, done.error.message);
  };

  const refuseFrame = (): void => {
    badFrames++;
    sendError(null, 'bad_frame', 'The frame is none of subscribe, unsubscribe, cancel.');
    if (badFrames >= BAD_FRAMES_MAX) socket.close(1008, 'bad frames');
  };

  socket.on('message', (data, isBinary) => {
    // A closing socket still delivers what was on its way.
    if (socket.readyState !== WebSocket.OPEN) return;
    const nowMs = monotonicMs();
    if (nowMs - windowStartMs > FRAMES_WINDOW_MS) {
      windowStartMs = nowMs;
      frames = 0;
    }
    frames++;
    if (frames > FRAMES_MAX) {
      socket.close(1008, 'too many frames');
      return;
    }
    const frame = CLIENT_FRAME.safeParse(isBinary ? undefined : readJson(String(data)));
    if (!frame.success) {
      refuseFrame();
      return;
    }
    const runId = frame.data.runId as RunId;
    switch (frame.data.type) {
      case 'subscribe':
        return subscribe(runId, frame.data.afterSeq);
      case 'unsubscribe': {
        const subscription = subscriptionByRun.get(runId);
        if (subscription !== undefined) end(subscription);
        return;
      }
      case 'cancel':
        cancel(runId).catch((error: unknown) => {
          log.error({ runId, error }, 'cancel failed');
          sendError(runId, 'internal', 'The run could not be cancelled.');
        });
        return;
      default:
        assertNever(frame.data);
    }
  });

  socket.on('close', () => {
    for (const subscription of [...subscriptionByRun.values()]) end(subscription);
  });
}

/** Resolves when the frame has left this process, or can no longer leave it. */
const sendFlushed = (socket: WebSocket, frame: string): Promise<void> =>
  new Promise((resolve) => socket.send(frame, () => resolve()));

function lastOf(events: readonly StoredEvent[]): StoredEvent {
  const last = events.at(-1);
  if (last === undefined) throw new Error('A batch without events');
  return last;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
