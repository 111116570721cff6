import type { RunId } from '@/lib/chain/ids';
import type { StoredEvent } from '../store/sql-run-log';

/** Events of one run in a row, with the frame that tells them: one text for all viewers. */
export interface EventBatch {
  readonly runId: RunId;
  /** Never empty, in order, without gaps. */
  readonly events: readonly StoredEvent[];
  readonly frame: string;
}

export interface RunHub {
  /** Passes committed events on to the run's followers, in batches; without a follower it costs nothing. */
  readonly announce: (runId: RunId, events: readonly StoredEvent[]) => void;
  /** Batches may begin with events that the follower has already read from the store. Gives the way to stop. */
  readonly follow: (runId: RunId, receive: (batch: EventBatch) => void) => () => void;
}

/** A batch leaves when it has this many events, or this long after its first. */
const BATCH_EVENTS_MAX = 64;
const BATCH_MS_MAX = 16;

/** A frame of the `events` type, made of the stored texts as they are. */
export const eventsFrame = (runId: RunId, events: readonly StoredEvent[]): string =>
  `{"type":"events","runId":${JSON.stringify(runId)},"events":[${events.map((event) => event.text).join(',')}]}`;

/**
 * Fans events out from the runs of this process to those who watch.
 *
 * @param schedule runs a task after some milliseconds and gives the way to call it off.
 */
export function createRunHub(schedule: (task: () => void, ms: number) => () => void): RunHub {
  interface Channel {
    readonly followers: Set<(batch: EventBatch) => void>;
    pending: StoredEvent[];
    callOff: (() => void) | null;
  }
  const channelByRun = new Map<RunId, Channel>();

  const flush = (runId: RunId, channel: Channel): void => {
    channel.callOff?.();
    channel.callOff = null;
    const events = channel.pending;
    channel.pending = [];
    for (let i = 0; i < events.length; i += BATCH_EVENTS_MAX) {
      const part = events.slice(i, i + BATCH_EVENTS_MAX);
      const batch: EventBatch = { runId, events: part, frame: eventsFrame(runId, part) };
      for (const receive of [...channel.followers]) receive(batch);
    }
  };

  return {
    announce: (runId, events) => {
      const channel = channelByRun.get(runId);
      if (channel === undefined) return;
      channel.pending.push(...events);
      if (channel.pending.length >= BATCH_EVENTS_MAX) flush(runId, channel);
      else channel.callOff ??= schedule(() => flush(runId, channel), BATCH_MS_MAX);
    },

    follow: (runId, receive) => {
      let channel = channelByRun.get(runId);
      if (channel === undefined) {
        channel = { followers: new Set(), pending: [], callOff: null };
        channelByRun.set(runId, channel);
      }
      const joined = channel;
      joined.followers.add(receive);
      return () => {
        joined.followers.delete(receive);
        if (joined.followers.size > 0 || channelByRun.get(runId) !== joined) return;
        joined.callOff?.();
        channelByRun.delete(runId);
      };
    },
  };
}
