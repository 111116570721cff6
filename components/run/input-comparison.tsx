'use client';

import { useMemo } from 'react';
import type { Body } from '@/lib/json/body';
import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import type { JsonValue } from '@/lib/json/value';
import { compareInputs, INPUT_ROWS_MAX } from './compare-inputs';
import { type LoadBody, useBodyText } from './use-body-text';
import { LoadedValue, ValueView } from './value-view';

const NOTHING: Body = { type: 'inline', text: '' as Extract<Body, { type: 'inline' }>['text'] };

/** Every field of the inputs: the template on the left, what was sent for it on the right. */
export function InputComparison({
  template,
  sent,
  label,
  loadBody,
}: {
  /** Null when the action is no longer in the design. */
  readonly template: JsonValue | null;
  /** Null when no call left. */
  readonly sent: Body | null;
  readonly label: string;
  readonly loadBody: LoadBody;
}) {
  const { state } = useBodyText(sent ?? NOTHING, loadBody);
  const text = sent !== null && state.status === 'ready' ? state.text : null;
  const rows = useMemo(() => {
    if (template === null) return [];
    const parsed = text === null ? null : parseJson(text);
    return compareInputs(template, parsed?.ok === true ? parsed.value : undefined);
  }, [template, text]);

  if (template === null || (sent !== null && text === null)) {
    if (sent === null) return <p className="text-xs text-text-2">No call was made, so nothing was sent.</p>;
    return <ValueView body={sent} loadBody={loadBody} label={label} templateRoot={null} />;
  }
  if (rows.length === 0 || (rows.length === 1 && rows[0]!.pointer === '')) {
    return text === null ? (
      <p className="text-xs text-text-2">The action has no inputs.</p>
    ) : (
      <LoadedValue text={text} label={label} templateRoot={null} />
    );
  }
  return (
    <table className="w-full table-fixed border-collapse text-xs">
      <caption className="sr-only">{label}</caption>
      <thead>
        <tr className="text-left text-text-3">
          <th scope="col" className="w-[26%] py-1 pr-2 font-medium">
            Field
          </th>
          <th scope="col" className="py-1 pr-2 font-medium">
            Template
          </th>
          <th scope="col" className="py-1 font-medium">
            Resolved
          </th>
        </tr>
      </thead>
      <tbody className="align-top">
        {rows.map((row) => (
          <tr key={row.pointer} className="border-t border-line-subtle">
            <th scope="row" className="py-1 pr-2 text-left font-mono font-normal text-text-1 [overflow-wrap:anywhere]">
              {row.pointer.slice(1)}
            </th>
            <td className="py-1 pr-2 font-mono text-text-2 [overflow-wrap:anywhere]">{printCell(row.template)}</td>
            <td className="py-1 font-mono text-text-1 [overflow-wrap:anywhere]">
              {row.resolved === undefined ? (
                <span className="font-sans text-text-3">{sent === null ? 'not sent' : 'nothing'}</span>
              ) : (
                printCell(row.resolved)
              )}
            </td>
          </tr>
        ))}
      </tbody>
      {rows.length >= INPUT_ROWS_MAX && (
        <tfoot>
          <tr>
            <td colSpan={3} className="py-1 text-text-2">
              The first {INPUT_ROWS_MAX} fields; the run sent all of them.
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

const CELL_LENGTH_MAX = 400;

/** A template as it was typed, anything else as JSON. */
function printCell(value: JsonValue): string {
  const text = typeof value === 'string' && /\{[{%#]/.test(value) ? value : printCompactJson(value);
  return text.length <= CELL_LENGTH_MAX ? text : `${text.slice(0, CELL_LENGTH_MAX)}… (${text.length} characters)`;
}
