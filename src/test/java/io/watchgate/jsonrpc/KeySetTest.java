package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetTest {
  private final KeySet keys = new KeySet();

  @ParameterizedTest
  @ValueSource(ints = {1, 11, 12, 13, 24, 25, 31, 32, 33, 1000})
  void findsEveryDuplicateHoweverManyKeysThereAre(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(add("key" + i)).isTrue();
    }
    for (int i = 0; i < count; i++) {
      assertThat(add("key" + i)).isFalse();
    }
    assertThat(add("key" + count)).isTrue();
  }

  @Test
  void forgetsEverythingWhenCleared() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) {
        assertThat(add("key" + i)).isTrue();
      }
      keys.clear();
    }
  }

  @Test
  void comparesOnlyTheGivenPart() {
    assertThat(keys.add(utf8("xab"), 1, 3)).isTrue();
    assertThat(keys.add(utf8("abx"), 0, 2)).isFalse();
    assertThat(keys.add(utf8("ab"), 0, 1)).isTrue();
    assertThat(keys.add(utf8("ab"), 2, 2)).isTrue();
    assertThat(keys.add(utf8(""), 0, 0)).isFalse();
  }

  private boolean add(String key) {
    var bytes = utf8(key);
    return keys.add(bytes, 0, bytes.length);
  }
}
