import type { Action } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { clipText } from '@/lib/clip-text';
import { maskCredentials } from '@/lib/credential-formats';
import { faultsOf, referencesOf } from '@/lib/edit/action-references';
import { passingEdgesOf } from '@/lib/edit/passing-edges';
import type { ChainGraph } from '@/lib/graph/chain-graph';
import { printPath } from '@/lib/graph/print-path';
import { findClosingPath, isAncestor } from '@/lib/graph/reach';
import { propertiesOf } from '@/lib/schema/json-schema';
import { parseTemplate } from '@/lib/template/parse-template';
import type { Reference } from '@/lib/template/references';
import {
  type Draft,
  definitionOf,
  didYouMean,
  forEachAction,
  printField,
  printName,
  type Rule,
  type Subject,
} from '../draft';
import { checkFields, respell } from './fields';
import { checkPresence } from './presence';
import { placeOf, type Read, rangeOf } from './read';

/** Templates that cannot be read, and reads that lead nowhere. */
export const findReferenceProblems: Rule = forEachAction((subject, id, action) => {
  const drafts: Draft[] = [...templateProblems(id, action)];
  for (const { path, text, references } of referencesOf(action)) {
    for (const reference of references) {
      if (isSound(subject, id, reference)) continue;
      for (const draft of checkReference({ subject, id, path, text, reference })) drafts.push(draft);
    }
  }
  return drafts;
});

/** Most references lead to an action upstream of which nothing more is known: that is seen at once. */
function isSound({ chain, graph, known }: Subject, id: ActionId, { path }: Reference): boolean {
  const [name] = path;
  if (name === 'input') return chain.inputs === undefined;
  const action = chain.actions.get(name as ActionId);
  if (action === undefined || !isAncestor(graph, name as ActionId, id)) return false;
  return passingEdgesOf(chain) === graph && (path.length < 2 || definitionOf(known, action)?.outputSchema == null);
}

const NO_DRAFTS: readonly Draft[] = [];

const draftsByAction = new WeakMap<Action, readonly Omit<Draft, 'action'>[]>();

/** What an action's own templates say, whoever it is and whatever stands around it: read once per action object. */
function templateProblems(id: ActionId, action: Action): readonly Draft[] {
  let drafts = draftsByAction.get(action);
  if (drafts === undefined) {
    drafts = readTemplates(action);
    draftsByAction.set(action, drafts);
  }
  if (drafts.length === 0) return NO_DRAFTS;
  return drafts.map((draft) => ({
    ...draft,
    action: id,
    at: ['actions', id, ...draft.at],
    message: `${id}, ${printField(draft.at)}: ${draft.message}`,
  }));
}

/** UTF-16 units of what the parser says, which repeats names of the text. */
const MESSAGE_LENGTH_MAX = 400;

/** Places below the action, messages without its name. */
function readTemplates(action: Action): readonly Omit<Draft, 'action'>[] {
  const drafts = faultsOf(action).map(({ path, fault }): Omit<Draft, 'action'> => {
    const { code, message, line, column, length } = fault;
    const words = clipText(maskCredentials(message), MESSAGE_LENGTH_MAX);
    return { code, at: path, message: words, range: { line, column, length } };
  });
  const when = action.when === undefined ? undefined : parseTemplate(action.when);
  if (when?.ok !== true || when.value.single !== null) return drafts;
  const message = 'a condition is exactly one {{ expression }}, and nothing beside it.';
  return [{ code: 'when_not_expression', at: ['when'], message }, ...drafts];
}

function checkReference(read: Read): readonly Draft[] {
  const { subject, id, reference } = read;
  const [name] = reference.path;
  if (name === undefined) return [];
  if (name === 'input') return checkFields(read, 'the inputs of this chain', subject.chain.inputs ?? null);
  const source = name as ActionId;
  const action = subject.chain.actions.get(source);
  if (action === undefined) return [unknownName(read, name)];
  if (!isAncestor(subject.graph, source, id)) return [notUpstream(read, source)];
  const schema = definitionOf(subject.known, action)?.outputSchema ?? null;
  return [...checkFields(read, `the output of ${source}`, schema), ...checkPresence(read, source)];
}

function unknownName(read: Read, name: string): Draft {
  const { subject, id, path } = read;
  const { graph, findNearest } = subject;
  const readable = readableIdsOf(graph);
  const near = findNearest(name, readable.length, () => [
    'input',
    ...readable.filter((other) => isAncestor(graph, other, id)),
  ]);
  const field = inputFieldNamed(subject, name);
  const advice =
    near === undefined && field === undefined
      ? didYouMean(findNearest(name, readable.length, () => readable))
      : didYouMean(near ?? printName(`input.${field}`));
  return {
    code: 'reference_unknown',
    ...placeOf(read),
    ...rangeOf(read, 0),
    message: `${id}, ${printField(path)}: nothing is called ${printName(name)} here.${advice}`,
    ...respell(read, 0, name, near ?? (field === undefined ? undefined : `input.${field}`)),
  };
}

/** `{{ account_id }}` where the chain has such an input. */
function inputFieldNamed({ chain }: Subject, name: string): string | undefined {
  if (chain.inputs === undefined) return undefined;
  return propertiesOf(chain.inputs).find((property) => property.name === name)?.name;
}

const readableByGraph = new WeakMap<ChainGraph, readonly ActionId[]>();

function readableIdsOf(graph: ChainGraph): readonly ActionId[] {
  const known = readableByGraph.get(graph) ?? graph.actionIds.filter(isNameableInTemplate);
  readableByGraph.set(graph, known);
  return known;
}

function notUpstream(read: Read, source: ActionId): Draft {
  const { subject, id, path } = read;
  const words = `${id}, ${printField(path)}`;
  const base = { code: 'reference_not_upstream' as const, ...placeOf(read), ...rangeOf(read, 0), related: [source] };
  if (source === id) return { ...base, message: `${words}: ${id} cannot read its own output.` };
  const closing = findClosingPath(subject.graph, source, id);
  if (closing !== undefined) {
    const message = `${words}: ${source} runs after ${id} (${printPath(closing)}), so its output cannot be read here.`;
    return { ...base, message };
  }
  return {
    ...base,
    message: `${words}: ${id} reads ${source}, but does not wait for it.`,
    fix: { label: `Make ${id} depend on ${source}`, edit: { type: 'connect', from: source, to: id }, isSafe: true },
  };
}
