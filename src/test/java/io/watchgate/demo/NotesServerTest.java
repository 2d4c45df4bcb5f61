package io.watchgate.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class NotesServerTest {

  @Test
  void notesAreAddedListedFoundAndDeleted() throws Exception {
    try (var client = new StdioClient()) {
      JsonNode added = client.call("add_note", "{\"text\":\"Buy green tea\"}");
      assertThat(added.at("/structuredContent/uri").asString()).isEqualTo("note://n3");
      assertThat(Json.read(added.at("/content/0/text").asString()))
          .isEqualTo(added.path("structuredContent"));

      JsonNode found = client.call("search_notes", "{\"words\":\"GREEN\"}");
      assertThat(found.at("/structuredContent/notes").findValuesAsString("id"))
          .containsExactly("n3");
      client.call("delete_note", "{\"id\":\"n1\"}");
      JsonNode listed = client.call("list_notes", "{}");
      assertThat(listed.at("/structuredContent/notes").findValuesAsString("id"))
          .containsExactly("n2", "n3");
      assertThat(client.notified()).containsOnly("notifications/resources/list_changed").hasSize(2);
    }
  }

  @Test
  void everyNoteIsAResourceThatCanBeWatched() throws Exception {
    try (var client = new StdioClient()) {
      client.call("add_note", "{\"id\":\"plan\",\"text\":\"one\"}");
      assertThat(client.request("resources/list", "{}").findValuesAsString("uri"))
          .containsExactly("note://n1", "note://n2", "note://plan");
      client.request("resources/subscribe", "{\"uri\":\"note://plan\"}");
      client.call("add_note", "{\"id\":\"plan\",\"text\":\"two\"}");
      assertThat(client.notified()).endsWith("notifications/resources/updated");
      assertThat(client.request("resources/read", "{\"uri\":\"note://plan\"}").toString())
          .contains("\"text\":\"two\"");

      client.request("resources/unsubscribe", "{\"uri\":\"note://plan\"}");
      int before = client.notified().size();
      client.call("add_note", "{\"id\":\"plan\",\"text\":\"three\"}");
      assertThat(client.notified()).hasSize(before);
    }
  }

  @Test
  void failedCallsSayWhatWouldWork() throws Exception {
    try (var client = new StdioClient()) {
      JsonNode failed = client.call("delete_note", "{\"id\":\"n9\"}");
      assertThat(failed.path("isError").asBoolean()).isTrue();
      assertThat(failed.at("/content/0/text").asString())
          .isEqualTo("There is no note `n9`. There are: n1, n2. list_notes shows their text.");
      assertThat(client.call("add_note", "{}").toString())
          .contains("The argument `text` must be a text that is not empty.");
      assertThat(client.call("add_note", "{\"text\":\"a\",\"id\":\"a b\"}").toString())
          .contains("1 to 40 letters, digits and dashes");

      client.call("delete_note", "{\"id\":\"n1\"}");
      client.call("delete_note", "{\"id\":\"n2\"}");
      assertThat(client.call("delete_note", "{\"id\":\"n2\"}").toString())
          .contains("The notebook is empty.");
    }
  }

  @Test
  void promptHoldsTheNotesItIsAbout() throws Exception {
    try (var client = new StdioClient()) {
      assertThat(client.request("prompts/list", "{}").findValuesAsString("name"))
          .containsExactly("summarize_notes", "about");
      assertThat(client.request("prompts/get", "{\"name\":\"summarize_notes\"}").toString())
          .contains("Summarize these 2 notes");
      String about = "{\"name\":\"summarize_notes\",\"arguments\":{\"about\":\"child\"}}";
      assertThat(client.request("prompts/get", about).toString())
          .contains("Summarize these 1 notes", "child process")
          .doesNotContain("stands between");
      assertThat(client.request("resources/templates/list", "{}").toString())
          .contains("note://{id}");
    }
  }

  @Test
  void lineThatIsNoMessageIsAnsweredAndTheNextOneServed() throws Exception {
    try (var client = new StdioClient()) {
      client.write("{\"jsonrpc\":");
      assertThat(client.read().at("/error/code").asInt()).isEqualTo(-32700);
      client.write("");
      assertThat(client.request("ping", "{}").path("result").isEmpty()).isTrue();
    }
  }

  @Test
  void requestsReadBeforeTheEndAreAnswered() {
    byte[] ping =
        "{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"method\":\"ping\"}\n"
            .getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream();
    NotesServer.serve(new ByteArrayInputStream(ping), out);
    assertThat(out).hasToString("{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"result\":{}}\n");
  }

  @Test
  void brokenStreamsAreReportedWithTheirCause() throws IOException {
    InputStream nothing = InputStream.nullInputStream();
    nothing.close();
    OutputStream nowhere = OutputStream.nullOutputStream();
    assertThatThrownBy(() -> NotesServer.serve(nothing, nowhere))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("the demo server lost its client's messages");

    nowhere.close();
    var broken = new ByteArrayInputStream(new byte[] {'{', '\n'});
    assertThatThrownBy(() -> NotesServer.serve(broken, nowhere))
        .hasMessage("the demo server's client reads no more");
  }
}
