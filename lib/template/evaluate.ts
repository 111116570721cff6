import { compileExpression, type Evaluator, type Frame } from './compile-expression';
import { isTrue } from './operators';
import type { Template } from './parse-template';
import { printValue } from './print-value';
import type { OutputNode, TemplateNode } from './syntax';
import { TemplateFault } from './template-fault';
import { Undefined, type Value } from './values';

/** What an output printed that its author may not expect. */
export type PrintedSpecial = 'null_as_text' | 'undefined_as_empty';

/** Writes one node; the text goes to `append`. */
type Writer = (frame: Frame, append: (text: string) => void, onSpecial: (special: PrintedSpecial) => void) => void;

interface Compiled {
  readonly write: Writer;
  readonly single: Evaluator | null;
}

const compiledTemplates = new WeakMap<Template, Compiled>();

function compile(template: Template): Compiled {
  const known = compiledTemplates.get(template);
  if (known !== undefined) return known;
  const compiled: Compiled = {
    write: compileBody(template.nodes, template.text),
    single: template.single === null ? null : compileExpression(template.single.expression, template.text),
  };
  compiledTemplates.set(template, compiled);
  return compiled;
}

/** The text that a template renders. Throws a {@link TemplateFault}. */
export function renderTemplate(template: Template, frame: Frame, onSpecial: (special: PrintedSpecial) => void): string {
  const parts: string[] = [];
  compile(template).write(
    frame,
    (text) => {
      frame.budget.output(text.length);
      parts.push(text);
    },
    onSpecial,
  );
  return parts.join('');
}

/** The value of the only expression of a template that has nothing else. Throws a {@link TemplateFault}. */
export function evaluateSingle(template: Template & { readonly single: OutputNode }, frame: Frame): Value {
  const evaluate = compile(template).single;
  if (evaluate === null) throw new Error('The template holds more than one expression');
  return evaluate(frame);
}

function compileBody(nodes: readonly TemplateNode[], source: string): Writer {
  const writers = nodes.map((node) => compileNode(node, source));
  return (frame, append, onSpecial) => {
    for (const write of writers) write(frame, append, onSpecial);
  };
}

function compileNode(node: TemplateNode, source: string): Writer {
  switch (node.type) {
    case 'text':
      return (_frame, append) => append(node.text);
    case 'output':
      return compileOutput(node, source);
    case 'if': {
      const branches = node.branches.map(({ condition, body }) => ({
        condition: compileExpression(condition, source),
        at: condition,
        write: compileBody(body, source),
      }));
      const otherwise = compileBody(node.otherwise, source);
      return (frame, append, onSpecial) => {
        for (const { condition, at, write } of branches) {
          if (faultingAt(at, () => isTrue(condition(frame)))) return write(frame, append, onSpecial);
        }
        otherwise(frame, append, onSpecial);
      };
    }
  }
}

function compileOutput(node: OutputNode, source: string): Writer {
  const evaluate = compileExpression(node.expression, source);
  return (frame, append, onSpecial) => {
    const value = evaluate(frame);
    if (value === null) onSpecial('null_as_text');
    if (value instanceof Undefined && value.mode === 'lenient') onSpecial('undefined_as_empty');
    append(faultingAt(node.expression, () => printValue(value, frame.budget)));
  };
}

/** A fault that no expression has claimed belongs to this one. */
export function faultingAt<T>(span: { readonly start: number; readonly end: number }, work: () => T): T {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof TemplateFault) fault.at ??= { start: span.start, end: span.end };
    throw fault;
  }
}
