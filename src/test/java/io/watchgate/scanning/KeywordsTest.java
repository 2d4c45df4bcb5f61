package io.watchgate.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeywordsTest {
  @Test
  void findsKeywordsInsideOthersInAnyCase() {
    assertThat(find("uSHErs é HER", "he", "she", "his", "hers", "He"))
        .containsExactlyInAnyOrder("she@1", "he@2", "He@2", "hers@2", "he@9", "He@9");
  }

  @Test
  void keywordsMayBeInAnyAlphabet() {
    assertThat(find("ЗАБУДЬ 忽略", "забудь", "忽")).containsExactly("забудь@0", "忽@7");
  }

  @Test
  void findsWhatASearchForEachFinds() {
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      var words = new String[1 + random.nextInt(12)];
      for (int i = 0; i < words.length; i++) {
        words[i] = drawn(random, 1 + random.nextInt(4));
      }
      var text = drawn(random, 60);
      var expected = new ArrayList<String>();
      for (var word : words) {
        var lower = text.toLowerCase(Locale.ROOT);
        for (int at = 0; (at = lower.indexOf(word.toLowerCase(Locale.ROOT), at)) >= 0; at++) {
          expected.add(word + "@" + at);
        }
      }

      assertThat(find(text, words)).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static String drawn(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          "abABé".charAt(random.nextInt(text.isEmpty() && length < 5 ? 4 : length < 5 ? 4 : 5)));
    }
    return text.toString();
  }

  private static List<String> find(String text, String... words) {
    var keywords = Keywords.of(List.of(words));
    var found = new ArrayList<String>();
    keywords.find(
        text, (keyword, end) -> found.add(words[keyword] + "@" + (end - keywords.length(keyword))));
    return found.stream()
        .sorted(Comparator.comparingInt(at -> Integer.parseInt(at.substring(at.indexOf('@') + 1))))
        .toList();
  }
}
