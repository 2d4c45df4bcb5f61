package io.watchgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContendersTest {
  @Test
  void everyNameIsOneWordAndNobodyElses() {
    var words = Contenders.ALL.stream().map(Contender::word).toList();
    assertThat(words).doesNotHaveDuplicates().allMatch(word -> word.matches("[a-z0-9-]+"));
    assertThat(Contenders.named(List.of("mcp-proxy-rust"))).hasSize(1);
  }

  @Test
  void everyTemplateIsThereAndHasAPlaceForThePort() throws IOException {
    for (var contender : Contenders.ALL) {
      if (!contender.template().isEmpty() && !contender.command().isEmpty()) {
        var template = Files.readString(Path.of("contenders", contender.template()));
        assertThat(template + contender.command()).as(contender.name()).contains("@PORT@");
      }
    }
  }

  @Test
  void wordsTakeTheirPlaces() {
    assertThat(Program.fill("a: @PORT@ b: @PORT@ @OTHER@", Map.of("PORT", "1")))
        .isEqualTo("a: 1 b: 1 @OTHER@");
  }
}
