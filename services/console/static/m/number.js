// An identity number (身份证号, GB 11643) as far as it can be judged without the register.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

const checkCharacter = (first17) => CHECKS[WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(first17[at]), 0) % 11];

/** {birth, sex} of a sound number, or {wrong}: length, check or birth. The old 15 digits are taken as the register takes them. */
export function read(typed, today) {
  let text = typed.replace(/\s/g, "").toUpperCase();
  if (/^\d{15}$/.test(text)) {
    const first17 = `${text.slice(0, 6)}19${text.slice(6)}`;
    text = first17 + checkCharacter(first17);
  }
  if (text.length !== 18) return { wrong: "length" };
  if (!/^\d{17}[\dX]$/.test(text) || checkCharacter(text) !== text[17]) return { wrong: "check" };
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  const real = new Date(`${birth}T00:00:00Z`);
  const there = !Number.isNaN(real.getTime()) && real.toISOString().startsWith(birth);
  if (!there || birth > today || Number(birth.slice(0, 4)) < Number(today.slice(0, 4)) - 120) return { wrong: "birth" };
  return { birth, sex: Number(text[16]) % 2 ? "男" : "女" };
}
