import type { Filter } from './callable';
import { LIST_FILTERS } from './list-filters';
import { NUMBER_FILTERS } from './number-filters';
import { TEXT_FILTERS } from './text-filters';

/** Every filter there is. Nothing else can be called with `|`. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map([...TEXT_FILTERS, ...LIST_FILTERS, ...NUMBER_FILTERS]);

/** Filters that Jinja2 has and we have not. */
export const UNSUPPORTED_FILTERS: ReadonlySet<string> = new Set(
  'filesizeformat groupby pprint random striptags urlize wordwrap xmlattr'.split(' '),
);
