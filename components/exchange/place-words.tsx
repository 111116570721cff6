import { Fragment } from 'react';

/** A JSON pointer that may break behind its slashes; a key is cut only where it is longer than the line. */
export function Place({ path, className = '' }: { readonly path: string; readonly className?: string }) {
  const segments = printable(path).split('/');
  return (
    <code className={`[overflow-wrap:anywhere] ${className}`}>
      {segments.map((segment, index) => (
        <Fragment key={index}>
          {index > 0 && (
            <>
              /<wbr />
            </>
          )}
          {segment}
        </Fragment>
      ))}
    </code>
  );
}

/** With control characters, and those that turn the direction of writing, as `\u0007`. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`);
