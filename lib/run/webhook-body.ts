import { parseTrustedJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import { fromPlain, type JsonText, type JsonValue, Numeral } from '@/lib/json/value';
import type { Plan, StepSource } from '@/lib/plan/plan';
import type { RunEvent } from './events';
import type { RunState } from './reduce-run';
import { failuresToJson } from './run-result';

/** Where the facts of a webhook stand. */
export interface WebhookContext {
  readonly plan: Plan;
  /** With the event folded in. */
  readonly state: RunState;
  /** Text of a completed action's output. */
  readonly textOf: (output: Extract<RunEvent, { type: 'action.completed' }>['output']) => JsonText;
}

/**
 * What an event has the status webhook say, as JSON on one line; null when it says nothing.
 *
 * One `started` per action, not per attempt. Skipped, pinned, mocked, reused and replayed actions say nothing, for no
 * call was made; a fallback says `failed`. The keys are those of the tutorial's two bodies together.
 */
export function buildWebhookBody(event: RunEvent, context: WebhookContext): JsonText | null {
  const { webhook, steps } = context.plan;
  if (webhook === null) return null;
  if (event.type === 'run.finished') return webhook.events === 'actions' ? null : runBody(event, context);
  if (webhook.events === 'run' || !('actionId' in event)) return null;
  const source = steps.find(({ actionId }) => actionId === event.actionId)?.source;
  return source === undefined || !isCalled(source) ? null : actionBody(event, context);
}

/** A step planned as reused is called after all when its inputs differ; its `action.started` is the proof. */
const isCalled = ({ type }: StepSource): boolean => type === 'call' || type === 'reused';

function actionBody(event: Extract<RunEvent, { actionId: unknown }>, context: WebhookContext): JsonText | null {
  switch (event.type) {
    case 'action.started':
      return event.attempt === 1 ? print(event, context, event.actionId, 'started', new Map()) : null;
    case 'action.completed': {
      const { provenance, replaced } = event;
      if (replaced !== null) return print(event, context, event.actionId, 'failed', errorOf(replaced));
      if (provenance !== 'live' && provenance !== 'simulated') return null;
      const output = parseTrustedJson(context.textOf(event.output));
      return print(event, context, event.actionId, 'completed', new Map([['output', output]]));
    }
    case 'action.failed':
      return print(event, context, event.actionId, 'failed', errorOf(event.failure));
    default:
      return null;
  }
}

function runBody(event: Extract<RunEvent, { type: 'run.finished' }>, context: WebhookContext): JsonText {
  const isCompleted = event.status === 'completed' || event.status === 'completed_with_failures';
  const payload = new Map<string, JsonValue>([
    ['status', event.status],
    ['failures', failuresToJson(context.state)],
  ]);
  return print(event, context, null, isCompleted ? 'run_completed' : 'run_failed', payload);
}

const errorOf = ({ message, kind }: { readonly message: string; readonly kind: string }): JsonValue =>
  fromPlain({ error: message, kind });

function print(
  event: RunEvent,
  { plan }: WebhookContext,
  actionId: string | null,
  status: string,
  payload: JsonValue,
): JsonText {
  return printCompactJson(
    new Map<string, JsonValue>([
      ['orchestrator', 'cxone-data-action-chain'],
      ['trace_id', event.runId],
      ['action_id', actionId],
      ['status', status],
      ['timestamp', Numeral.of(event.atMs / 1000)],
      ['payload', payload],
      ...(plan.connection.purpose === 'simulator' ? [['simulated', true] as const] : []),
    ]),
  );
}
