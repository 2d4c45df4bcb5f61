package io.watchgate.everything;

import io.watchgate.everything.Change.ListChanged;
import io.watchgate.everything.Change.ResourceUpdated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All tools, prompts and resources. One tool and one prompt come and go.
final class Catalog {
  private static final Tool COMING_TOOL =
      Tool.of("test_coming_tool", "Comes and goes", call -> Tree.textResult("I am here"));
  private static final Prompt COMING_PROMPT =
      new Prompt("test_coming_prompt", "Comes and goes", List.of(), Prompt.all().getFirst().body());

  private final Changes changes;
  private final Resources resources = new Resources();
  private final List<Tool> tools;
  private final List<Prompt> prompts = Prompt.all();
  private final AtomicInteger toolChanges = new AtomicInteger();
  private final AtomicInteger promptChanges = new AtomicInteger();

  Catalog(Changes changes) {
    this.changes = changes;
    this.tools =
        Stream.of(
                ContentTools.all(),
                StreamTools.all(),
                AskingTools.all(),
                InputTools.all(),
                changers(),
                TaskTools.all())
            .flatMap(List::stream)
            .toList();
  }

  private List<Tool> changers() {
    return List.of(
        Tool.of("test_trigger_tool_change", "Lets a tool come or go", call -> changeTools()),
        Tool.of("test_trigger_prompt_change", "Lets a prompt come or go", call -> changePrompts()),
        Tool.of("touch_watched_resource", "Changes the watched resource", call -> touch()));
  }

  private ObjectNode changeTools() {
    return change(toolChanges, "tools");
  }

  private ObjectNode changePrompts() {
    return change(promptChanges, "prompts");
  }

  private ObjectNode change(AtomicInteger count, String list) {
    boolean isThere = isOdd(count.incrementAndGet());
    changes.tell(new ListChanged(list));
    return Tree.textResult("There is one of the " + list + (isThere ? " more" : " less"));
  }

  private static boolean isOdd(int number) {
    return number % 2 != 0;
  }

  private ObjectNode touch() {
    resources.touch();
    changes.tell(new ResourceUpdated(Resources.WATCHED));
    return Tree.textResult("Touched " + Resources.WATCHED);
  }

  List<Tool> tools() {
    return with(tools, COMING_TOOL, toolChanges);
  }

  private List<Prompt> prompts() {
    return with(prompts, COMING_PROMPT, promptChanges);
  }

  private static <T> List<T> with(List<T> lasting, T coming, AtomicInteger count) {
    var all = new ArrayList<>(lasting);
    if (isOdd(count.get())) {
      all.add(coming);
    }
    return all;
  }

  Optional<Tool> findTool(String name) {
    return tools().stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  Tool tool(JsonNode params) {
    String name = text(params, "name");
    return findTool(name).orElseThrow(() -> Failure.invalidParams("Unknown tool: " + name));
  }

  Prompt prompt(JsonNode params) {
    String name = text(params, "name");
    return prompts().stream()
        .filter(prompt -> prompt.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Failure.invalidParams("Unknown prompt: " + name));
  }

  /// The member of the parameters that must be a text.
  static String text(JsonNode params, String name) {
    JsonNode value = params.path(name);
    if (!value.isString()) {
      throw Failure.invalidParams("Missing or wrong parameter: " + name);
    }
    return value.asString();
  }

  /// What `resources/read` returns, or an error with a code of the revision.
  ObjectNode read(JsonNode params, int unknownCode) {
    String uri = text(params, "uri");
    return resources
        .read(uri)
        .orElseThrow(() ->
            Failure.of(unknownCode, "Resource not found: " + uri, Tree.object().put("uri", uri)));
  }

  ObjectNode promptList(JsonNode params) {
    return page(params, "prompts", prompts().stream().map(Prompt::definition).toList());
  }

  ObjectNode resourceList(JsonNode params) {
    return page(params, "resources", resources.list());
  }

  ObjectNode templateList(JsonNode params) {
    return page(params, "resourceTemplates", resources.templates());
  }

  /// A list that has one page only.
  static ObjectNode page(JsonNode params, String name, List<ObjectNode> entries) {
    if (params.has("cursor")) {
      throw Failure.invalidParams("Invalid cursor: " + params.path("cursor"));
    }
    var result = Tree.object();
    result.putArray(name).addAll(entries);
    return result;
  }

  ObjectNode complete(JsonNode params) {
    JsonNode reference = params.path("ref");
    if (!reference.path("type").isString() || !params.path("argument").path("name").isString()) {
      throw Failure.invalidParams("A completion needs ref and argument");
    }
    var result = Tree.object();
    var completion = result.putObject("completion");
    completion.putArray("values");
    completion.put("total", 0).put("hasMore", false);
    return result;
  }
}
