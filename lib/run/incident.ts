import { type ActionFailure, buildFailure } from '@/lib/failure/action-failure';

/** A short name for one defect: shown to the person, and found beside the stack in the process’s log. */
export const makeIncidentId = (random: () => number): string =>
  `CW-${Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0')}`;

export const internalFailure = (incidentId: string, wasSent: boolean): ActionFailure =>
  buildFailure({ kind: 'internal', message: `Chainwright failed by its own fault (incident ${incidentId}).`, wasSent });
