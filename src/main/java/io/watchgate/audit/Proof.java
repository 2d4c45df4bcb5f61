package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Shows that a line is in a log, to somebody who has neither the log nor any other line of it, and
/// trusts the key only: the line, a signed checkpoint, and the hashes that lead from one to the
/// other.
///
/// @param line as it stands in the log, without its end
/// @param checkpoint a signed note
/// @param path hashes in Base64, from the bottom up
public record Proof(String line, String checkpoint, List<String> path) {
  /// A line, and what it takes besides.
  private static final Limits LIMITS =
      new Limits(2 * Lines.MAX_BYTES, Limits.MAX_DEPTH, Limits.DEFAULT.maxTokens());

  /// Reads a proof, empty when it is none.
  public static Optional<Proof> parse(byte[] json) {
    try {
      var proof = Json.parse(json, LIMITS);
      var path = new ArrayList<String>();
      for (var hash : proof.member("path").map(Json::elements).orElse(List.of())) {
        path.add(hash.isString() ? hash.text() : "");
      }
      return proof
          .textMember("line")
          .flatMap(line -> proof.textMember("checkpoint").map(note -> new Proof(line, note, path)));
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }

  public Json json() {
    return Json.object(
        "line",
        line,
        "checkpoint",
        checkpoint,
        "path",
        Json.array(path.stream().map(Json::string).toList()));
  }

  /// What a good proof shows.
  ///
  /// @param origin of which log
  /// @param seq number of the line
  /// @param size lines that the checkpoint covers
  public record Shown(String origin, long seq, long size) {}

  /// What it shows, empty when it shows nothing.
  public Optional<Shown> verify(Trust trust) {
    var bytes = line.getBytes(StandardCharsets.UTF_8);
    long seq = new Line(bytes, 0, bytes.length, true).seq();
    var hashes = path.stream().flatMap(hash -> SignedNote.base64(hash).stream()).toList();
    return SignedNote.parse(checkpoint)
        .filter(trust::isSigned)
        .flatMap(note -> Checkpoint.parse(note.text()))
        .filter(_ -> seq > 0 && hashes.size() == path.size())
        .filter(signed ->
            InclusionPath.root(seq - 1, signed.size(), new Sha256().of(bytes), hashes)
                .filter(root -> Base64.getEncoder().encodeToString(root).equals(signed.root()))
                .isPresent())
        .map(signed -> new Shown(signed.origin(), seq, signed.size()));
  }
}
