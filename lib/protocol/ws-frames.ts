import { z } from 'zod';
import { RUN_EVENT } from '@/lib/run/events';
import { RUN_ID } from './api';

/** What a browser sends over `/ws`. */
export const CLIENT_FRAME = z.discriminatedUnion('type', [
  /** Events after `afterSeq` come first, then live ones, without a gap; 0 asks for the whole run. */
  z.object({ type: z.literal('subscribe'), runId: RUN_ID, afterSeq: z.number().int().nonnegative() }),
  z.object({ type: z.literal('unsubscribe'), runId: RUN_ID }),
  z.object({ type: z.literal('cancel'), runId: RUN_ID }),
]);

/** What the server sends. */
export const SERVER_FRAME = z.discriminatedUnion('type', [
  z.object({ type: z.literal('events'), runId: RUN_ID, events: z.array(RUN_EVENT) }),
  /** Too much to send here: page the missing events over `GET /api/runs/{id}/events`. */
  z.object({ type: z.literal('behind'), runId: RUN_ID, latestSeq: z.number().int() }),
  z.object({ type: z.literal('error'), runId: RUN_ID.nullable(), code: z.string(), message: z.string() }),
]);

export type ClientFrame = z.infer<typeof CLIENT_FRAME>;
export type ServerFrame = z.infer<typeof SERVER_FRAME>;
