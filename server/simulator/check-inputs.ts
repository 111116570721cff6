import { type Schema, Validator } from '@cfworker/json-schema';
import { type JsonValue, toPlain } from '@/lib/json/value';

/** What does not fit, leaves only: `#/account_id` before the object that holds it says nothing more. */
export function checkInputs(
  schema: JsonValue,
  inputs: JsonValue,
): readonly { readonly path: string; readonly message: string }[] {
  const { errors } = new Validator(toPlain(schema) as Schema, '2020-12', false).validate(toPlain(inputs));
  return errors
    .filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items')
    .map(({ instanceLocation, error }) => ({ path: instanceLocation.replace(/^#/, ''), message: error }));
}
