import { LanguageSupport, StreamLanguage } from '@codemirror/language';

const plainText = StreamLanguage.define<null>({
  name: 'plain-text',
  token: (stream) => {
    stream.skipToEnd();
    return null;
  },
});

/**
 * Stands in for `@codemirror/lang-html`, which `@codemirror/lang-jinja` asks for what surrounds a template. Our fields hold
 * plain text there, and the real one would bring the parsers of HTML, CSS and JavaScript with it (60 KB).
 */
export const html = (): LanguageSupport => new LanguageSupport(plainText);
