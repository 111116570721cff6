import type { StreamStatus } from '@/components/editor-store/run-slice';
import type { RunId } from '@/lib/chain/ids';
import { type ClientFrame, SERVER_FRAME } from '@/lib/protocol/ws-frames';
import type { RunEvent } from '@/lib/run/events';

/** What a stream needs of the world; a test gives its own. */
export interface StreamDeps {
  readonly openSocket: () => WebSocket;
  /** Events after a sequence number over HTTP, for a stream that was told it is behind. */
  readonly pageEvents: (runId: RunId, afterSeq: number) => Promise<readonly RunEvent[]>;
  readonly schedule: (task: () => void, ms: number) => () => void;
  /** Runs the task before the next paint; events of one frame are folded together. */
  readonly nextFrame: (task: () => void) => void;
  readonly random: () => number;
}

export interface StreamListener {
  /** Gives the seq to ask the server to resend after, or null. */
  readonly receive: (events: readonly RunEvent[]) => number | null;
  readonly status: (status: StreamStatus) => void;
}

const RECONNECT_MS_MIN = 250;
const RECONNECT_MS_MAX = 8000;
const RESUBSCRIBE_MS = 1000;

/**
 * Follows one run over the socket until `close()`, or until its last event has come.
 *
 * A dropped connection is opened again with growing pauses and goes on after the last event received: none is lost, none
 * comes twice. Losing the connection says nothing about the run, which goes on in the server.
 */
export function followRun(runId: RunId, listener: StreamListener, deps: StreamDeps): { readonly close: () => void } {
  let socket: WebSocket | null = null;
  let lastSeq = 0;
  /** The highest event taken in, folded or not: a page and the live stream may bring the same one. */
  let takenSeq = 0;
  let failures = 0;
  let isClosed = false;
  let isOver = false;
  let isPaging = false;
  let cancelReconnect = (): void => {};
  let pending: RunEvent[] = [];

  const send = (frame: ClientFrame): void => socket?.send(JSON.stringify(frame));

  const flush = (): void => {
    if (isClosed || pending.length === 0) return;
    const events = pending;
    pending = [];
    const resendAfter = listener.receive(events);
    if (resendAfter !== null) {
      lastSeq = resendAfter;
      takenSeq = resendAfter;
      send({ type: 'subscribe', runId, afterSeq: resendAfter });
      return;
    }
    lastSeq = Math.max(lastSeq, events.at(-1)?.seq ?? 0);
    if (events.some((event) => event.type === 'run.finished')) {
      isOver = true;
      listener.status('closed');
      socket?.close(1000);
    }
  };

  const take = (events: readonly RunEvent[]): void => {
    const fresh = events.filter((event) => event.seq > takenSeq);
    if (fresh.length === 0) return;
    takenSeq = fresh.at(-1)?.seq ?? takenSeq;
    pending.push(...fresh);
    if (pending.length === fresh.length) deps.nextFrame(flush);
  };

  const catchUp = async (): Promise<void> => {
    if (isPaging) return;
    isPaging = true;
    flush();
    for (;;) {
      const page = await deps.pageEvents(runId, takenSeq).catch(() => null);
      if (isClosed || isOver || page === null || page.length === 0) {
        isPaging = false;
        if (isClosed || isOver) return;
        // The server went away in the middle of paging: the socket is opened again and asks for the rest.
        if (page === null) socket?.close();
        else send({ type: 'subscribe', runId, afterSeq: lastSeq });
        return;
      }
      take(page);
      flush();
    }
  };

  /** The server let go of the subscription; unless it does not know the run, asking again is right. */
  const onRefused = (code: string): void => {
    if (code === 'run_unknown') {
      isOver = true;
      listener.status('closed');
      socket?.close(1000);
    } else cancelReconnect = deps.schedule(() => send({ type: 'subscribe', runId, afterSeq: lastSeq }), RESUBSCRIBE_MS);
  };

  const open = (): void => {
    listener.status(failures === 0 ? 'connecting' : 'lost');
    const current = deps.openSocket();
    socket = current;
    current.onopen = () => {
      failures = 0;
      listener.status('live');
      send({ type: 'subscribe', runId, afterSeq: lastSeq });
    };
    current.onmessage = (message: MessageEvent<unknown>) => {
      const frame = SERVER_FRAME.safeParse(readFrame(message.data));
      if (!frame.success || frame.data.runId !== runId) return;
      if (frame.data.type === 'events') take(frame.data.events);
      else if (frame.data.type === 'behind') void catchUp();
      else onRefused(frame.data.code);
    };
    current.onclose = () => {
      if (isClosed || isOver || socket !== current) return;
      flush();
      if (isOver) return;
      failures++;
      listener.status('lost');
      const pause = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** Math.min(failures, 10));
      cancelReconnect = deps.schedule(open, pause * (0.5 + deps.random() / 2));
    };
  };

  open();
  return {
    close: () => {
      isClosed = true;
      cancelReconnect();
      socket?.close(1000);
    },
  };
}

function readFrame(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** The browser's own socket, clock and chance. */
export const browserStreamDeps = (pageEvents: StreamDeps['pageEvents']): StreamDeps => ({
  openSocket: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`),
  pageEvents,
  schedule: (task, ms) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  // A hidden page paints no frames, but its events must still arrive.
  nextFrame: (task) => {
    if (document.visibilityState === 'visible') requestAnimationFrame(task);
    else setTimeout(task, 100);
  },
  random: Math.random,
});
