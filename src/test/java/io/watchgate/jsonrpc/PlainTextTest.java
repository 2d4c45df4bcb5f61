package io.watchgate.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainTextTest {
  private static int byteByByte(byte[] in, int from) {
    int at = from;
    while (at < in.length && in[at] >= ' ' && in[at] != '"' && in[at] != '\\') {
      at++;
    }
    return at;
  }

  @Test
  void everyByteIsToldApartAtEveryPlaceOfAWord() {
    for (int place = 0; place < 20; place++) {
      for (int value = 0; value < 256; value++) {
        var text = new byte[20];
        Arrays.fill(text, (byte) 'x');
        text[place] = (byte) value;
        for (int from = 0; from < text.length; from++) {
          assertThat(PlainText.end(text, from))
              .as("byte %d at %d, from %d", value, place, from)
              .isEqualTo(byteByByte(text, from));
        }
      }
    }
  }

  @Test
  void neighboursDoNotHideEachOther() {
    var random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      var text = new byte[24];
      random.nextBytes(text);
      for (int i = 0; i < text.length; i++) {
        text[i] = random.nextInt(8) == 0 ? text[i] : (byte) " !#[]~".charAt(random.nextInt(6));
      }
      int from = random.nextInt(text.length + 1);
      assertThat(PlainText.end(text, from)).isEqualTo(byteByByte(text, from));
    }
  }
}
