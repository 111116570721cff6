import type { ProblemCode } from './problem';

export interface ProblemWords {
  /** A few words for a heading. */
  readonly title: string;
  /** What is the matter, and why it matters to a run. */
  readonly why: string;
  /** What a person does about it; names the fix where the designer offers one. */
  readonly whatToDo: string;
}

/** What each code means, for a person who meets it for the first time; `docs/problems.md` is printed from this table. */
export const PROBLEM_WORDS = {
  json_syntax: {
    title: 'Not JSON',
    why: 'The text cannot be read as JSON, so nothing of it was taken over. Comments and trailing commas are not JSON.',
    whatToDo: 'Go to the line and column that the message names.',
  },
  schema: {
    title: 'Not as the format wants it',
    why: 'A key is unknown, is missing, or holds a value that it may not hold. The document is refused whole: a misspelled key that is passed over would change what a run does.',
    whatToDo:
      'Follow the path in the message and compare it with the chain format. Keys of your own begin with `x-` and are kept.',
  },
  duplicate_key: {
    title: 'A key stands twice',
    why: 'One object holds the same key two times. Most readers of JSON keep the last one and say nothing, so one of your two actions would be gone.',
    whatToDo: 'Rename or delete one of them.',
  },
  action_id: {
    title: 'No action id',
    why: 'An id has 1 to 128 characters, no control characters, no half of a surrogate pair, and is not `input`: templates read the inputs of the chain by that name.',
    whatToDo: 'Choose another id, and change it in every `depends_on` and template that names it.',
  },
  dependency_missing: {
    title: 'Depends on an action that is not there',
    why: 'An action waits for an id that the chain does not have. The designer shows a ghost card in its place. The action cannot run.',
    whatToDo: 'Correct the id, add the action, or take the fix: remove the dependency.',
  },
  dependency_self: {
    title: 'Depends on itself',
    why: 'An action that waits for its own end never starts.',
    whatToDo: 'Take the fix: remove the dependency.',
  },
  cycle: {
    title: 'A loop',
    why: 'Actions wait for one another in a circle, so none of them can start. The message names the whole path.',
    whatToDo:
      'Cut one edge of the path. Where a template uses none of the data of an edge, the fix cuts that one. Where templates read over every edge, the design has to change: only you know which value is not needed.',
  },
  template_syntax: {
    title: 'Not a template',
    why: 'The text between the braces cannot be read: a bracket or a tag is not closed, or there is no filter or test of that name. No call could be made with it.',
    whatToDo: 'Go to the marked place. The message names the nearest filter when it looks like a slip of the pen.',
  },
  template_unsupported: {
    title: 'A template that is not available here',
    why: 'This is Jinja2, or JavaScript, that Chainwright does not evaluate: loops, `set`, macros, global functions, a few filters, operators such as `&&`.',
    whatToDo: 'Write it with filters, tests, conditionals and methods. The list stands in the chapter on templates.',
  },
  reference_unknown: {
    title: 'Nothing has this name',
    why: 'A template reads a name that is neither `input` nor an action of the chain.',
    whatToDo: 'Correct the name. When one is near, the fix writes it.',
  },
  reference_not_upstream: {
    title: 'Reads an action that it does not wait for',
    why: 'A template can read an action only when its own action runs after it, through `depends_on`, directly or through others.',
    whatToDo:
      'Take the fix: add the edge; where many are missing, all of them can be added at once. There is no fix when the edge would close a loop, or when an action reads its own output; then read another value.',
  },
  when_not_expression: {
    title: 'A condition is one expression',
    why: '`when` is tested for true or false. Text beside the expression would make it a text, and every text that is not empty is true.',
    whatToDo:
      "Write exactly one `{{ expression }}`, such as `{{ fetch_customer.tier == 'gold' }}`. Join two with `and` or `or`.",
  },
  policy_conflict: {
    title: 'Settings that contradict one another',
    why: 'A `fallback` is used only with `on_failure: "fallback"`, and that one needs a `fallback`. And `retry.on` takes no kind that is never tried again: `template_error` comes back each time, `cancelled`, `interrupted` and `internal` are over.',
    whatToDo:
      'Take the fix: it uses the fallback, takes `on_failure` out, or takes those kinds out of `retry.on`. Or write the half that is missing.',
  },
  limit: {
    title: 'Too large',
    why: 'A document has at most 5 MB of text, 64 brackets inside one another, and 2,000 actions. Of more than 20,000 problems only so many are listed.',
    whatToDo: 'Split the chain, or send large values as input instead of writing them into the document.',
  },
  action_id_unnameable: {
    title: 'No template can name this action',
    why: 'A template can name an id only when it consists of letters, digits and `_`, does not begin with a digit, and is no word of the template language. The action runs, but nothing can read its output.',
    whatToDo: 'Take the fix: it renames the action everywhere.',
  },
  reference_field_unknown: {
    title: 'A field that the schema does not have',
    why: 'The output schema of the definition, or the schema of the inputs of the chain, has no such field, or what stands before it is a list, a text or a number, which have none. At run time the template would fail, or give nothing in lenient mode.',
    whatToDo:
      'Correct the field; when one is near, the fix writes it. A list has items, not fields: the fix reads the first one. If the tenant sends more than its schema says, guard the read: `{{ a.b | default("") }}`.',
  },
  possibly_undefined: {
    title: 'A value that may not be there',
    why: 'A template reads the output of an action that may have none: it is disabled, has a condition, or may fail without ending the run, and the action that reads runs all the same (`run_if: "all_done"`, its own or on the way). Without a guard the template then fails, or gives nothing in lenient mode.',
    whatToDo:
      'Guard the read: `{{ a.x if a is defined else \'\' }}`, or `{% if a is defined %}…{% endif %}`. Or let the reading action wait for it with `run_if: "all_completed"`; it is then skipped together with it.',
  },
  input_required_missing: {
    title: 'A required input is missing',
    why: 'The definition requires this input. CXone would refuse the call.',
    whatToDo: 'Fill it in.',
  },
  input_unknown: {
    title: 'An input that the definition does not know',
    why: 'The input schema of the definition has no such field. It would be ignored or refused.',
    whatToDo: 'Correct its name, or remove it.',
  },
  definition_unknown: {
    title: 'The connection does not offer this definition',
    why: 'The list of definitions was read, and this id is not in it. Ids differ from tenant to tenant.',
    whatToDo: 'Choose the definition anew, map the id to the one of this tenant, or choose the connection that has it.',
  },
  retry_unsafe: {
    title: 'A retry that may do a thing twice',
    why: 'The action writes, and is tried again after failures that leave it open whether the call took effect. After `rate_limited` it certainly did not; after a timeout nobody knows.',
    whatToDo:
      'Take the kinds out of `retry.on`, or set `effect` to `idempotent` or `read` if doing it twice does no harm. Where the definition says so itself, the fix sets it.',
  },
  edge_redundant: {
    title: 'An edge that other edges imply',
    why: 'The action waits for that other one anyway, through actions between them, is skipped whenever that one fails or is skipped, and reads none of its fields.',
    whatToDo:
      'Take the fix: remove the edge. Actions that wait for nothing start in the order in which the document mentions them; where the edge is the first mention of such an action, another one may start first without it, so `validate --fix` leaves that edge to you.',
  },
  edge_order_only: {
    title: 'An edge that only orders',
    why: 'The action waits for another one and reads nothing of it. That is right when the order matters, or when the one may not run without the other.',
    whatToDo: 'Nothing, if that is meant. Otherwise remove the edge: the two then run side by side.',
  },
  dependency_duplicate: {
    title: 'A dependency named twice',
    why: 'The imported document listed the same id more than once in one `depends_on`.',
    whatToDo: 'Nothing: it is kept once.',
  },
  mapping_key_kept: {
    title: 'A key of a mapping that is kept without effect',
    why: 'An imported mapping holds a key that the chain format does not know. It stays under a name that begins with `x-`, and no run reads it.',
    whatToDo: 'If it was a misspelled key, rename it as the message advises. Otherwise nothing.',
  },
  parallel_possible: {
    title: 'Actions could run side by side',
    why: 'A mapping runs one action at a time, as the script that it was written for does. Some of its actions do not wait for one another.',
    whatToDo: 'Take the fix to run up to 5 at once, or leave it.',
  },
  secret_literal: {
    title: 'A credential in the document',
    why: 'A text has the form of a known credential: a private key, a JSON Web Token, a key or token of AWS, Azure, Google, GitHub, GitLab, Slack, Stripe, SendGrid, Twilio, npm, OpenAI, Anthropic, Salesforce or CXone, a signing secret, a `Basic` or `Bearer` value, or a URL with a password in it. A chain is exported, shared and logged, and a credential in it is given away. The message never repeats it.',
    whatToDo:
      'Take it out, and revoke it if the document has left this machine. Credentials belong to the connection, or to a secret that `secret_ref` names. If it is none, the fix says so: “Not a secret”. On the command line that is `--allow-literal` with the path.',
  },
  secret_suspected: {
    title: 'Perhaps a credential',
    why: 'A text of 8 or more characters stands under a key such as `password`, `client_secret`, `api_key`, `token` or `authorization`, or behind such a name in a query; or it is long and random. No known credential has just this form. Templates and evident placeholders such as `<your token>` are not meant, nor UUIDs, hashes, dates, sentences and addresses.',
    whatToDo:
      'Take it out if it is one, and let a template read it, or leave it to the connection. Otherwise the fix says so: “Not a secret”. On the command line that is `--allow-literal` with the path.',
  },
  secret_unresolved: {
    title: 'A secret that nobody has',
    why: '`secret_ref` names a secret that neither the environment nor the store holds. The webhook cannot be signed, and the run does not start.',
    whatToDo:
      'Set the variable `CHAINWRIGHT_SECRET_` and the name, such as `CHAINWRIGHT_SECRET_STATUS`, where the server or the command runs; or correct the name.',
  },
  type_mismatch: {
    title: 'A value that does not fit',
    why: 'What is written here is of another type than the definition wants, or breaks one of its limits or lists of allowed values. CXone would refuse the call. Only what stands in the document is checked, not what a template will give.',
    whatToDo: 'Write a value as the message says.',
  },
  definition_unmapped: {
    title: 'An imported definition without an id of the tenant',
    why: 'The action calls a definition that was read from a file, and files have no id. The connection does not say which of its own definitions it is, so a run on it is refused; on the simulator the action runs.',
    whatToDo:
      'Map it in the connection (`--map` on the command line). Where the connection offers exactly one of the same name, the fix calls that one.',
  },
  parity: {
    title: 'A method where a field is meant',
    why: 'Behind a dot, `items`, `keys`, `values`, `get`, `pop`, `update` and a few more are methods of every object, as in Jinja2, whatever fields it has. A method that is not called has no value that could be sent.',
    whatToDo:
      "Take the fix: it writes `a['items']`, which reads the field. If the method is meant, call it: `a.items()`.",
  },
  mapping_lossy: {
    title: 'A mapping says less than the chain',
    why: 'A runner that knows only `definition_id`, `depends_on` and `inputs` would do something else here than this chain does.',
    whatToDo: 'Export the chain document, or accept the loss: the dialog asks, the command takes `--allow-lossy`.',
  },
  timeout_never_reached: {
    title: 'A timeout that is never reached',
    why: '`timeout_sec` allows one call more time than `deadline_sec` allows the whole run, which ends first. A call that hangs then ends the run instead of being tried again.',
    whatToDo: 'Take the fix: it sets the timeout to the deadline. Or raise `deadline_sec`.',
  },
  unused_output: {
    title: 'Read, and never used',
    why: 'The action says that it only reads (`effect: read`), and no template reads its output. Then its call changes nothing that the chain does.',
    whatToDo:
      'Nothing, if its output is what you want to see in the result of the run, as with the last action of a chain that fetches something. Otherwise use its output, or remove the action.',
  },
  schema_unchecked: {
    title: 'A part of a schema that is not checked',
    why: 'The schema of the inputs of the chain, or of a definition, has keywords that values are not checked against: `pattern` and `patternProperties`, because a regular expression of somebody else can take forever, formats such as `uri` and `hostname` for the same reason, references out of the document, and a few rare ones.',
    whatToDo: 'Nothing: the tenant checks them. A value that breaks one of them is found by the call and not before.',
  },
  text_changed_by_jinja: {
    title: 'A text that Jinja2 would change',
    why: 'Jinja2, which renders every text of the inputs in a Python runner, makes CR LF and CR a line feed and leaves out one line end at the end. This text holds no template, so it is sent here as it stands.',
    whatToDo:
      'Nothing, unless the same chain runs there as well and the difference matters. Then write the text without it.',
  },
} as const satisfies Record<ProblemCode, ProblemWords>;
