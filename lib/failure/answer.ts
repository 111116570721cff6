import type { JsonText } from '@/lib/json/value';
import type { ActionFailure } from './action-failure';

/** Where an output came from. Nothing mocked passes for real. */
export const PROVENANCES = ['live', 'simulated', 'mocked', 'replayed', 'pinned', 'reused', 'fallback'] as const;
export type Provenance = (typeof PROVENANCES)[number];

/** What one call gave. Expected failures are answers; only a defect throws. */
export type Answer =
  | {
      readonly type: 'output';
      readonly output: JsonText;
      /** The whole body as it came, when it holds more than the output. */
      readonly envelope: JsonText | null;
      readonly provenance: Provenance;
    }
  | { readonly type: 'failure'; readonly failure: ActionFailure; readonly envelope: JsonText | null };
