import { err, ok, type Result } from '@/lib/result';
import { checkCallables } from './check-callables';
import { parseJinja } from './jinja-parser';
import { locate } from './place';
import type { OutputNode, TemplateNode } from './syntax';
import { SyntaxFault } from './tokens';

/** A text that was parsed. One text gives the same object again while the cache holds it. */
export interface Template {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
  /** The one `{{ expression }}` that, white space aside, is the whole text; such an input keeps the value's type. */
  readonly single: OutputNode | null;
}

/** Why a text is no template; line and column count from 1, `length` in UTF-16 units. */
export interface TemplateProblem {
  /** `template_unsupported` is Jinja2 that we do not have, or another language's operator. */
  readonly code: 'template_syntax' | 'template_unsupported';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** UTF-16 units of one template. */
export const TEMPLATE_LENGTH_MAX = 64 * 1024;

/** Whether a string is a template at all; every other one passes through untouched. */
export const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%') || text.includes('{#');

/**
 * The tree of a text, or the first reason why there is none. Filters, tests and their arguments are checked too, so
 * what is parsed can be evaluated. Cached: asking again for the same text costs a lookup.
 */
export function parseTemplate(text: string): Result<Template, TemplateProblem> {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  remember(text, parsed);
  return parsed;
}

function parse(text: string): Result<Template, TemplateProblem> {
  if (text.length > TEMPLATE_LENGTH_MAX) {
    const message = `A template has at most ${TEMPLATE_LENGTH_MAX} characters; this one has ${text.length}.`;
    return err({ code: 'template_syntax', message, line: 1, column: 1, length: 0 });
  }
  try {
    const nodes = parseJinja(text);
    checkCallables(nodes);
    return ok({ text, nodes, single: findSingle(text, nodes) });
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    const { start, end, line, column } = locate(text, fault.at);
    return err({ code: fault.code, message: fault.message, line, column, length: end - start });
  }
}

function findSingle(text: string, nodes: readonly TemplateNode[]): OutputNode | null {
  const outputs = nodes.filter((node) => node.type === 'output');
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) return null;
  const isAlone = text.slice(0, output.start).trim() === '' && text.slice(output.end).trim() === '';
  return isAlone ? output : null;
}

/** The trees of a million characters take some 100 MB at the very worst. */
const CACHE_ENTRIES_MAX = 10_000;
const CACHE_LENGTH_MAX = 1_000_000;
const cache = new Map<string, Result<Template, TemplateProblem>>();
let cachedLength = 0;

/** Drops what was parsed first; a chain's texts fit many times over. */
function remember(text: string, parsed: Result<Template, TemplateProblem>): void {
  cache.set(text, parsed);
  cachedLength += text.length;
  for (const oldest of cache.keys()) {
    if (cache.size <= CACHE_ENTRIES_MAX && cachedLength <= CACHE_LENGTH_MAX) break;
    cache.delete(oldest);
    cachedLength -= oldest.length;
  }
}
