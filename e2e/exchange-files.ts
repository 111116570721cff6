import type { Locator } from '@playwright/test';

/** A file for an input of type file. */
export const fileOf = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(content as string),
});

/** Drops files on an element, as from the desktop. */
export async function dropFiles(
  target: Locator,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  const transfer = await target.page().evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, text } of given) data.items.add(new File([text], name, { type: 'application/json' }));
    return data;
  }, files);
  await target.dispatchEvent('dragover', { dataTransfer: transfer });
  await target.dispatchEvent('drop', { dataTransfer: transfer });
}

/** A data action in the form that its tenant exports, called as the simulator calls one of its own. */
export const DEFINITION_FILE = JSON.stringify({
  name: 'Customer lookup - Exported 2024-05-01 @ 10:22',
  integrationType: 'purecloud-data-actions',
  actionType: 'custom',
  config: { request: { requestType: 'GET', requestUrlTemplate: '/customers' } },
  contract: {
    input: {
      inputSchema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: 'object',
        properties: { account_id: { type: 'string' } },
        required: ['account_id'],
      },
    },
    output: {
      successSchema: {
        type: 'object',
        properties: { customer_id: { type: 'string' }, loyalty_points: { type: 'integer' } },
        required: ['customer_id', 'loyalty_points'],
      },
    },
  },
  secure: false,
});

/** A mapping whose templates read along edges that it does not have. */
export const MAPPING_WITHOUT_EDGES = JSON.stringify({
  fetch: { definition_id: 'your-definition-id-1', inputs: { account_id: '12345' } },
  enrich: { definition_id: 'your-definition-id-2', inputs: { customer_id: '{{ fetch.customer_id }}' } },
  update: {
    definition_id: 'your-definition-id-3',
    inputs: { record_id: '{{ enrich.record_id }}', status: '{{ fetch.tier }}' },
  },
});

/** A chain that reads an input of which nobody gave an example. */
export const CHAIN_WITH_INPUT = JSON.stringify({
  format: 'chainwright.chain/1',
  name: 'Lookup of an account',
  inputs: { type: 'object', properties: { account_id: { type: 'string' } } },
  actions: { lookup: { definition_id: 'your-definition-id-1', inputs: { account_id: '{{ input.account_id }}' } } },
});
