package io.watchgate.mcp;

import java.util.Set;

/// The method names of the Model Context Protocol that the gateway treats in a way of their own.
public final class Method {
  public static final String INITIALIZE = "initialize";
  public static final String PING = "ping";
  public static final String DISCOVER = "server/discover";
  public static final String TOOLS_LIST = "tools/list";
  public static final String TOOLS_CALL = "tools/call";
  public static final String PROMPTS_LIST = "prompts/list";
  public static final String PROMPTS_GET = "prompts/get";
  public static final String RESOURCES_LIST = "resources/list";
  public static final String TEMPLATES_LIST = "resources/templates/list";
  public static final String RESOURCES_READ = "resources/read";
  public static final String RESOURCES_SUBSCRIBE = "resources/subscribe";
  public static final String RESOURCES_UNSUBSCRIBE = "resources/unsubscribe";
  public static final String COMPLETE = "completion/complete";
  public static final String SET_LEVEL = "logging/setLevel";
  public static final String TASKS_GET = "tasks/get";
  public static final String TASKS_RESULT = "tasks/result";
  public static final String TASKS_LIST = "tasks/list";
  public static final String TASKS_CANCEL = "tasks/cancel";
  public static final String TASKS_UPDATE = "tasks/update";
  public static final String LISTEN = "subscriptions/listen";

  /// What servers ask of clients.
  public static final String ELICIT = "elicitation/create";

  public static final String SAMPLE = "sampling/createMessage";
  public static final String LIST_ROOTS = "roots/list";

  public static final String INITIALIZED = "notifications/initialized";
  public static final String CANCELLED = "notifications/cancelled";
  public static final String PROGRESS = "notifications/progress";
  public static final String LOG = "notifications/message";
  public static final String RESOURCE_UPDATED = "notifications/resources/updated";

  /// How a task is (2025-11-25).
  public static final String TASK_STATUS = "notifications/tasks/status";

  /// How a task is (the extension to 2026-07-28).
  public static final String TASK_CHANGED = "notifications/tasks";

  public static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

  private static final Set<String> REPEATABLE =
      Set.of(
          INITIALIZE,
          PING,
          DISCOVER,
          TOOLS_LIST,
          PROMPTS_LIST,
          PROMPTS_GET,
          RESOURCES_LIST,
          TEMPLATES_LIST,
          RESOURCES_READ,
          RESOURCES_SUBSCRIBE,
          RESOURCES_UNSUBSCRIBE,
          COMPLETE,
          SET_LEVEL,
          TASKS_GET,
          TASKS_RESULT,
          TASKS_LIST,
          LISTEN);

  /// What clients may ask for beyond that.
  private static final Set<String> UNREPEATABLE = Set.of(TOOLS_CALL, TASKS_CANCEL, TASKS_UPDATE);

  private static final Set<String> INTERACTIVE = Set.of(TOOLS_CALL, PROMPTS_GET, RESOURCES_READ);

  private Method() {}

  /// Whether the protocol has the method, in any revision, for clients to call.
  public static boolean isKnown(String method) {
    return REPEATABLE.contains(method) || UNREPEATABLE.contains(method);
  }

  /// Whether a server may need input of the client to answer the method (2026-07-28, multi
  /// round-trip requests).
  public static boolean mayRequireInput(String method) {
    return INTERACTIVE.contains(method);
  }

  /// Whether a server may do twice what the method asks: a tool may not be called twice, and of
  /// what is unknown nobody knows.
  public static boolean isRepeatable(String method) {
    return REPEATABLE.contains(method);
  }
}
