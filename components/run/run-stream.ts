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

/**
 * Follows one run over the socket until `close()`, or until its last event has come.
 *
 * A dropped connection is opened again with growing pauses and goes on after the last event received: none is lost, none
 * comes twice. Losing the connection says nothing about the run, which goes on in the server.
 */
export function followRun(runId: RunId, listener: StreamListener, deps: StreamDeps): { readonly close: () => void } {
  let socket: WebSocket | null = null;
  let lastSeq = 0;
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
    pending.push(...events);
    if (pending.length === events.length) deps.nextFrame(flush);
  };

  const catchUp = async (): Promise<void> => {
    if (isPaging) return;
    isPaging = true;
    try {
      let page = await deps.pageEvents(runId, lastSeq);
      while (!isClosed && page.length > 0) {
        take(page);
        flush();
        page = isOver ? [] : await deps.pageEvents(runId, lastSeq);
      }
      if (!isClosed && !isOver) send({ type: 'subscribe', runId, afterSeq: lastSeq });
    } catch {
      // The server is gone in the middle of a page: the socket closes too and reconnecting asks again.
      socket?.close();
    } finally {
      isPaging = false;
    }
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
