// Proof of work: find the number that makes the SHA-256 of "challenge.number" begin with as many zero bits as are asked.
const FIRST = [];
const ROUND = [];
for (let candidate = 2; ROUND.length < 64; candidate += 1) {
  if ([...Array(candidate).keys()].slice(2).some((part) => candidate % part === 0)) continue;
  if (FIRST.length < 8) FIRST.push(Math.floor((Math.sqrt(candidate) % 1) * 4294967296) | 0);
  ROUND.push(Math.floor((Math.cbrt(candidate) % 1) * 4294967296) | 0);
}
const WORDS = new Int32Array(64);

/** One block of 64 bytes into the state; SHA-256 as in FIPS 180-4. */
function mix(state, bytes, offset) {
  for (let at = 0; at < 16; at += 1) {
    const from = offset + at * 4;
    WORDS[at] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
  }
  for (let at = 16; at < 64; at += 1) {
    const x = WORDS[at - 15];
    const y = WORDS[at - 2];
    const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    WORDS[at] = (WORDS[at - 16] + small + WORDS[at - 7] + large) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const large = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + large + ((e & f) ^ (~e & g)) + ROUND[at] + WORDS[at]) | 0;
    const small = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (small + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  return state.map((word, at) => (word + added[at]) | 0);
}

/** The digest of an ASCII text as eight words; `begun` is what its first whole blocks gave. */
function digest(text, begun = { state: FIRST, length: 0 }) {
  const rest = text.slice(begun.length);
  const bytes = new Uint8Array(Math.ceil((rest.length + 9) / 64) * 64);
  for (let at = 0; at < rest.length; at += 1) bytes[at] = rest.charCodeAt(at);
  bytes[rest.length] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, text.length * 8);
  let { state } = begun;
  for (let offset = 0; offset < bytes.length; offset += 64) state = mix(state, bytes, offset);
  return state;
}

function begin(text) {
  const length = text.length - (text.length % 64);
  const bytes = Uint8Array.from(text.slice(0, length), (letter) => letter.charCodeAt(0));
  let state = FIRST;
  for (let offset = 0; offset < length; offset += 64) state = mix(state, bytes, offset);
  return { state, length };
}

export function zeros(text, begun) {
  let count = 0;
  for (const word of digest(text, begun)) {
    count += Math.clz32(word);
    if (word !== 0) break;
  }
  return count;
}

/** The proof for a challenge; breathes every few thousand tries, so that a page stays awake. */
export async function solve(challenge) {
  const bits = Number(challenge.split(".")[2]);
  const begun = begin(`${challenge}.`);
  for (let number = 0; ; number += 1) {
    const proof = `${challenge}.${number}`;
    if (zeros(proof, begun) >= bits) return proof;
    if (number % 4000 === 3999) await new Promise((resolve) => { setTimeout(resolve, 0); });
  }
}

/** Whether a proof still stands for a minute, by this phone's clock. */
export function lasts(proof) {
  return Boolean(proof) && Number(proof.split(".")[3]) > Date.now() / 1000 + 60;
}

async function ask() {
  const answer = await fetch("/gui-phan-anh/thach-do", { credentials: "same-origin", cache: "no-store" });
  return answer.ok ? answer.text() : "";
}

/** A fresh proof, worked out by a worker where the address of one is given and workers run, else here; "" where none is asked. */
export async function prove(workerUrl) {
  const challenge = await ask();
  if (!challenge) return "";
  if (!workerUrl || typeof Worker === "undefined") return solve(challenge);
  return new Promise((resolve) => {
    let worker;
    const alone = () => { worker?.terminate(); resolve(solve(challenge)); };
    try {
      worker = new Worker(workerUrl);
      worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
      worker.onerror = alone;
      worker.postMessage(challenge);
    } catch {
      alone();
    }
  });
}
