import { z } from 'zod';

/** A problem document (RFC 9457). `code` is stable and told apart by programs; the rest is for people. */
export const HTTP_PROBLEM = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  /** Places in the request or document that are at fault. */
  problems: z
    .array(
      z.object({
        code: z.string(),
        severity: z.enum(['error', 'warning', 'info']),
        message: z.string(),
        path: z.string(),
      }),
    )
    .optional(),
});

export type HttpProblem = z.infer<typeof HTTP_PROBLEM>;
