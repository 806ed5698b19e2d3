/** An event that PolyAI delivers to webhook endpoints. */
export class WebhookEventType {
  /** An alert rule's condition began to hold. */
  public static readonly ALERTS_TRIGGERED = new WebhookEventType("alerts.triggered");
  /** It holds no longer. */
  public static readonly ALERTS_RESOLVED = new WebhookEventType("alerts.resolved");

  /** One that has no constant here, or a token. */
  public static of(value: string): WebhookEventType {
    return new WebhookEventType(value);
  }

  /** All that this version knows. */
  public static all(): WebhookEventType[] {
    return [WebhookEventType.ALERTS_TRIGGERED, WebhookEventType.ALERTS_RESOLVED];
  }

  /** As the API writes it. */
  public readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}
