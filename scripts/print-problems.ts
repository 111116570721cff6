import { PROBLEM_SEVERITY, type ProblemCode, type Severity } from '@/lib/problems/problem';
import { PROBLEM_WORDS } from '@/lib/problems/problem-words';

const MEANINGS: Readonly<Record<Severity, { readonly heading: string; readonly sentence: string }>> = {
  error: {
    heading: 'Errors',
    sentence:
      'An error stops the export, and a run of the action that has it and of all that wait for it. `chainwright validate` ends with 3.',
  },
  warning: {
    heading: 'Warnings',
    sentence: 'A warning stops nothing. `chainwright validate --strict` ends with 3.',
  },
  info: { heading: 'Notes', sentence: 'A note stops nothing, and is no fault.' },
};

/** `docs/problems.md`: every code with its words, errors first, in the order of the table of codes. */
export function printProblemsPage(): string {
  const codes = Object.keys(PROBLEM_SEVERITY) as ProblemCode[];
  const sections = (Object.keys(MEANINGS) as Severity[]).map((severity) => {
    const { heading, sentence } = MEANINGS[severity];
    const entries = codes.filter((code) => PROBLEM_SEVERITY[code] === severity).map(printEntry);
    return `## ${heading}\n\n${sentence}\n\n${entries.join('\n')}`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# Problems

<!-- Printed from lib/problems/problem-words.ts by \`npm run documents\`; changes belong there. -->

What Chainwright finds wrong or doubtful in a chain. The designer shows it on the card, beneath the field and in the
panel Problems; F8 goes to the next one. \`chainwright validate FILE\` prints the same. Each code is stable: scripts may
rely on it.

What needs to be known beside the document is checked where it is known. \`definition_unknown\`, \`input_required_missing\`,
\`input_unknown\`, \`type_mismatch\`, the output fields behind \`reference_field_unknown\` and the part of \`schema_unchecked\` that
speaks of definitions need the definitions of a connection, or a snapshot of them (\`--definitions FILE\`).
\`definition_unmapped\` needs the connection map (\`--map FILE\`), and \`secret_unresolved\` the names of the secrets there are.

Many codes have a fix: one click applies it, one undo takes it back. \`chainwright validate --fix\` applies those that keep
what the chain evidently means: it adds edges that templates imply, removes \`edge_redundant\` and \`dependency_self\`, and
lowers a \`timeout_never_reached\`. The others are for a person to judge.
`;

function printEntry(code: ProblemCode): string {
  const { title, why, whatToDo } = PROBLEM_WORDS[code];
  return `### \`${code}\`\n\n**${title}.** ${why}\n\nWhat to do: ${whatToDo}\n`;
}
