package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
  @TempDir private Path state = Path.of("");

  private Path directory() {
    return state.resolve("watchgate/audit");
  }

  private Path file() {
    return directory().resolve("signing.key");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void keyIsMadeOnceForItsOwnerAlone() throws IOException {
    var made = SigningKey.in(directory());
    var found = SigningKey.in(directory());

    assertThat(found.verifier().vkey()).isEqualTo(made.verifier().vkey()).startsWith("watchgate+");
    assertThat(permissions(file())).isEqualTo("rw-------");
    assertThat(permissions(directory())).isEqualTo("rwx------");
    assertThat(directory()).isDirectoryNotContaining("glob:**draft");
  }

  @Test
  void twoKeysAreNotTheSame() throws IOException {
    var one = SigningKey.in(state.resolve("one"));
    var other = SigningKey.in(state.resolve("other"));

    assertThat(other.verifier().signed(one.sign("text\n"))).isFalse();
  }

  @Test
  void publicHalfLiesBesideItAndIsPutRight() throws IOException {
    var key = SigningKey.in(directory());
    var published = SigningKey.publicFile(directory());
    assertThat(published).hasContent(key.verifier().vkey());

    Files.writeString(published, "something else");
    var again = SigningKey.in(directory());

    var vkey = VerifierKey.parse(Files.readString(published).strip()).orElseThrow();
    assertThat(vkey.signed(again.sign("text\n"))).isTrue();
  }

  @Test
  void gatewaysThatStartTogetherShareOneKey() throws Exception {
    var keys = new ArrayList<Future<SigningKey>>();
    try (var all = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        keys.add(all.submit(() -> SigningKey.in(directory())));
      }
    }
    var first = keys.getFirst().get().verifier().vkey();
    for (var key : keys) {
      assertThat(key.get().verifier().vkey()).isEqualTo(first);
    }
  }

  @Test
  void aKeyThatOthersCanReadIsNotUsed() throws IOException {
    SigningKey.in(directory());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> SigningKey.in(directory()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void whatIsNoKeyIsNotReplaced() throws IOException {
    SigningKey.in(directory());
    Files.writeString(file(), "PRIVATE+KEY+watchgate+00000000+AAAA");

    assertThatThrownBy(() -> SigningKey.in(directory()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no key")
        .hasMessageContaining("remove it");
  }
}
