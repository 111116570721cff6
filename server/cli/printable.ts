/**
 * Text of a document, a tenant or a file name, fit for a terminal: control characters (which could move the cursor or
 * recolour what stands around them) and marks that reverse the direction of writing show as `\u001b`.
 */
export const toPrintable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The same for JSON text, which stays the same JSON: such characters stand in its strings only, line breaks outside. */
export const toPrintableJson = (text: string): string =>
  text.replace(
    /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The same for text of several lines, such as a diagram or the words of a usage error: line breaks stay. */
export const toPrintableLines = (text: string): string => text.split('\n').map(toPrintable).join('\n');
