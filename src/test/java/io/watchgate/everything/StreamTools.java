package io.watchgate.everything;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Tools that take a moment and say something meanwhile.
final class StreamTools {
  private static final int STEP_MILLIS = 50;

  private StreamTools() {}

  static List<Tool> all() {
    return List.of(
        Tool.of("test_tool_with_logging", "Logs three times", StreamTools::log),
        Tool.of("test_logging_tool", "Logs, if the client wants that", StreamTools::log),
        Tool.of("test_tool_with_progress", "Tells progress three times", StreamTools::advance),
        Tool.of(
            "test_reconnection",
            "Closes its stream, and answers when the client is back",
            StreamTools::reconnect));
  }

  private static ObjectNode log(Call call) throws InterruptedException {
    call.log("info", "Tool execution started");
    Call.pause(STEP_MILLIS);
    call.log("info", "Tool processing data");
    Call.pause(STEP_MILLIS);
    call.log("info", "Tool execution completed");
    return Tree.textResult("Tool with logging executed successfully");
  }

  private static ObjectNode advance(Call call) throws InterruptedException {
    call.progress(0, 100);
    Call.pause(STEP_MILLIS);
    call.progress(50, 100);
    Call.pause(STEP_MILLIS);
    call.progress(100, 100);
    return Tree.textResult(
        call.progressToken().map(token -> token.asString()).orElse("No progress token"));
  }

  private static ObjectNode reconnect(Call call) throws InterruptedException {
    call.reconnect();
    return Tree.textResult("Reconnection test completed successfully");
  }
}
