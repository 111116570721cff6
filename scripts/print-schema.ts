import { z } from 'zod';
import {
  ACTION_FIELDS,
  ACTIONS_MAX,
  CHAIN_FIELDS,
  CHAIN_FORMAT,
  RETRY_FIELDS,
  SETTINGS_FIELDS,
  WEBHOOK_FIELDS,
} from '@/lib/chain/chain';
import { ACTION_ID_LENGTH_MAX } from '@/lib/chain/ids';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * `public/schema/chain-1.json`: the JSON Schema (2020-12) of the chain document, for editors that complete and check.
 *
 * It is never stricter than the reader. What no schema can say (duplicate keys, depth) is the reader's alone.
 */
export function printChainSchema(): string {
  const { properties, ...chain } = fixedKeys(CHAIN_FIELDS, {
    inputs: { type: ['object', 'boolean'], description: 'JSON Schema of the chain’s own inputs.' },
    settings: { $ref: '#/$defs/settings' },
    actions: ACTIONS,
  });
  const schema: JsonSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: CHAIN_FORMAT,
    $comment: 'Printed from lib/chain/chain.ts by `npm run documents`; changes belong there.',
    ...chain,
    properties: properties ?? {},
    $defs: {
      settings: fixedKeys(SETTINGS_FIELDS, { retry: RETRY, webhook: { $ref: '#/$defs/webhook' } }),
      action: fixedKeys(ACTION_FIELDS, { retry: RETRY }),
      retry: fixedKeys(RETRY_FIELDS),
      webhook: fixedKeys(WEBHOOK_FIELDS),
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const RETRY: JsonSchema = { $ref: '#/$defs/retry' };

const ACTIONS: JsonSchema = {
  type: 'object',
  description: 'Action id → action.',
  maxProperties: ACTIONS_MAX,
  propertyNames: {
    minLength: 1,
    maxLength: ACTION_ID_LENGTH_MAX,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
    not: { const: 'input' },
  },
  additionalProperties: { $ref: '#/$defs/action' },
};

/** An object with fixed keys and keys of the author's own; `joined` says what stands under a key that zod leaves free. */
function fixedKeys(fields: z.ZodObject, joined: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(fields, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // `.readonly()` is for our types; whoever writes the document may write the list.
      delete jsonSchema.readOnly;
      if (jsonSchema.format === 'uri') jsonSchema.pattern = '^[Hh][Tt][Tt][Pp][Ss]?:';
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return { ...schema, properties: { ...schema.properties, ...joined } };
}
