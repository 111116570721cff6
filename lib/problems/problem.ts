import type { ActionId } from '@/lib/chain/ids';
import type { Edit } from '@/lib/edit/edit';

export type Severity = 'error' | 'warning' | 'info';

/** Place inside one template; lines and columns count from 1, `length` in UTF-16 units. */
export interface TemplateRange {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Something wrong or doubtful in a chain. Codes are stable. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  /** JSON pointer into the document. */
  readonly path: string;
  readonly action?: ActionId;
  readonly range?: TemplateRange;
  /** Other actions that the problem speaks of, such as a cycle in walking order. */
  readonly related?: readonly ActionId[];
  readonly fix?: ProblemFix;
}

/** One click applies it, one undo takes it back. */
export interface ProblemFix {
  readonly label: string;
  readonly edit: Edit;
  /**
   * The chain keeps the meaning that it evidently has, so `validate --fix` may apply it unasked. False where a person has
   * to judge: a likely spelling, a cut, a literal that is no secret.
   */
  readonly isSafe: boolean;
}

/** The closed table of codes; severity stands here alone. */
export const PROBLEM_SEVERITY = {
  json_syntax: 'error',
  schema: 'error',
  duplicate_key: 'error',
  action_id: 'error',
  dependency_missing: 'error',
  dependency_self: 'error',
  cycle: 'error',
  template_syntax: 'error',
  template_unsupported: 'error',
  reference_unknown: 'error',
  reference_not_upstream: 'error',
  when_not_expression: 'error',
  policy_conflict: 'error',
  secret_literal: 'error',
  limit: 'error',
  action_id_unnameable: 'warning',
  reference_field_unknown: 'warning',
  possibly_undefined: 'warning',
  input_required_missing: 'warning',
  input_unknown: 'warning',
  type_mismatch: 'warning',
  definition_unknown: 'warning',
  definition_unmapped: 'warning',
  retry_unsafe: 'warning',
  secret_suspected: 'warning',
  secret_unresolved: 'warning',
  edge_redundant: 'warning',
  parity: 'warning',
  mapping_lossy: 'warning',
  timeout_never_reached: 'warning',
  edge_order_only: 'info',
  dependency_duplicate: 'info',
  mapping_key_kept: 'info',
  parallel_possible: 'info',
  unused_output: 'info',
  schema_unchecked: 'info',
  text_changed_by_jinja: 'info',
} as const satisfies Record<string, Severity>;

export type ProblemCode = keyof typeof PROBLEM_SEVERITY;
