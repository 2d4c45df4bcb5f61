package io.watchgate.demo;

import io.watchgate.demo.NoteBook.Note;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server that keeps notes in memory and speaks over stdin and stdout. Every note is a
/// resource too, `note://n1`, that a client can subscribe to.
public final class NotesServer {
  private static final ObjectNode NOTE =
      Json.literal(
          """
          {"type": "object",
           "properties": {"id": {"type": "string"}, "uri": {"type": "string"},
                          "text": {"type": "string"}},
           "required": ["id", "uri", "text"]}\
          """);

  private static final ObjectNode NOTES =
      Json.literal(
          """
          {"type": "object",
           "properties": {"notes": {"type": "array", "items": {"type": "object"}}},
           "required": ["notes"]}\
          """);

  private final NoteBook book = new NoteBook();

  private NotesServer() {}

  /// Serves one client with a notebook of its own until the input ends.
  ///
  /// @param in newline-delimited messages, UTF-8; read by this thread
  /// @param out the same; requests are served and answered on virtual threads
  /// @throws java.io.UncheckedIOException when a stream breaks
  public static void serve(InputStream in, OutputStream out) {
    new StdioTransport(new NotesServer().declared(), out).serve(in);
  }

  private DemoServer declared() {
    return new DemoServer(
        "notes",
        "Keeps short notes. Search before you add one that may be there already.",
        List.of(addNote(), listNotes(), searchNotes(), deleteNote()),
        new Resources(this::resources, List.of(template()), true),
        List.of(
            new Prompt(
                "summarize_notes", "Asks for a summary of the notes", "about", this::summarize)));
  }

  private List<Resource> resources() {
    return book.all().stream().map(NotesServer::resource).toList();
  }

  private static Resource resource(Note note) {
    return new Resource(note.uri(), note.id(), "text/plain", note.text());
  }

  private static ObjectNode template() {
    ObjectNode template = Json.object().put("uriTemplate", "note://{id}");
    return template.put("name", "A note by its id").put("mimeType", "text/plain");
  }

  private Tool addNote() {
    ObjectNode input =
        Json.literal(
            """
            {"type": "object",
             "properties": {
               "text": {"type": "string", "maxLength": 10000},
               "id": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$",
                      "description": "replaces the note with this id"}},
             "required": ["text"]}\
            """);
    return new Tool("add_note", "Writes a note", input, NOTE, this::add);
  }

  private ObjectNode add(ToolCall call) {
    String text = call.text("text");
    String id = call.text("id", "");
    if (id.isEmpty()) {
      Note note = book.add(text);
      call.session().resourceListChanged();
      return json(note);
    }
    if (!id.matches("[A-Za-z0-9-]{1,40}")) {
      throw new ToolFailure("The id `" + id + "` must be 1 to 40 letters, digits and dashes.");
    }
    var note = new Note(id, text);
    if (book.put(id, text)) {
      call.session().resourceChanged(note.uri());
    } else {
      call.session().resourceListChanged();
    }
    return json(note);
  }

  private Tool listNotes() {
    ObjectNode input = Json.literal("{\"type\": \"object\", \"properties\": {}}");
    return new Tool("list_notes", "Lists all notes", input, NOTES, call -> json(book.all()));
  }

  private Tool searchNotes() {
    ObjectNode input =
        Json.literal(
            """
            {"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]}
            """);
    Tool.Body body = call -> json(book.search(call.text("words")));
    return new Tool("search_notes", "Finds notes that contain the words", input, NOTES, body);
  }

  private Tool deleteNote() {
    ObjectNode input =
        Json.literal(
            """
            {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
            """);
    ObjectNode output =
        Json.literal(
            """
            {"type": "object", "properties": {"deleted": {"type": "string"}},
             "required": ["deleted"]}\
            """);
    return new Tool("delete_note", "Deletes a note", input, output, this::delete);
  }

  private ObjectNode delete(ToolCall call) {
    String id = call.text("id");
    if (!book.remove(id)) {
      throw new ToolFailure(
          "There is no note `" + id + "`. " + known() + " list_notes shows their text.");
    }
    call.session().resourceListChanged();
    return Json.object().put("deleted", id);
  }

  private String known() {
    String ids = book.all().stream().limit(20).map(Note::id).collect(Collectors.joining(", "));
    return ids.isEmpty() ? "The notebook is empty." : "There are: " + ids + ".";
  }

  private String summarize(String about) {
    List<Note> notes = about.isEmpty() ? book.all() : book.search(about);
    String texts = notes.stream().map(Note::text).collect(Collectors.joining("\n- ", "- ", "\n"));
    return "Summarize these " + notes.size() + " notes in three sentences:\n" + texts;
  }

  private static ObjectNode json(Note note) {
    return Json.object().put("id", note.id()).put("uri", note.uri()).put("text", note.text());
  }

  private static ObjectNode json(List<Note> notes) {
    ObjectNode result = Json.object();
    ArrayNode array = result.putArray("notes");
    notes.forEach(note -> array.add(json(note)));
    return result;
  }
}
