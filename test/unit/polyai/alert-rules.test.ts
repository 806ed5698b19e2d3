import { closeAll, connect, failureOf, json, RULE_ID, serve } from "./server.js";

afterEach(closeAll);

const WIRE = {
  id: RULE_ID,
  name: "High turn latency (p95)",
  project_id: "proj_abc123",
  metric: "turn_latency_p95",
  operator: ">=",
  threshold_value: 1500,
  window_duration: "5m",
  enabled: true,
  current_state: "ok",
  since: "2026-01-01T00:00:00Z",
  last_evaluated_at: null,
  current_value: 900,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
};

const RULE = {
  id: RULE_ID,
  name: "High turn latency (p95)",
  projectId: "proj_abc123",
  metric: "turn_latency_p95",
  operator: ">=",
  thresholdValue: 1500,
  windowDuration: "5m",
  enabled: true,
  currentState: "ok",
  since: "2026-01-01T00:00:00Z",
  lastEvaluatedAt: null,
  currentValue: 900,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-02T00:00:00Z",
};

it("creates a rule", async () => {
  const api = await serve(json(201, WIRE));
  const rule = await connect(api.url).client.alertRules.create({
    name: "High turn latency (p95)",
    projectId: null,
    metric: "turn_latency_p95",
    operator: ">=",
    thresholdValue: 1500,
    windowDuration: "5m",
  });
  expect(rule).toEqual(RULE);
  expect(api.seen[0]).toMatchObject({ method: "POST", path: "/v1/alert-rules" });
  expect(JSON.parse(api.seen[0]?.body ?? "")).toEqual({
    name: "High turn latency (p95)",
    project_id: null,
    metric: "turn_latency_p95",
    operator: ">=",
    threshold_value: 1500,
    window_duration: "5m",
  });
});

it("gets a rule, with null for what the API leaves out", async () => {
  const { project_id, current_state, since, last_evaluated_at, current_value, ...required } = WIRE;
  const api = await serve(json(200, required));
  await expect(connect(api.url).client.alertRules.get(RULE_ID)).resolves.toEqual({
    ...RULE,
    projectId: null,
    currentState: null,
    since: null,
    lastEvaluatedAt: null,
    currentValue: null,
  });
  expect(api.seen[0]?.path).toBe(`/v1/alert-rules/${RULE_ID}`);
});

it("lists rules by all four filters", async () => {
  const api = await serve(json(200, { data: [WIRE] }));
  await expect(
    connect(api.url).client.alertRules.list({
      enabled: true,
      metric: "api_errors",
      projectId: "a b&c",
      state: "no_data",
    }),
  ).resolves.toEqual([RULE]);
  expect(api.seen[0]?.path).toBe(
    "/v1/alert-rules?enabled=true&metric=api_errors&project_id=a+b%26c&state=no_data",
  );
});

it("updates and deletes a rule", async () => {
  const api = await serve((response, index, seen) =>
    seen.method === "DELETE"
      ? response.writeHead(204).end()
      : json(200, WIRE)(response, index, seen),
  );
  const { client } = connect(api.url);
  await client.alertRules.update(RULE_ID, { thresholdValue: 2000, enabled: false });
  await client.alertRules.delete(RULE_ID);
  expect(api.seen.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
    {
      method: "PATCH",
      path: `/v1/alert-rules/${RULE_ID}`,
      body: '{"threshold_value":2000,"enabled":false}',
    },
    { method: "DELETE", path: `/v1/alert-rules/${RULE_ID}`, body: "" },
  ]);
});

it("reads a metric that it does not know yet", async () => {
  const api = await serve(json(200, { ...WIRE, metric: "added_later" }));
  const rule = await connect(api.url).client.alertRules.get(RULE_ID);
  expect(rule.metric).toBe("added_later");
});

it.each([
  ["threshold_value", 1.5, "threshold_value: expected a whole number"],
  ["enabled", "true", "enabled: expected true or false"],
  ["name", undefined, "name: expected a string"],
  ["id", "", "id: expected a string that is not empty"],
])("says which field of an answer is wrong: %s", async (field, value, message) => {
  const api = await serve(json(200, { data: [WIRE, { ...WIRE, [field]: value }] }));
  const error = await failureOf(connect(api.url).client.alertRules.list());
  expect(error.kind).toBe("invalid_response");
  expect(error.message).toContain(`data.1.${message}`);
});

it("lists active alerts", async () => {
  const api = await serve(
    json(200, {
      data: [
        {
          alert_rule_id: RULE_ID,
          name: "n",
          metric: "api_errors",
          operator: ">",
          threshold_value: 1,
          window_duration: "10m",
          since: "2026-01-01T00:00:00Z",
          current_value: 3,
        },
      ],
    }),
  );
  const { client } = connect(api.url);
  await expect(client.alerts.list({ projectId: "p", metric: "api_errors" })).resolves.toEqual([
    {
      alertRuleId: RULE_ID,
      name: "n",
      projectId: null,
      metric: "api_errors",
      operator: ">",
      thresholdValue: 1,
      windowDuration: "10m",
      since: "2026-01-01T00:00:00Z",
      lastEvaluatedAt: null,
      currentValue: 3,
    },
  ]);
  expect(api.seen[0]?.path).toBe("/v1/alerts?project_id=p&metric=api_errors");
});
