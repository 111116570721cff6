import type { Action, Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout, Workbench } from '@/lib/chain/workbench';
import { fromPlain, type JsonValue, type PlainJson } from '@/lib/json/value';

/**
 * The chain that opens first: fetch a customer, enrich the record, write it to the CRM. Its definitions are those that
 * the simulator answers, so it runs as it stands.
 */
export function exampleWorkbench(): Workbench {
  const actions: readonly (readonly [ActionId, Action, CardLayout])[] = [
    [
      FETCH_CUSTOMER,
      action('your-definition-id-1', 'Fetch customer', [], { account_id: '{{ input.account_id }}' }, 'read'),
      { x: 0, y: 0 },
    ],
    [
      ENRICH_DATA,
      action(
        'your-definition-id-2',
        'Enrich data',
        [FETCH_CUSTOMER],
        { customer_id: '{{ fetch_customer.customer_id }}' },
        'read',
      ),
      { x: CARD_STEP, y: 0 },
    ],
    [
      UPDATE_CRM,
      action(
        'your-definition-id-3',
        'Update CRM',
        [ENRICH_DATA],
        { record_id: '{{ enrich_data.record_id }}', status: 'processed' },
        'write',
      ),
      { x: 2 * CARD_STEP, y: 0 },
    ],
  ];
  const chain: Chain = {
    name: 'Customer enrichment',
    description: 'Fetches a customer, enriches the record and writes the result to the CRM.',
    inputs: fromPlain({
      type: 'object',
      properties: {
        account_id: { type: 'string', description: 'Account to look up', examples: ['12345'] },
      },
      required: ['account_id'],
    }),
    actions: new Map(actions.map(([id, action]) => [id, action])),
    extra: new Map(),
  };
  return {
    chain,
    layout: new Map(actions.map(([id, , layout]) => [id, layout])),
    notes: new Map(),
    sampleInputs: new Map<string, JsonValue>([['Account 12345', fromPlain({ account_id: '12345' })]]),
    pins: new Map(),
    allowedLiterals: new Set(),
    sampleInputName: 'Account 12345',
    connectionId: null,
  };
}

const FETCH_CUSTOMER = 'fetch_customer' as ActionId;
const ENRICH_DATA = 'enrich_data' as ActionId;
const UPDATE_CRM = 'update_crm' as ActionId;

/** Pixels from one card's left edge to the next one's: a card and room for its edge. */
const CARD_STEP = 320;

const action = (
  definition_id: string,
  label: string,
  depends_on: readonly ActionId[],
  inputs: PlainJson,
  effect: 'read' | 'write',
): Action => ({ definition_id, label, depends_on, inputs: fromPlain(inputs), effect, extra: new Map() });
