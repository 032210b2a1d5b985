// The mark is a moot: nine people in a ring, the one at the top speaking.
export function people() {
  return Array.from({ length: 9 }, (_, i) => {
    const turn = (i / 9) * 2 * Math.PI;
    const x = (20 + 13.2 * Math.sin(turn)).toFixed(1);
    const y = (20 - 13.2 * Math.cos(turn)).toFixed(1);
    return i === 0
      ? `<circle cx="${x}" cy="${y}" r="4.3" fill="#f0b35a"/>`
      : `<circle cx="${x}" cy="${y}" r="3.9" fill="#fff"/>`;
  }).join("");
}

export const favicon = () =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="7" fill="#12362a"/>${people()}</svg>\n`;
