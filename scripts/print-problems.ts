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

\`input_required_missing\`, \`input_unknown\`, \`definition_unknown\` and the output fields behind \`reference_field_unknown\`
need the definitions of a connection. The command line does not ask a connection, so it does not report them.
`;

function printEntry(code: ProblemCode): string {
  const { title, why, whatToDo } = PROBLEM_WORDS[code];
  return `### \`${code}\`\n\n**${title}.** ${why}\n\nWhat to do: ${whatToDo}\n`;
}
