package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// One result that is made smaller, with what is to be said of it.
final class Pruning {
  private final PruneRule rule;
  private final OutputSchemas.Promise promise;
  private final Set<String> cut = new LinkedHashSet<>();
  private final Set<String> whole = new LinkedHashSet<>();

  Pruning(PruneRule rule, OutputSchemas.Promise promise) {
    this.rule = rule;
    this.promise = promise;
  }

  Verdict of(ToolResult result) {
    var chosen = selected(result);
    var pruned = rule.limit().map(limit -> limited(chosen, limit)).orElse(chosen);
    var said = new ArrayList<>(cut);
    said.addAll(whole);
    var note = String.join("; ", said);
    if (cut.isEmpty()) {
      return note.isEmpty() ? Verdict.PASS : new Verdict.Pass(note);
    }
    var blocks = new ArrayList<>(pruned.blocks());
    blocks.add(ToolResult.textBlock("[Watchgate made this result smaller: " + note + "]"));
    return new Verdict.Replace(pruned.withBlocks(blocks).json(), note);
  }

  private ToolResult selected(ToolResult result) {
    return rule.selection().map(selection -> selected(result, selection)).orElse(result);
  }

  private ToolResult selected(ToolResult result, JsonSelection selection) {
    var smaller = result;
    if (result.hasBlocks()) {
      var blocks = result.blocks().stream().map(block -> selected(block, selection)).toList();
      smaller = cut.isEmpty() ? result : result.withBlocks(blocks);
    }
    var part = result.structured().flatMap(selection::in);
    if (part.isEmpty()) {
      return smaller;
    }
    if (!promise.isKeptBy(part.get())) {
      whole.add(
          "structuredContent is whole, since its output schema may need what is not selected");
      return smaller;
    }
    noteSelection();
    return smaller.withStructured(part.get());
  }

  private Json selected(Json block, JsonSelection selection) {
    return ToolResult.text(block)
        .flatMap(Pruning::parsed)
        .flatMap(selection::in)
        .map(part -> {
          noteSelection();
          return ToolResult.withText(block, part.toString());
        })
        .orElse(block);
  }

  private void noteSelection() {
    cut.add("of JSON only " + String.join(", ", rule.paths()) + " is left");
  }

  /// A text that is a JSON object or array.
  private static Optional<Json> parsed(String text) {
    var start = text.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.parse(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }

  private ToolResult limited(ToolResult result, TextLimit limit) {
    var slim = withoutLargeStructure(result, limit);
    if (!slim.hasBlocks()) {
      return slim;
    }
    var blocks = slim.blocks();
    var texts = blocks.stream().map(block -> ToolResult.text(block).orElse("")).toList();
    var left = limit.cut(texts);
    if (left.cut() == 0) {
      return slim;
    }
    cut.add(
        "%d of %d %s of text are cut"
            .formatted(left.cut(), limit.measure(String.join("", texts)), limit.unitName()));
    var kept = new ArrayList<Json>();
    for (int i = 0; i < blocks.size(); i++) {
      var text = left.texts().get(i);
      if (text.equals(texts.get(i))) {
        kept.add(blocks.get(i));
      } else if (!text.isEmpty()) {
        kept.add(ToolResult.withText(blocks.get(i), text));
      }
    }
    return slim.withBlocks(kept);
  }

  /// Structured content cannot be cut in the middle: it goes or stays. Where it goes, its text is
  /// cut instead.
  private ToolResult withoutLargeStructure(ToolResult result, TextLimit limit) {
    long size = result.structured().map(all -> limit.measure(all.toString())).orElse(0L);
    if (size <= limit.most()) {
      return result;
    }
    if (!(promise instanceof OutputSchemas.Promise.Nothing)) {
      whole.add("structuredContent is whole, since the tool may have an output schema");
      return result;
    }
    cut.add("structuredContent of " + size + " " + limit.unitName() + " is cut");
    return result.withBlocks(result.blocks()).withoutStructured();
  }
}
