import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/json/parse-json';
import { isJsonObject, type JsonObject } from '@/lib/json/value';
import { bindInputs } from '@/lib/template/bind-inputs';
import { DISAGREEMENTS } from './disagreements';

/** What Jinja2 rendered; null where it raised. */
interface Answer {
  readonly text: string | null;
  readonly error?: string;
}

interface Recorded {
  readonly template: string;
  readonly strict: Answer;
  readonly lenient: Answer;
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

function readContext(): JsonObject {
  const parsed = parseJson(read('context.json'));
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('context.json is no JSON object');
  return parsed.value;
}

const { answers } = JSON.parse(read('answers.json')) as { readonly answers: readonly Recorded[] };
const scope = readContext();

function ours(template: string, undefinedMode: 'strict' | 'lenient'): string | null {
  const bound = bindInputs({ inputs: template, scope, binding: 'text', undefinedMode });
  return bound.ok ? String(bound.value.value) : null;
}

const CASES = answers.flatMap(({ template, strict, lenient }) => [
  { template, mode: 'strict' as const, expected: strict.text },
  { template, mode: 'lenient' as const, expected: lenient.text },
]);

describe('recorded answers of Jinja2', () => {
  it.each(CASES.filter(({ template }) => !DISAGREEMENTS.has(template)))('$mode: $template', (entry) => {
    expect(ours(entry.template, entry.mode)).toBe(entry.expected);
  });

  it.each([...DISAGREEMENTS])('still differs: %s (%s)', (template) => {
    const recorded = CASES.filter((entry) => entry.template === template);
    expect(recorded).toHaveLength(2);
    expect(recorded.some(({ mode, expected }) => ours(template, mode) !== expected)).toBe(true);
  });

  it('agrees on 98.5 of 100 templates', () => {
    expect(DISAGREEMENTS.size / answers.length).toBeLessThan(0.015);
  });

  it('are of every line of templates.txt', () => {
    const lines = read('templates.txt')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(answers.map((answer) => answer.template)).toEqual(lines.map((line) => JSON.parse(line)));
  });
});
