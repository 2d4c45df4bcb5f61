package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final String TEXT =
      """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
      """;

  @Test
  void textIsThatOfTransparencyLogs() {
    var checkpoint = Checkpoint.parse(TEXT).orElseThrow();

    assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
    assertThat(checkpoint.size()).isEqualTo(20852163);
    assertThat(checkpoint.root()).startsWith("CsUYapGGPo4");
    assertThat(checkpoint.text()).isEqualTo(TEXT);
  }

  @Test
  void linesBelowAreOthers() {
    assertThat(Checkpoint.parse(TEXT + "more\n").orElseThrow().text()).isEqualTo(TEXT);
  }

  @Test
  void whatIsNoCheckpointIsNotRead() {
    for (var text :
        List.of(
            "",
            TEXT.strip(),
            "\n" + TEXT,
            TEXT.replace("2085", "02085"),
            TEXT.replace("2085", "-2085"),
            TEXT.replace("2085", "+2085"),
            TEXT.replace("2I=", "2J="),
            TEXT.replace("CsUY", ""))) {
      assertThat(Checkpoint.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void saysHowManyLinesALogHasAndWhatStandsForThem() {
    var tree = new MerkleTree();
    tree.append(new byte[Sha256.LENGTH]);
    var checkpoint = Checkpoint.of("log", tree);

    assertThat(checkpoint.size()).isEqualTo(1);
    assertThat(Checkpoint.parse(checkpoint.text())).hasValue(checkpoint);
    tree.append(new byte[Sha256.LENGTH]);
    assertThat(Checkpoint.of("log", tree)).isNotEqualTo(checkpoint);
  }
}
