package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The lines of a log in all its files, checked as they are read: numbers without gaps, each with
/// the hash of the line before, each file with the tree before it, nothing behind the last line.
record WrittenLog(List<Json> lines) {

  /// Reads a log that nobody writes to, which has to verify.
  static WrittenLog verified(Path active, Path keys) throws IOException {
    var verdicts = new LogVerifier(Trust.local(keys), List.of(), _ -> {}).verify(active);
    assertThat(verdicts).allMatch(verdict -> verdict.fault().isEmpty());
    return of(active);
  }

  static WrittenLog of(Path active) throws IOException {
    var lines = new ArrayList<Json>();
    var tree = new MerkleTree();
    var prev = "0".repeat(64);
    for (var file : new LogFiles(active).all()) {
      byte[] bytes;
      try (var in = file.open(_ -> {})) {
        bytes = in.readAllBytes();
      }
      boolean isFirst = true;
      for (var line : split(bytes)) {
        var json = parse(line);
        if (lines.isEmpty() && seq(json) > 1) {
          tree = MerkleTree.of(seq(json) - 1, tree(json));
          prev = text(json, "prev");
        }
        assertThat(seq(json)).as("seq of %s", json).isEqualTo(tree.size() + 1);
        assertThat(text(json, "prev")).as("prev of %s", json).isEqualTo(prev);
        if (isFirst && tree.size() > 0) {
          assertThat(text(json, "method")).isEqualTo("audit/rotated");
          assertThat(tree(json)).containsExactlyElementsOf(tree.nodes());
        }
        var hash = new Sha256().of(line);
        prev = HexFormat.of().formatHex(hash);
        tree.append(hash);
        lines.add(json);
        isFirst = false;
      }
    }
    return new WrittenLog(lines);
  }

  private static List<byte[]> split(byte[] bytes) {
    var lines = new ArrayList<byte[]>();
    var line = new ByteArrayOutputStream();
    for (byte each : bytes) {
      if (each == '\n') {
        lines.add(line.toByteArray());
        line.reset();
      } else {
        line.write(each);
      }
    }
    assertThat(line.size()).as("bytes behind the last line").isZero();
    return lines;
  }

  private static Json parse(byte[] line) {
    try {
      return Json.parse(Arrays.copyOf(line, line.length), Limits.DEFAULT);
    } catch (MalformedMessage bad) {
      throw new AssertionError(new String(line, java.nio.charset.StandardCharsets.UTF_8), bad);
    }
  }

  private static List<byte[]> tree(Json line) {
    return line.member("tree").map(Json::elements).orElse(List.of()).stream()
        .map(node -> Base64.getDecoder().decode(node.text()))
        .toList();
  }

  static long seq(Json line) {
    return Long.parseLong(line.member("seq").orElseThrow().toString());
  }

  static String text(Json line, String key) {
    return line.textMember(key).orElse("");
  }

  /// The ids of all requests in their order.
  List<String> ids() {
    return lines.stream().flatMap(line -> line.textMember("request_id").stream()).toList();
  }

  /// The lines of what happened to the log itself, but for those that begin files.
  List<Json> news() {
    return lines.stream()
        .filter(line -> text(line, "method").startsWith("audit/"))
        .filter(line -> !text(line, "method").equals("audit/rotated"))
        .toList();
  }

  /// What happened to the log itself.
  List<String> methods() {
    return lines.stream()
        .map(line -> text(line, "method"))
        .filter(method -> method.startsWith("audit/"))
        .toList();
  }
}
