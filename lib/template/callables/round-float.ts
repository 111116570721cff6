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

/** A finite float as mantissa × 2^exponent, exactly. */
function decompose(size: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** `'%.2f'`: the size of a finite number with so many places after the point. */
export function printFixed(size: number, places: number): string {
  const digits = roundHalfEven(size, places)
    .digits.toString()
    .padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
