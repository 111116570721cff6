import { type Action, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { actionToJson, chainToJson } from '@/lib/chain/print-chain';
import { findCredential } from '@/lib/credential-formats';
import { formatPointer, type JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import { isTemplate, parseTemplate } from '@/lib/template/parse-template';
import type { Expression, TemplateNode } from '@/lib/template/syntax';
import { type Draft, printField, type Rule, type Subject } from '../draft';
import { findSensitivePair, isCredentialUnder, isRandomText, isSensitiveKey } from '../suspicious-text';

/**
 * Credentials in any text of the document: by their form an error, by their key or their randomness a warning. Places
 * that a person said hold no secret are passed over. No message repeats the text, not even a part of it.
 */
export const findSecretProblems: Rule = (subject) => {
  const definitionIds = new Set([...subject.chain.actions.values()].map(({ definition_id }) => definition_id));
  const drafts: Draft[] = [];
  for (const finding of findingsInHead(subject)) drafts.push(...draftOf(subject, finding, [], definitionIds));
  for (const [id, action] of subject.chain.actions) {
    for (const finding of [...findingsInIds(subject, id, action), ...findingsInAction(action)]) {
      drafts.push(
        ...draftOf(subject, finding, ['actions', id], definitionIds).map((draft) => ({ ...draft, action: id })),
      );
    }
  }
  return drafts;
};

interface Finding {
  /** Below the action, or below the document. */
  readonly path: JsonPath;
  readonly code: 'secret_literal' | 'secret_suspected';
  /** The rest of the sentence that begins with the place. */
  readonly words: string;
  /** A text that is suspected for its randomness alone: it may be an id that the chain knows. */
  readonly random?: string;
}

const ADVICE = 'Credentials belong to the connection, or to a secret that secret_ref names.';

function draftOf(
  { known }: Subject,
  { path, code, words, random }: Finding,
  root: JsonPath,
  definitionIds: ReadonlySet<string>,
): readonly Draft[] {
  if (random !== undefined && (definitionIds.has(random) || known.definitions?.has(random) === true)) return [];
  const at = [...root, ...path];
  const pointer = formatPointer(at);
  if (known.allowedLiterals.has(pointer)) return [];
  const place =
    root.length === 0
      ? printField(path)
      : path.length === 0
        ? 'The id of an action'
        : `${root[1]}, ${printField(path)}`;
  return [
    {
      code,
      at,
      message: `${place} ${words} ${ADVICE}`,
      fix: { label: 'Not a secret', edit: { type: 'allow-literal', pointer }, isSafe: false },
    },
  ];
}

/** The id itself, and those that `depends_on` names beside the ids of actions: those are found where they are given. */
function findingsInIds({ chain }: Subject, id: ActionId, action: Action): readonly Finding[] {
  const findings = [...certainly(id, [], 'is')];
  for (const [index, from] of dependenciesOf(action).entries()) {
    if (!chain.actions.has(from)) findings.push(...certainly(from, ['depends_on', index]));
  }
  return findings;
}

const findingsByAction = new WeakMap<Action, readonly Finding[]>();

/** Every text of the action but the ids of actions; looked at once per action object. */
function findingsInAction(action: Action): readonly Finding[] {
  const known = findingsByAction.get(action);
  if (known !== undefined) return known;
  const findings = [...actionToJson(action)].flatMap(([key, value]): readonly Finding[] => {
    if (key === 'depends_on') return [];
    if (key === 'definition_id') return certainly(value, [key]);
    return look(value, [key], { key, holdsTemplates: key === 'inputs' || key === 'when' });
  });
  findingsByAction.set(action, findings);
  return findings;
}

const findingsByPart = new WeakMap<object, readonly Finding[]>();

/** Name, description, inputs schema, settings and keys of the author's own; objects are looked at once each. */
function findingsInHead({ chain }: Subject): readonly Finding[] {
  return [...chainToJson({ ...chain, actions: new Map() })].flatMap(([key, value]) => {
    // Settings are put together anew each time, and are small.
    if (typeof value !== 'object' || value === null || key === 'settings') return look(value, [key], { key });
    const known = findingsByPart.get(value) ?? look(value, [key], { key, isSchema: key === 'inputs' });
    findingsByPart.set(value, known);
    return known;
  });
}

interface Context {
  /** What says of what kind the text is: the nearest key above it. */
  readonly key: string | null;
  readonly holdsTemplates?: boolean;
  readonly isSchema?: boolean;
}

/** In a schema, what stands under these is a value of the property that the schema is of. */
const VALUE_KEYWORDS: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'example', 'examples']);

/** Depth is bounded: no door takes a document deeper than 64 brackets. */
function look(value: JsonValue, path: JsonPath, context: Context): readonly Finding[] {
  if (typeof value === 'string') {
    const finding = lookAtText(value, path, context);
    return finding === undefined ? [] : [finding];
  }
  if (isJsonArray(value)) return value.flatMap((item, index) => look(item, [...path, index], context));
  if (!isJsonObject(value)) return [];
  const findings: Finding[] = [];
  const named = nameBeside(value);
  for (const [key, item] of value) {
    if (findCredential(key) !== undefined) findings.push(...certainly(key, path, 'has a key that holds'));
    const isValueOfOwner = context.isSchema === true && VALUE_KEYWORDS.has(key);
    const of = isValueOfOwner ? context.key : key === 'value' && named !== undefined ? named : key;
    // One by one: a list can hold more than a call takes arguments.
    for (const finding of look(item, [...path, key], { ...context, key: of })) findings.push(finding);
  }
  // Several keys of one object are one place.
  return findings.filter(({ path: at }, index) => index === 0 || at !== path || findings[index - 1]!.path !== path);
}

/** Headers and parameters as lists: `{ "name": "Authorization", "value": "…" }`. */
function nameBeside(value: JsonObject): string | undefined {
  if (!value.has('value')) return undefined;
  const name = value.get('name') ?? value.get('key') ?? value.get('header');
  return typeof name === 'string' && isSensitiveKey(name) ? name : undefined;
}

function certainly(text: JsonValue, path: JsonPath, verb = 'holds'): readonly Finding[] {
  const what = typeof text === 'string' ? findCredential(text) : undefined;
  return what === undefined ? [] : [{ path, code: 'secret_literal', words: `${verb} ${what}.` }];
}

function lookAtText(text: string, path: JsonPath, context: Context): Finding | undefined {
  const [certain] = certainly(text, path);
  if (certain !== undefined) return certain;
  if (context.holdsTemplates === true && isTemplate(text)) {
    for (const piece of piecesOf(text, context.key)) {
      const found = certainly(piece.text, path)[0] ?? suspect(piece.text, path, piece.key);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return suspect(text, path, context.key);
}

function suspect(text: string, path: JsonPath, key: string | null): Finding | undefined {
  const suspected = (words: string): Finding => ({ path, code: 'secret_suspected', words });
  if (key !== null && isCredentialUnder(key, text)) {
    return suspected('may hold a credential: its key says so.');
  }
  const name = findSensitivePair(text);
  if (name !== undefined) return suspected(`may hold a credential: the value of ${name} in it.`);
  if (isRandomText(text)) {
    return { ...suspected('may hold a credential: it is long and random.'), random: text };
  }
  return undefined;
}

interface Piece {
  readonly text: string;
  readonly key: string | null;
}

/** What a template itself says: its text, and the literals that may become its value, each under the key it would have. */
function piecesOf(text: string, key: string | null): readonly Piece[] {
  // Most templates hold no literal, and nothing beside their expressions that could be suspected.
  if (!/['"]/.test(text) && findSensitivePair(text) === undefined && !isRandomText(text)) return [];
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [];
  const pieces: Piece[] = [];
  const visitNodes = (nodes: readonly TemplateNode[]): void => {
    for (const node of nodes) {
      // Text beside an expression is no whole value: `Bearer {{ token }}`.
      if (node.type === 'text') pieces.push({ text: node.text, key: null });
      else if (node.type === 'output') visit(node.expression, key);
      else {
        for (const { body } of node.branches) visitNodes(body);
        visitNodes(node.otherwise);
      }
    }
  };
  const visit = (node: Expression, under: string | null): void => {
    switch (node.type) {
      case 'literal':
        if (typeof node.value === 'string') pieces.push({ text: node.value, key: under });
        return;
      case 'list':
      case 'tuple':
        for (const item of node.items) visit(item, under);
        return;
      case 'dict':
        for (const entry of node.entries) {
          const { key: name } = entry;
          visit(entry.value, name.type === 'literal' && typeof name.value === 'string' ? name.value : null);
        }
        return;
      case 'concat':
        for (const part of node.parts) visit(part, under);
        return;
      case 'binary':
      case 'logic':
        visit(node.left, under);
        visit(node.right, under);
        return;
      case 'conditional':
        visit(node.then, under);
        if (node.otherwise !== null) visit(node.otherwise, under);
        return;
      case 'filter':
        visit(node.target, under);
        // Of other filters, arguments name fields, separators and formats.
        if (node.name === 'default' || node.name === 'd') {
          for (const argument of node.args.positional.slice(0, 1)) visit(argument, under);
        }
        return;
      default:
      // Names, indices, comparisons and tests read; what they hold is not the value.
    }
  };
  visitNodes(parsed.value.nodes);
  return pieces;
}
