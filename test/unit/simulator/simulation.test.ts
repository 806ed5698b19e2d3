import { Simulation } from "../../../src/simulator/simulation.js";

const noDelivery = () => Promise.reject(new Error("nothing is delivered here"));

const secretOf = (text = "{}") => (JSON.parse(text) as { signing_secret: string }).signing_secret;

it("lets its caller decide in which order requests act", async () => {
  const simulation = new Simulation({}, noDelivery);
  const { id } = await simulation.createEndpoint();
  const request = {
    method: "POST",
    target: `/v1/webhook-endpoints/${id}/rotate-secret`,
    apiKey: simulation.apiKey,
  };
  const first = simulation.begin(request);
  const second = simulation.begin(request);
  expect(simulation.rotations(id)).toBe(0);
  const later = second.act();
  expect(simulation.currentSecret(id)).toBe(secretOf(later.answer?.text));
  const last = first.act();
  expect(simulation.currentSecret(id)).toBe(secretOf(last.answer?.text));
  expect(simulation.rotations(id)).toBe(2);
});

it("says what reaches the caller, and does nothing else about a lost answer", async () => {
  const simulation = new Simulation({}, noDelivery);
  const { id } = await simulation.createEndpoint();
  simulation.setFault({ kind: "hang", afterActing: true });
  const target = `/v1/webhook-endpoints/${id}/rotate-secret`;
  const exchange = simulation.begin({ method: "POST", target, apiKey: simulation.apiKey });
  expect(exchange.act()).toEqual({ transfer: "hang", answer: null, delayMs: 0 });
  expect(simulation.rotations(id)).toBe(1);
  expect(simulation.requests).toMatchObject([{ acted: true, status: null, fault: "hang" }]);
});
