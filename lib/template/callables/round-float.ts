import { decompose } from '../float-parts';

/**
 * A float rounded to decimal places as Python rounds it: by its exact binary value, ties to the even digit.
 * `toFixed` takes ties upwards (2.5 → 3), and multiplying first would round twice.
 *
 * @param value finite
 * @param places from -308 to 323; negative ones stand before the point
 */
export function roundHalfEven(value: number, places: number): { readonly value: number; readonly digits: bigint } {
  const { mantissa, exponent } = decompose(Math.abs(value));
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent > 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (places > 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  let digits = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && digits % 2n === 1n)) digits += 1n;
  const size = Number(`${digits}e${-places}`);
  return { value: value < 0 || Object.is(value, -0) ? -size : size, digits };
}

/** `'%.2f'`: the size of a finite number with so many places after the point. */
export function printFixed(size: number, places: number): string {
  const digits = roundHalfEven(size, places)
    .digits.toString()
    .padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `'%.2e'`: the size of a finite number with one digit before the point and so many after it. */
export function printScientific(size: number, places: number): string {
  let exponent = size === 0 ? 0 : Number(size.toExponential().split('e')[1]);
  let digits = size === 0 ? '0'.repeat(places + 1) : roundHalfEven(size, places - exponent).digits.toString();
  // The first guess may be one off either way: 9.99 rounds to 10.0, and 1e23 is a little less than its name.
  if (digits.length !== places + 1) {
    exponent += digits.length > places + 1 ? 1 : -1;
    digits = roundHalfEven(size, places - exponent).digits.toString();
  }
  const fraction = places === 0 ? '' : `.${digits.slice(1)}`;
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
