package io.watchgate.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NoteBookTest {
  private final NoteBook book = new NoteBook();

  @Test
  void numberedNoteNeverTakesTheIdOfAnother() {
    book.put("n3", "taken");
    assertThat(book.add("next").id()).isEqualTo("n4");
  }

  @Test
  void fullNotebookTakesNoNewNoteButChangesOldOnes() {
    while (book.all().size() < NoteBook.MAX_NOTES) {
      book.add("one more");
    }
    assertThatThrownBy(() -> book.add("too many")).hasMessageContaining("full with 1000 notes");
    assertThat(book.put("n1", "changed")).isTrue();
  }

  @Test
  void longNoteIsRefusedWithItsLength() {
    assertThatThrownBy(() -> book.add("x".repeat(10_001)))
        .hasMessage("The note has 10001 characters; at most 10000 fit.");
  }
}
