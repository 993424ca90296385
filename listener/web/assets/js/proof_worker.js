// The worker that looks for a proof of work beside the page.
import { solve } from "./proof.js";

self.onmessage = async ({ data }) => self.postMessage(await solve(data));
