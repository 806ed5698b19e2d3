/** The receiver of every way; the environment's SOURCE says how it gets its secrets. */
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Decrypter, armor } from "age-encryption";
import { createWebhookReceiver } from "terraform-provider-polyai/webhooks";

const { env } = process;

/** Reads, and gives the same again for 30 seconds, as a secret store's client does. */
function cached(read) {
  let [value, until] = [undefined, 0];
  return () => {
    if (Date.now() >= until) [value, until] = [read(), Date.now() + 30_000];
    return value;
  };
}

/** The files of a Kubernetes Secret, mounted. */
const mounted = () =>
  ["POLYAI_SECRET", "POLYAI_PREVIOUS_SECRET"].map((name) =>
    readFileSync(`${env.FOLDER}/${name}`, "utf8"),
  );

const sources = {
  environment: () => [env.POLYAI_SECRET, env.POLYAI_PREVIOUS_SECRET],
  mounted,
  store: cached(() => {
    const { POLYAI_SECRET, POLYAI_PREVIOUS_SECRET } = JSON.parse(readFileSync(env.FILE, "utf8"));
    return [POLYAI_SECRET, POLYAI_PREVIOUS_SECRET];
  }),
  ciphertext: () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(env.AGE_IDENTITY);
    return decrypter.decrypt(armor.decode(readFileSync(env.FILE, "utf8")), "text");
  },
  file: () => readFileSync(env.FILE, "utf8"),
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
    if (data?.end === process.pid) process.kill(process.pid, "SIGKILL");
  },
});

/** Refuses as many receivers do, with the status of REFUSAL. */
async function strict(request, response) {
  const { headers } = request;
  const status = await receiver.receive({ headers, payload: await text(request) });
  response.writeHead(status === 503 ? Number(env.REFUSAL) : status).end();
}

const server = createServer(env.REFUSAL ? strict : receiver.node).listen(0, "127.0.0.1", () => {
  console.log(server.address().port);
});
