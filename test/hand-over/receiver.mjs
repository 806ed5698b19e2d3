/** The receiver; SOURCE in its environment says how it gets its secrets. */
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Decrypter, armor } from "age-encryption";
import { createWebhookReceiver } from "terraform-provider-polyai/webhooks";

const { env } = process;

/** A mounted file, or a secret store's answer. */
function file() {
  const { POLYAI_SECRET, POLYAI_PREVIOUS_SECRET } = JSON.parse(readFileSync(env.FILE, "utf8"));
  return [POLYAI_SECRET, POLYAI_PREVIOUS_SECRET];
}

/** Gives the same for 30 seconds, as a secret store's client does. */
function cached(read) {
  let [value, until] = [undefined, 0];
  return () => {
    if (Date.now() >= until) [value, until] = [read(), Date.now() + 30_000];
    return value;
  };
}

const sources = {
  environment: () => [env.POLYAI_SECRET, env.POLYAI_PREVIOUS_SECRET],
  mounted: file,
  cached: cached(file),
  ciphertext() {
    const decrypter = new Decrypter();
    decrypter.addIdentity(env.AGE_IDENTITY);
    return decrypter.decrypt(armor.decode(readFileSync(env.FILE, "utf8")), "text");
  },
  file,
};

// The events that it took, one a line: what a database is to a receiver of your own.
const taken = new Set(readFileSync(env.TAKEN, "utf8").split("\n"));

const receiver = createWebhookReceiver({
  secrets: sources[env.SOURCE],
  isHandled: (eventId) => taken.has(eventId),
  onEvent({ data }, { eventId }) {
    appendFileSync(env.TAKEN, `${eventId}\n`);
    taken.add(eventId);
    // The bench names the process that is to end before its answer.
    if (data.end === process.pid) process.kill(process.pid, "SIGKILL");
  },
});

const server = createServer((request, response) => {
  const writeHead = response.writeHead.bind(response);
  // REFUSAL is the answer of a receiver that refuses for good.
  if (env.REFUSAL)
    response.writeHead = (status) => writeHead(status === 503 ? env.REFUSAL : status);
  receiver.node(request, response);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// It ends with the bench.
process.stdin.resume().once("end", () => process.exit());
