/** Templates that we answer otherwise than Jinja2, and why. */
export const DISAGREEMENTS: ReadonlyMap<string, string> = new Map([
  ['{{ fetch_customer.items }}', 'Jinja2 prints the address of the method; we say that the field is meant'],
  ['{{ fetch_customer.keys }}', 'Jinja2 prints the address of the method; we say that the field is meant'],
  ["{{ 'a'|join(d=',', d=';') }}", 'Jinja2 takes the last of two arguments of one name; we refuse them'],
  [
    '{{ true is true }} {{ self is defined }} {{ loop is defined }} {{ caller is defined }} {{ and_ is defined }}',
    'there are no blocks, so there is no `self`',
  ],
]);
