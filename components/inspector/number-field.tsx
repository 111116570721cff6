import { Field } from '@/components/ui/field';
import { isNumeralText, Numeral } from '@/lib/json/value';
import { DraftInput } from './draft-input';

/** A number with its spelling, taken over when it is in its limits; until then the field says what is wrong. */
export function NumberField({
  label,
  value,
  placeholder,
  limits,
  onChange,
}: {
  readonly label: string;
  readonly value: Numeral | undefined;
  readonly placeholder: string;
  readonly limits: { readonly min: number; readonly max: number; readonly isInteger?: boolean };
  readonly onChange: (value: Numeral | undefined) => void;
}) {
  const check = (text: string): string | null => {
    const number = Number(text);
    if (text === '') return null;
    const fits =
      isNumeralText(text) &&
      number >= limits.min &&
      number <= limits.max &&
      (!limits.isInteger || Number.isInteger(number));
    return fits ? null : `A ${limits.isInteger ? 'whole ' : ''}number from ${limits.min} to ${limits.max}.`;
  };
  return (
    <Field label={label}>
      {(ids) => (
        <DraftInput
          {...ids}
          inputMode="decimal"
          value={value?.text ?? ''}
          placeholder={placeholder}
          check={check}
          onCommit={(text) => onChange(text === '' ? undefined : new Numeral(text))}
        />
      )}
    </Field>
  );
}
