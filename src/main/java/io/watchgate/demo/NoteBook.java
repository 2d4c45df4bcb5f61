package io.watchgate.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The notes, in the order they were first written. Any thread may use it.
final class NoteBook {

  /// Enough to play with; a demo that runs for a week must not fill its memory.
  static final int MAX_NOTES = 1000;

  static final int MAX_CHARACTERS = 10_000;

  private final Map<String, String> notes = new LinkedHashMap<>();
  private int last;

  /// @param id letters, digits and dashes
  record Note(String id, String text) {
    String uri() {
      return "note://" + id;
    }
  }

  NoteBook() {
    add("Watchgate stands between MCP clients and servers, and sees every message.");
    add("The notes server is a child process; it speaks MCP over stdin and stdout.");
  }

  /// Writes a new note under the next free id.
  synchronized Note add(String text) {
    String id = nextId();
    put(id, text);
    return new Note(id, text);
  }

  private String nextId() {
    do {
      last++;
    } while (notes.containsKey("n" + last));
    return "n" + last;
  }

  /// Writes a note, in place of the one with the same id if there is one.
  ///
  /// @return whether there was one
  synchronized boolean put(String id, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new ToolFailure(
          "The note has " + text.length() + " characters; at most " + MAX_CHARACTERS + " fit.");
    }
    if (notes.size() >= MAX_NOTES && !notes.containsKey(id)) {
      throw new ToolFailure(
          "The notebook is full with " + MAX_NOTES + " notes. Delete one with delete_note first.");
    }
    return notes.put(id, text) != null;
  }

  /// Tells whether there was such a note.
  synchronized boolean remove(String id) {
    return notes.remove(id) != null;
  }

  synchronized List<Note> all() {
    return notes.entrySet().stream().map(e -> new Note(e.getKey(), e.getValue())).toList();
  }

  /// The notes that contain the words, in any case of letters.
  List<Note> search(String words) {
    String wanted = words.toLowerCase(Locale.ROOT);
    return all().stream()
        .filter(note -> note.text().toLowerCase(Locale.ROOT).contains(wanted))
        .toList();
  }
}
